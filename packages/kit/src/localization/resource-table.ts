import { readFileSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import { isErrno } from '@vpnext/native'

/** Resources of a module that have a name and a value, e.g. `string` or `color`, or a file: `media`, `profile`. */
export interface ResourceTable {
  /** @param kind e.g. `string`. @returns undefined when there is none of that name */
  value(kind: string, name: string): unknown
  /** @param kind `media` or `profile`. @returns an absolute path */
  file(kind: string, name: string): string | undefined
  /** Every resource as `kind.name`, sorted. */
  readonly names: readonly string[]
}

/** Folders of files by name. */
const fileKinds = ['media', 'profile'] as const

/**
 * Reads the resources of one module.
 *
 * @param folders resource folders, e.g. `/bundle/resources/@app` and `/bundle/resources/entry`; a later one wins. Missing
 * ones are empty
 * @param locale chooses among the qualified folders, such as `de_AT` or `zh`; `base` is what remains
 */
export function readResourceTable(folders: readonly string[], locale: Intl.Locale): ResourceTable {
  const values = new Map<string, unknown>()
  const files = new Map<string, string>()
  for (const folder of folders) {
    for (const qualifier of qualifiersFor(namesIn(folder), locale)) {
      readElements(join(folder, qualifier, 'element'), values)
      for (const kind of fileKinds) {
        for (const name of namesIn(join(folder, qualifier, kind))) {
          files.set(`${kind}.${parse(name).name}`, join(folder, qualifier, kind, name))
        }
      }
    }
  }
  return {
    value: (kind, name) => values.get(`${kind}.${name}`),
    file: (kind, name) => files.get(`${kind}.${name}`),
    names: [...values.keys(), ...files.keys()].toSorted(),
  }
}

/** Of the folders there are, those that apply, the best one last: `base`, then the language, then with its region. */
function qualifiersFor(names: readonly string[], locale: Intl.Locale): string[] {
  const { language, script, region } = locale
  const wanted = [
    'base',
    language,
    ...(script === undefined ? [] : [`${language}_${script}`]),
    ...(region === undefined ? [] : [`${language}_${region}`]),
    ...(script === undefined || region === undefined ? [] : [`${language}_${script}_${region}`]),
  ]
  return wanted.filter((name) => names.includes(name))
}

/** A folder for a language comes first by it: `zh_Hant_HK`, `en`, `de_AT-phone-dark`; `tv` and `car` are kinds of devices. */
const languageFolder = /^(?!(?:tv|car)(?:-|$))([a-z]{2,3}(?:_[A-Z][a-z]{3})?(?:_[A-Z]{2}|_\d{3})?)(?:-|$)/

/** @returns the languages that resource folders have something for, e.g. `zh-Hant-HK`, sorted */
export function languagesOf(folders: readonly string[]): string[] {
  const found = folders.flatMap(namesIn).map((name) => languageFolder.exec(name)?.[1]?.replaceAll('_', '-'))
  return [...new Set(found.filter((language) => language !== undefined))].toSorted()
}

/** Element files: `{ "string": [{ "name": …, "value": … }], … }`. */
function readElements(folder: string, values: Map<string, unknown>): void {
  for (const name of namesIn(folder)) {
    const document: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    if (typeof document !== 'object' || document === null) continue
    const kinds: [string, unknown][] = Object.entries(document)
    for (const [kind, elements] of kinds) {
      if (!Array.isArray(elements)) continue
      for (const element of elements) {
        if (isElement(element)) values.set(`${kind}.${element.name}`, element.value)
      }
    }
  }
}

function isElement(value: unknown): value is { name: string; value: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'value' in value &&
    'name' in value &&
    typeof value.name === 'string'
  )
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) {
      return []
    }
    throw error
  }
}
