import { type BusinessError, businessError } from '@vpnext/api'
import { absentPackagePrefix } from '@vpnext/service/protocol'

import { stateMember } from './arkui-state.ts'
import { inertMember } from './arkui-values.ts'
import { lookedUpOnAnything } from './provided.ts'

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

/** Makes the error for a name that is used. */
type Absent = (path: string) => BusinessError

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

/** Stands for a namespace, a function or a class. */
function absentMember(path: string, absent: Absent): object {
  const there = stateMember(path) ?? inertMember(path)
  if (there !== undefined) return there
  const refuse = (): never => {
    throw absent(path)
  }
  return new Proxy(function () {}, {
    get(_target, member): unknown {
      if (typeof member === 'symbol' || lookedUpOnAnything.has(member)) return undefined
      const part = inertMember(`${path}.${member}`)
      if (part !== undefined) return part
      // A class that extends it looks for this first.
      throw absent(member === 'prototype' ? path : `${path}.${member}`)
    },
    apply: refuse,
    construct: refuse,
  })
}
