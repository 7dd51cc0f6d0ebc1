import { basename, join, normalize } from 'node:path'

import {
  booleanParameter,
  integerParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { requestError } from './request-error.ts'

/** `request.DownloadConfig`, checked. */
export interface DownloadConfig {
  readonly url: string
  readonly header: Readonly<Record<string, unknown>>
  /** Absolute. */
  readonly path: string
  readonly title: string
  readonly description: string
}

/**
 * @param context whose `cacheDir` files go to that nobody says a whole path of
 * @throws BusinessError 401
 */
export function readDownloadConfig(context: unknown, value: unknown): DownloadConfig {
  const cacheDir: unknown = Reflect.get(objectParameter(context, 'context'), 'cacheDir')
  if (typeof cacheDir !== 'string') throw parameterError('context', 'is no context of an ability')
  const config = objectParameter(value, 'config')
  const url = textParameter(Reflect.get(config, 'url'), 'config.url')
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw parameterError('config.url', 'is no address of http or https')
  for (const name of ['enableMetered', 'enableRoaming', 'background'])
    optionalMember(config, name, 'config', booleanParameter)
  optionalMember(config, 'networkType', 'config', (member, field) => integerParameter(member, field, 0))
  const header = optionalMember(config, 'header', 'config', objectParameter) ?? {}
  const filePath = optionalMember(config, 'filePath', 'config', textParameter)
  return {
    url,
    header: Object.fromEntries(Object.entries(header)),
    path: pathOf(filePath === undefined || filePath === '' ? nameIn(url) : filePath, cacheDir),
    title: optionalMember(config, 'title', 'config', textParameter) ?? 'download',
    description: optionalMember(config, 'description', 'config', textParameter) ?? '',
  }
}

function nameIn(url: string): string {
  return basename(new URL(url).pathname)
}

/** A whole path, `file://<bundle>/path`, `internal://cache/path`, or a path below the cache. @throws BusinessError 13400002 */
function pathOf(given: string, cacheDir: string): string {
  const named = given.replace(/^file:\/\/[^/]*/, '').replace(/^internal:\/\/cache\//, '')
  const path = normalize(named.startsWith('/') ? named : join(cacheDir, named))
  if (named === '' || path.endsWith('/') || path.includes('\0'))
    throw requestError(13400002, `${JSON.stringify(given)} names no file`)
  if (!named.startsWith('/') && !path.startsWith(`${cacheDir}/`))
    throw requestError(13400002, `${JSON.stringify(given)} leads outside of the cache`)
  return path
}
