import { createRequire } from 'node:module'

/** Under which name the file of the image exports which of them. */
const exportNames: Readonly<Record<string, string>> = {
  '@vpnext/packet': 'packet',
  '@vpnext/wireguard': 'wireguard',
}

/** Modules of vpnext itself that extension code may import besides the platform's kits. Code that does is not portable. */
export interface OwnKits {
  readonly names: readonly string[]
  /** The module of that name; undefined for another. */
  load(name: string): object | undefined
}

/** They are one file of the host image, which is read when code first asks for one: most extensions do without. */
export function ownKits(): OwnKits {
  let loaded: object | undefined
  return {
    names: Object.keys(exportNames),
    load(name) {
      const exportName = Object.hasOwn(exportNames, name) ? exportNames[name] : undefined
      if (exportName === undefined) return undefined
      loaded ??= loadFile()
      const module: unknown = Reflect.get(loaded, exportName)
      return typeof module === 'object' && module !== null ? module : undefined
    },
  }
}

function loadFile(): object {
  const exported: unknown = createRequire(import.meta.url)('./own-kits.cjs')
  if (typeof exported === 'object' && exported !== null) return exported
  throw new TypeError('own-kits.cjs exports nothing')
}
