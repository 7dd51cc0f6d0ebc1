import { readFileSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import { isErrno } from '@vpnext/native'

import { foldersFor, languagesOf } from './resource-qualifiers.ts'

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
 * @param locale chooses among the qualified folders, such as `de_AT` or `zh-light`; `base` is what remains
 */
export function readResourceTable(folders: readonly string[], locale: Intl.Locale): ResourceTable {
  const values = new Map<string, unknown>()
  const files = new Map<string, string>()
  for (const folder of folders) {
    for (const qualifier of foldersFor(namesIn(folder), locale)) {
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

/** @returns the languages that the folders have something for besides `base`, e.g. `zh-Hant-HK`, sorted */
export function languagesIn(folders: readonly string[]): string[] {
  return languagesOf(folders.flatMap(namesIn))
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
