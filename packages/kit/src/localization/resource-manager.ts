import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

import { type Forms, bothForms, callForms, noInput } from '../call-forms.ts'
import { numberParameter, objectParameter, optionalMember, parameterError } from '../parameters.ts'
import { provide } from '../provided.ts'
import { localeParameter } from './locale-parameter.ts'
import { RawFiles } from './raw-files.ts'
import type { ResourceTable } from './resource-table.ts'
import {
  type AskedBy,
  colorNumber,
  elementValue,
  formatResource,
  missing,
  nameArgument,
  numberValue,
  pluralText,
  stringArray,
} from './resource-values.ts'
import type { Resources } from './resources.ts'
import { deviceType, direction, screenDensity } from './screen.ts'

/** A resource somebody asked for. */
interface Asked {
  readonly table: ResourceTable
  readonly kind: string | undefined
  readonly name: string
  readonly by: AskedBy
  /** Arguments for place holders, from a `Resource`. */
  readonly params: readonly unknown[]
}

/** Types of media files, for `data:` URLs. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.svg': 'image/svg+xml',
}

/**
 * The resource manager of one module.
 *
 * @param ids whose numbers `$r` gives; those of `given` when absent
 */
export function resourceManager(given: Resources, module: string, ids: Resources = given): object {
  let resources = given
  const raw = new RawFiles(join(resources.folderOf(module), 'rawfile'))
  const byId = (value: unknown): Asked => askedById(resources, ids, value)
  const byName = (value: unknown): Asked => ({
    table: resources.table(module),
    kind: undefined,
    name: nameArgument(value),
    by: 'name',
    params: [],
  })
  /** Makes `get<What>` by id and by name from what the value is made of. */
  const ways = <T>(read: (asked: Asked, args: readonly unknown[]) => T): Record<'id' | 'name', Forms<T>> => {
    const form = (ask: (value: unknown) => Asked): Forms<T> =>
      callForms({
        read: ([value, ...args]) => ({ value, args }),
        now: ({ value, args }) => read(ask(value), args),
      })
    return { id: form(byId), name: form(byName) }
  }

  const text = ways(readText)
  const texts = ways(({ table, name, by }) => stringArray(table, name, by))
  const plural = ways((asked, [count]) => {
    const number = numberParameter(count, 'num')
    const { table, name, by } = ofKind(asked, 'plural')
    return formatResource(pluralText(table, name, number, by, resources.locale), [number], by)
  })
  const argumentPlural = ways((asked, [count, ...args]) => {
    const number = numberParameter(count, 'num')
    const { table, name, by } = ofKind(asked, 'plural')
    return formatResource(pluralText(table, name, number, by, resources.locale), args, by)
  })
  const color = ways((asked) => {
    const { table, name, by } = ofKind(asked, 'color')
    return colorNumber(elementValue(table, 'color', name, by), name, by)
  })
  const number = ways(({ table, name, by }) => numberValue(table, name, ['integer', 'float'], by))
  const boolean = ways((asked) => {
    const { table, name, by } = ofKind(asked, 'boolean')
    return String(elementValue(table, 'boolean', name, by)) === 'true'
  })
  const media = ways((asked) => new Uint8Array(readFileSync(mediaPath(asked))))
  const mediaUrl = ways((asked) => {
    const path = mediaPath(asked)
    const type = mediaTypes[extname(path).toLowerCase()] ?? 'application/octet-stream'
    return `data:${type};base64,${readFileSync(path).toString('base64')}`
  })
  const rawFile = callForms({ read: ([path]) => path, now: (path) => raw.content(path) })
  const rawDescriptor = callForms({ read: ([path]) => path, now: (path) => raw.descriptor(path) })
  const closeRaw = callForms({ read: ([path]) => path, now: (path) => raw.close(path) })

  return provide('ResourceManager', {
    ...bothForms({
      getString: text.id,
      getStringValue: text.id,
      getStringByName: text.name,
      getStringArrayValue: texts.id,
      getStringArrayByName: texts.name,
      getPluralStringValue: plural.id,
      getPluralStringByName: plural.name,
      getIntPluralStringValue: argumentPlural.id,
      getIntPluralStringByName: argumentPlural.name,
      getDoublePluralStringValue: argumentPlural.id,
      getDoublePluralStringByName: argumentPlural.name,
      getColor: color.id,
      getColorByName: color.name,
      getMediaContent: media.id,
      getMediaByName: media.name,
      getMediaContentBase64: mediaUrl.id,
      getMediaBase64ByName: mediaUrl.name,
      getRawFileContent: rawFile,
      getRawFileList: callForms({ read: ([path]) => path, now: (path) => raw.list(path) }),
      getRawFd: rawDescriptor,
      closeRawFd: closeRaw,
      getConfiguration: callForms({ read: noInput, now: () => configuration(resources.locale) }),
      getDeviceCapability: callForms({ read: noInput, now: () => ({ deviceType, screenDensity }) }),
    }),
    getStringArray: texts.id.later,
    getPluralString: plural.id.later,
    getMedia: media.id.later,
    getMediaBase64: mediaUrl.id.later,
    getRawFile: rawFile.later,
    getRawFileDescriptor: rawDescriptor.later,
    closeRawFileDescriptor: closeRaw.later,
    getNumber: number.id.now,
    getNumberByName: number.name.now,
    getBoolean: boolean.id.now,
    getBooleanByName: boolean.name.now,
    /** With the `locale` of another configuration; the rest of it says nothing about resources here. */
    getOverrideResourceManager: (configured?: unknown) =>
      resourceManager(resources.withLocale(localeOf(configured) ?? resources.locale), module, ids),
    getOverrideConfiguration: () => configuration(resources.locale),
    updateOverrideConfiguration: (configured: unknown) => {
      resources = resources.withLocale(localeOf(configured) ?? resources.locale)
    },
    /** Nothing is held that would have to be given back. */
    release: () => undefined,
    isRawDir: (path: unknown) => raw.isFolder(path),
    /** Those of the bundle: there is no system with resources here. */
    getLocales: () => resources.languages(module),
  })
}

/** The locale of a configuration, such as `de_AT`. @throws BusinessError 401 */
function localeOf(value: unknown): Intl.Locale | undefined {
  if (value === undefined) return undefined
  const object = objectParameter(value, 'configuration')
  return optionalMember(object, 'locale', 'configuration', localeParameter)
}

function configuration({ language, script, region }: Intl.Locale): object {
  const locale = [language, script, region].filter((part) => part !== undefined).join('_')
  return { locale, direction, deviceType, screenDensity }
}

/** Reads an id or a `Resource`. @throws BusinessError 401, 9001001 */
function askedById(resources: Resources, ids: Resources, value: unknown): Asked {
  const id: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'id') : value
  const params: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'params') : undefined
  if (typeof id !== 'number') throw parameterError('resId', 'is neither an id nor a Resource')
  const { module, kind, name } = ids.placeOf(id)
  return { table: resources.table(module), kind, name, by: 'id', params: Array.isArray(params) ? params : [] }
}

function readText(asked: Asked, args: readonly unknown[]): string {
  const { table, name, by, params } = ofKind(asked, 'string')
  const text = String(elementValue(table, 'string', name, by))
  return formatResource(text, args.length > 0 ? args : params, by)
}

/** @throws BusinessError 9001002 when the id is one of another kind */
function ofKind(asked: Asked, kind: string): Asked {
  if (asked.kind !== undefined && asked.kind !== kind) throw missing(kind, asked.name, asked.by)
  return asked
}

function mediaPath(asked: Asked): string {
  const { table, name, by } = ofKind(asked, 'media')
  const path = table.file('media', name)
  if (path === undefined) throw missing('media', name, by)
  return path
}
