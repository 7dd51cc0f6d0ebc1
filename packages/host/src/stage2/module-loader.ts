import { businessError } from '@vpnext/api'
import type { Kits } from '@vpnext/kit'
import Module, { createRequire } from 'node:module'

/** node's own loader; only the part that decides what a name means is replaced. */
interface LoaderInternals {
  _load(request: string, parent: { readonly filename?: string | null } | undefined, isMain: boolean): unknown
}

/**
 * Makes `require` in files below `folder` give the kits, and nothing else.
 *
 * The refusal of everything else (`node:fs`, absolute paths …) is there to tell authors early that their code is not
 * portable. It is no boundary: code can get around it, and what it must not do the kernel keeps it from.
 *
 * @param folder of the extension's code, without a final slash
 * @returns loads a CommonJS file as node does, by its absolute path
 */
export function extensionLoader(
  kits: Pick<Kits, 'load' | 'names'>,
  folder: string,
): (path: string) => unknown {
  const internals = Module as unknown as LoaderInternals
  const load = internals._load
  internals._load = (request, parent, isMain): unknown => {
    if (parent?.filename?.startsWith(`${folder}/`) !== true)
      return Reflect.apply(load, Module, [request, parent, isMain])
    const kit = kits.load(request)
    if (kit !== undefined) return kit
    throw businessError(801, {
      field: request,
      reason: `the module ${request} is not provided by vpnext`,
      hint: `provided are ${kits.names.join(', ')}`,
    })
  }
  return createRequire(import.meta.url)
}
