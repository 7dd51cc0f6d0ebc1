import { stateMember } from '../arkui-state.ts'
import { inertMember } from '../arkui-values.ts'
import { isForPages } from './page-modules.ts'
import { providedKits, providedModules } from './provided-names.ts'

/** Something that code imports or calls, and that is not provided. */
export interface Lacking {
  /** With the member that is wanted of it: `@kit.ArkUI.router`, `@kit.NetworkKit.http`, `@ohos.net.connection.enableAirplaneMode`. */
  readonly name: string
  /** `function`: its namespace is there. The others cannot be imported. */
  readonly kind: 'module' | 'member' | 'function'
  /** Of use to pages only: an extension that comes across it does without it on a device too. */
  readonly forPages: boolean
}

/**
 * Looks up what code imports.
 *
 * @param module `@kit.X`, `@ohos.x` or `@ohos:x`
 * @param path the names that code reads from it, outermost first; of an `@ohos` module the first is `default`; may be empty
 * @returns undefined when it is there
 */
export function findLacking(module: string, path: readonly string[]): Lacking | undefined {
  const name = module.replace(/^@ohos:/, '@ohos.')
  if (isInAbsentModule(name, path)) return undefined
  // vpnext's own modules, @vpnext/packet and the like, are whole.
  if (name.startsWith('@vpnext/')) return undefined
  return name.startsWith('@kit.') ? lackingOfKit(name, path) : lackingOfModule(name, path)
}

/** Some of ArkUI can be used though its modules are absent. */
function isInAbsentModule(module: string, [first, ...rest]: readonly string[]): boolean {
  const [member = '', part = ''] = first === 'default' ? rest : [first, ...rest]
  const paths = [module, `${module}.${member}`, `${module}.${member}.${part}`]
  return paths.some((path) => stateMember(path) !== undefined || inertMember(path) !== undefined)
}

function lackingOfKit(kit: string, [member, ...rest]: readonly string[]): Lacking | undefined {
  const members = own(providedKits, kit)
  if (members === undefined) return lacking(member === undefined ? kit : `${kit}.${member}`, 'module')
  if (member === undefined) return undefined
  const module = own(members, member)
  if (module === undefined) return lacking(`${kit}.${member}`, 'member')
  return module === null ? undefined : lackingMember(module, `${kit}.${member}`, rest)
}

function lackingOfModule(module: string, [exported, ...rest]: readonly string[]): Lacking | undefined {
  if (own(providedModules, module) === undefined) {
    const member = exported === 'default' ? rest[0] : exported
    return lacking(member === undefined ? module : `${module}.${member}`, 'module')
  }
  return exported === 'default' ? lackingMember(module, module, rest) : undefined
}

function lackingMember(module: string, shown: string, [member]: readonly string[]): Lacking | undefined {
  const members = own(providedModules, module)
  if (member === undefined || members === undefined || members === null || members.includes(member)) {
    return undefined
  }
  // What every object has, and what bundlers and tools look up.
  if (member in Object.prototype) return undefined
  return lacking(`${shown}.${member}`, 'function')
}

function lacking(name: string, kind: Lacking['kind']): Lacking {
  return { name, kind, forPages: isForPages(name) || isForPages(name.replace(/\.\w+$/, '')) }
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
