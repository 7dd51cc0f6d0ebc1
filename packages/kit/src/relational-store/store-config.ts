import { dirname, isAbsolute, join } from 'node:path'

import { Context } from '../ability/context.ts'
import {
  booleanParameter,
  integerParameter,
  listParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { rdbError, rdbUnsupported } from './rdb-error.ts'

/** Where a database lies, and how it is opened. */
export interface StoreConfig {
  /** Absolute, or `:memory:`. */
  readonly path: string
  /** Tells the database from others of the process. */
  readonly key: string
  readonly readOnly: boolean
  readonly allowRebuild: boolean
}

/** Bytes that a database's path has at most below the context's folder. */
const maxCustomDir = 128
const maxName = 220

/**
 * Reads `(context, config)`.
 *
 * @throws BusinessError 401; 801 for encryption and other things that are not there; 14801002
 */
export function storeConfig([context, config]: readonly unknown[]): StoreConfig {
  const { databaseDir } = contextParameter(context)
  const given = objectParameter(config, 'config')
  integerParameter(Reflect.get(given, 'securityLevel'), 'config.securityLevel', 1, 4)
  const flag = (name: string): boolean => optionalMember(given, name, 'config', booleanParameter) ?? false
  if (flag('encrypt')) throw rdbUnsupported('config.encrypt', 'nothing here encrypts a database')
  if (flag('vector')) throw rdbUnsupported('config.vector', 'there are no databases of vectors')
  if (flag('enableSemanticIndex'))
    throw rdbUnsupported('config.enableSemanticIndex', 'there is no index by meaning')
  const tokenizer = optionalMember(given, 'tokenizer', 'config', (value, field) =>
    integerParameter(value, field, 0, 2),
  )
  if (tokenizer !== undefined && !isTokenizerSupported(tokenizer))
    throw rdbUnsupported('config.tokenizer', 'only SQLite’s own split texts')
  const plugins = optionalMember(given, 'pluginLibs', 'config', (value, field) =>
    listParameter(value, field, textParameter),
  )
  if (plugins !== undefined && plugins.length > 0)
    throw rdbUnsupported('config.pluginLibs', 'the database loads no libraries')
  const place = placeOf(given, databaseDir)
  if (!(optionalMember(given, 'persist', 'config', booleanParameter) ?? true))
    return { path: ':memory:', key: `:memory:${place.path}`, readOnly: false, allowRebuild: false }
  const readOnly = flag('isReadOnly') || place.isElsewhere
  const key = `${readOnly ? 'r' : 'w'}${place.path}`
  return { path: place.path, key, readOnly, allowRebuild: flag('allowRebuild') }
}

/** Reads `(context, name or config)` of `deleteRdbStore`. @returns the path. @throws BusinessError 401, 14801002 */
export function deletedPath([context, nameOrConfig]: readonly unknown[]): string {
  const { databaseDir } = contextParameter(context)
  const config =
    typeof nameOrConfig === 'string' ? { name: nameOrConfig } : objectParameter(nameOrConfig, 'config')
  return placeOf(config, databaseDir).path
}

/** `relationalStore.isTokenizerSupported`: only SQLite's own. */
export function isTokenizerSupported(tokenizer: number): boolean {
  return tokenizer === 0
}

/**
 * The path of another database: a name beside the store's, or an absolute path.
 *
 * @throws BusinessError 401, 14800010
 */
export function pathBeside(path: string, given: unknown, field: string): string {
  const name = textParameter(given, field)
  if (isAbsolute(name)) return name
  return join(dirname(path), fileName(name, field))
}

export function contextParameter(context: unknown): Context {
  if (context instanceof Context) return context
  throw parameterError('context', 'is not a context')
}

function placeOf(config: object, databaseDir: string): { path: string; isElsewhere: boolean } {
  const name = fileName(textParameter(Reflect.get(config, 'name'), 'config.name'), 'config.name')
  const text = (member: string): string | undefined => optionalMember(config, member, 'config', textParameter)
  if ((text('dataGroupId') ?? '') !== '') throw rdbError(14801002, 'a bundle has no data groups here')
  const customDir = text('customDir') ?? ''
  if (Buffer.byteLength(customDir) > maxCustomDir || customDir.split('/').includes('..'))
    throw parameterError(
      'config.customDir',
      `is no path below the databases of at most ${maxCustomDir} bytes`,
    )
  const root = text('rootDir')
  if (root !== undefined && !isAbsolute(root)) throw rdbError(14800010, `${root} is not absolute`)
  return { path: join(root ?? join(databaseDir, 'rdb'), customDir, name), isElsewhere: root !== undefined }
}

function fileName(name: string, field: string): string {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || Buffer.byteLength(name) > maxName)
    throw parameterError(field, `is not a file name of 1 to ${maxName} bytes`)
  return name
}
