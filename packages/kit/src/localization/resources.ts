import { join } from 'node:path'

import { resourceError } from './resource-error.ts'
import { type ResourceTable, languagesIn, readResourceTable } from './resource-table.ts'
import { systemLocale } from './system-locale.ts'

/** Where a resource is: `kind` as in element files, e.g. `string`, or `media`, `profile`. */
export interface ResourcePlace {
  readonly module: string
  readonly kind: string
  readonly name: string
}

/** A `Resource` as `$r` and `$rawfile` make it. */
export interface ResourceReference {
  readonly id: number
  readonly type: number
  readonly params: readonly unknown[]
  readonly bundleName: string
  readonly moduleName: string
}

/** `resourceManager`'s type numbers by kind. */
const typeNumbers: Readonly<Record<string, number>> = {
  color: 10001,
  float: 10002,
  string: 10003,
  plural: 10004,
  boolean: 10005,
  intarray: 10006,
  integer: 10007,
  pattern: 10008,
  strarray: 10009,
  media: 20000,
  rawfile: 30000,
}

/** Ids are `firstId + module * idsPerModule + resource`, in the order of their names. */
const firstId = 0x01000000
const idsPerModule = 0x10000
const unknownId = -1
/** Where the resources of `AppScope` lie; no module can be named so. */
const appFolder = '@app'

/** The resources of a bundle, by module. A module is read when first asked for. */
export class Resources {
  readonly #folder: string
  readonly #bundleName: string
  readonly #moduleNames: () => readonly string[]
  readonly #tables = new Map<string, ResourceTable>()
  #locale: Intl.Locale | undefined

  /**
   * @param folder e.g. `/bundle/resources`
   * @param moduleNames of the bundle, always in the same order
   * @param locale the process's when absent
   */
  constructor(
    folder: string,
    bundleName: string,
    moduleNames: () => readonly string[],
    locale?: Intl.Locale,
  ) {
    this.#folder = folder
    this.#bundleName = bundleName
    this.#moduleNames = moduleNames
    this.#locale = locale
  }

  /** The same resources for another locale. Their ids may be others. */
  withLocale(locale: Intl.Locale): Resources {
    return new Resources(this.#folder, this.#bundleName, this.#moduleNames, locale)
  }

  /** Of the process. The first use of `Intl` takes 20 ms, so it waits until somebody wants to know. */
  get locale(): Intl.Locale {
    return (this.#locale ??= systemLocale())
  }

  /** Where a module's folder of resources is, e.g. `/bundle/resources/entry`. */
  folderOf(module: string): string {
    return join(this.#folder, module)
  }

  table(module: string): ResourceTable {
    const known = this.#tables.get(module)
    if (known !== undefined) return known
    const table = readResourceTable(this.#foldersOf(module), this.locale)
    this.#tables.set(module, table)
    return table
  }

  /** The languages that a module's resources are in besides `base`, e.g. `zh-CN`. */
  languages(module: string): string[] {
    return languagesIn(this.#foldersOf(module))
  }

  /**
   * What `$r` gives for a name.
   *
   * @param own the module that asks
   * @param text `app.string.name`, or `[library].string.name` of another module of the bundle; `sys.…` and what is not there have the id -1
   */
  reference(own: string, text: string, params: readonly unknown[]): ResourceReference {
    const [, module = own, name = ''] = /^(?:app|sys|\[([^\]]+)\])\.(.+)$/.exec(text) ?? []
    const [kind = ''] = name.split('.')
    const index = text.startsWith('sys.') ? -1 : this.#namesOf(module).indexOf(name)
    const id = index === -1 ? unknownId : firstId + this.#moduleNames().indexOf(module) * idsPerModule + index
    return {
      id,
      type: typeNumbers[kind] ?? unknownId,
      params,
      bundleName: this.#bundleName,
      moduleName: module,
    }
  }

  /** What `$rawfile` gives for a path, or for `[library].path` of another module. */
  rawFile(own: string, text: string): ResourceReference {
    const [, module = own, path = text] = /^\[([^\]]+)\]\.(.+)$/.exec(text) ?? []
    const type = typeNumbers['rawfile'] ?? unknownId
    return { id: 0, type, params: [path], bundleName: this.#bundleName, moduleName: module }
  }

  /** @throws BusinessError 9001001 */
  placeOf(id: number): ResourcePlace {
    const module = this.#moduleNames()[Math.floor((id - firstId) / idsPerModule)]
    const full = module === undefined ? undefined : this.table(module).names[(id - firstId) % idsPerModule]
    if (module === undefined || full === undefined)
      throw resourceError(9001001, `no resource has the id ${id}`)
    const dot = full.indexOf('.')
    return { module, kind: full.slice(0, dot), name: full.slice(dot + 1) }
  }

  /** None of a module that the bundle does not have: its name might lead elsewhere. */
  #namesOf(module: string): readonly string[] {
    return this.#moduleNames().includes(module) ? this.table(module).names : []
  }

  #foldersOf(module: string): string[] {
    return [join(this.#folder, appFolder), this.folderOf(module)]
  }
}
