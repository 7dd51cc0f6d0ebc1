import { businessError } from '@vpnext/api'
import { absentPackagePrefix } from '@vpnext/service/protocol'

import { type Absent, absentMember, lookedUpOnAnything } from './absent-member.ts'

/** Modules of the platform, of which some are not provided, and native ones, which may exist for the device alone. */
const platformModule = /^@(?:kit|ohos|hms|system|arkts)[.:]|\.so$/

/**
 * A module of the platform, a native one, or a package, that is not there. It can be imported, and so can whatever code wants of it; any use, reading a member,
 * calling, constructing or extending, fails 801 with the name; but what files of constants call as they load gives inert objects, as ArkUI's globals do,
 * and storages of ArkUI hold objects.
 *
 * @param name of a package with `absent:` before it: it was installed all the same
 * @param onUse hears of every name that is used, once: what catches the 801 often tells its message alone
 * @returns undefined for a name of none of these
 */
export function absentModule(name: string, onUse?: (path: string) => void): object | undefined {
  const used = new Set<string>()
  const absent: Absent = (path) => {
    if (!used.has(path)) onUse?.(path)
    used.add(path)
    return businessError(801, { field: path, reason: `${path} is not provided by vpnext` })
  }
  if (name.startsWith(absentPackagePrefix))
    return absentModuleOf(name.slice(absentPackagePrefix.length), absent)
  return platformModule.test(name) ? absentModuleOf(name, absent) : undefined
}

function absentModuleOf(name: string, absent: Absent): object {
  const members = new Map<string, object>()
  return new Proxy(
    {},
    {
      get(_target, member): unknown {
        if (typeof member === 'symbol' || member in Object.prototype) return Reflect.get({}, member)
        if (member === '__esModule') return true
        if (member !== 'default' && lookedUpOnAnything.has(member)) return undefined
        const path = member === 'default' ? name : `${name}.${member}`
        const known = members.get(path) ?? absentMember(path, absent)
        members.set(path, known)
        return known
      },
      // Bundlers copy what a default import has.
      getOwnPropertyDescriptor: (_target, member) =>
        member === 'default'
          ? { get: () => absentMember(name, absent), enumerable: true, configurable: true }
          : undefined,
      ownKeys: () => ['default'],
    },
  )
}
