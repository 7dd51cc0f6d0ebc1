import { businessError } from '@vpnext/api'
import { type Kits, absentModule } from '@vpnext/kit'
import Module, { createRequire } from 'node:module'

import { withoutLoopCompiler } from './loop-compiler.ts'
import { NativeModules, installNativeGlobals } from './native-modules.ts'
import { ownKits } from './own-kits.ts'

/** What a name means to `require`: node's internal function, the same in every version since 0.5. */
type Load = (
  request: string,
  parent: { readonly filename?: string | null } | undefined,
  isMain: boolean,
) => unknown

/**
 * Makes `require` in files below `folder` give the kits, vpnext's own, the bundle's native modules, and nothing else; and
 * sets the globals that load native modules. A kit of the platform that is not here can be
 * loaded, because code often imports what it then does without; whatever is used of it fails 801.
 *
 * The refusal of everything else (`node:fs`, absolute paths …) is there to tell authors early that their code is not
 * portable. It is no boundary: code can get around it, and what it must not do the kernel keeps it from.
 *
 * @param folder of the extension's code, without a final slash
 * @param hear.absent hears of what is used of modules that are not here
 * @param hear.missing hears why a file or a package is not there
 * @returns loads a CommonJS file as node does, by its absolute path
 */
export function extensionLoader(
  kits: Pick<Kits, 'load' | 'names'>,
  folder: string,
  hear?: { readonly absent: (path: string) => void; readonly missing: (text: string) => void },
): (path: string) => unknown {
  const load: unknown = Reflect.get(Module, '_load')
  if (!isLoad(load)) throw new TypeError('this version of node loads modules in another way')
  const own = ownKits()
  const natives = new NativeModules(folder)
  installNativeGlobals(globalThis, kits, natives)
  let onRunning: (() => void) | undefined
  const loadForExtension: Load = (request, parent, isMain) => {
    if (parent?.filename?.startsWith(`${folder}/`) !== true) {
      return Reflect.apply(load, Module, [request, parent, isMain])
    }
    // A script that asks for a module has been read and is running.
    onRunning?.()
    if (natives.has(request)) return natives.load(request)
    const kit = kits.load(request) ?? own.load(request) ?? absentModule(request, hear?.absent)
    if (kit !== undefined) return kit
    const reason = `the module ${request} is not provided by vpnext`
    const hint = hintFor(request, [...kits.names, ...own.names])
    // Code that imports by a variable often catches what that fails with, and tells the message alone.
    if (isImportedByName(request)) hear?.missing(`${reason}: ${hint}`)
    throw businessError(801, { field: request, reason, hint })
  }
  Reflect.set(Module, '_load', loadForExtension)
  const require = createRequire(import.meta.url)
  return (path) =>
    withoutLoopCompiler(path, (resume) => {
      onRunning = resume
      return require(path)
    })
}

/** What a build takes along when it is named: a file of the project, or a package. */
function isImportedByName(request: string): boolean {
  return /^(?:\.\.?\/|@[\w.-]+\/[\w.-]+|[\w][\w.-]*(?:\/|$))/.test(request)
}

function hintFor(request: string, provided: readonly string[]): string {
  if (!isImportedByName(request)) return `provided are ${provided.join(', ')}`
  const [what, key] = /^\.\.?\//.test(request) ? ['files', 'sources'] : ['packages', 'packages']
  return `${what} that code imports by a variable are taken along when arkOptions.runtimeOnly.${key} of build-profile.json5 names them`
}

function isLoad(value: unknown): value is Load {
  return typeof value === 'function'
}
