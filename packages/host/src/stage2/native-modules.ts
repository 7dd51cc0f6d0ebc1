import { businessError } from '@vpnext/api'
import type { Kits } from '@vpnext/kit'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

import { BundleLibraries } from './bundle-libraries.ts'

/**
 * The native modules of a bundle: Node-API libraries in its folder `libs`, and scripts that stand in for libraries which do not
 * exist for this machine.
 */
export class NativeModules {
  readonly #folder: string
  readonly #libraries: BundleLibraries
  readonly #loaded = new Map<string, object>()

  /** @param folder of the bundle, without a final slash */
  constructor(folder: string) {
    this.#folder = folder
    this.#libraries = new BundleLibraries(`${folder}/libs`)
  }

  /**
   * What `import … from 'libentry.so'` gives: the exports of a library, of which Node-API makes properties that are not
   * enumerable; of a stand-in, its names and a default export, whichever of them its author wrote.
   *
   * @throws BusinessError 801 when the bundle has neither, and what the loader or the module says
   */
  load(name: string): object {
    const known = this.#loaded.get(name)
    if (known !== undefined) return known
    if (!this.has(name)) {
      throw businessError(801, {
        field: name,
        reason: `the bundle has no native module ${name} for this machine`,
        hint: 'vpnext install says why; vpnext.config.ts can name a stand-in',
      })
    }
    const module = this.#loadStandIn(name) ?? this.#libraries.load(name)
    const exported = isObject(module) ? module : { default: module }
    this.#loaded.set(name, exported)
    return exported
  }

  /** Whether the bundle has a library or a stand-in of that name. */
  has(name: string): boolean {
    if (!name.endsWith('.so') || !isFileName(name)) return false
    return this.#libraries.has(name) || existsSync(this.#standInOf(name))
  }

  #loadStandIn(name: string): object | undefined {
    const path = this.#standInOf(name)
    if (!existsSync(path)) return undefined
    const exported: unknown = createRequire(import.meta.url)(path)
    const names = isObject(exported) ? Object.getOwnPropertyDescriptors(exported) : {}
    const main: unknown = isObject(exported) ? Reflect.get(exported, 'default') : exported
    const members = isObject(main) ? Object.getOwnPropertyDescriptors(main) : {}
    return Object.defineProperties(
      {},
      {
        ...members,
        ...names,
        default: { value: main ?? exported, enumerable: true },
        __esModule: { value: true },
      },
    )
  }

  #standInOf(name: string): string {
    return `${this.#folder}/scripts/stand-in-${name}.cjs`
  }
}

/**
 * Sets `loadNativeModule(name)`, `requireNapi(name)` and `requireNative(name)`: a native module of the bundle by its file
 * name (`libentry.so`) or by the name it registers (`entry`), or a kit (`@ohos.hilog`, or `hilog` alone).
 */
export function installNativeGlobals(
  target: object,
  kits: Pick<Kits, 'load' | 'names'>,
  natives: NativeModules,
): void {
  const load = (name: unknown): unknown => {
    if (typeof name !== 'string' || name === '')
      throw businessError(401, { field: 'name', reason: 'is not the name of a module' })
    const file = name.endsWith('.so') ? name : `lib${name}.so`
    if (natives.has(file) || name.endsWith('.so')) return natives.load(file)
    const kit = kits.load(name) ?? kits.load(`@ohos.${name}`)
    if (kit === undefined) return natives.load(file)
    return 'default' in kit ? kit.default : kit
  }
  for (const name of ['loadNativeModule', 'requireNapi', 'requireNative'])
    Object.defineProperty(target, name, {
      value: load,
      writable: true,
      enumerable: false,
      configurable: true,
    })
}

function isFileName(name: string): boolean {
  return !name.includes('/') && !name.includes('\0')
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
