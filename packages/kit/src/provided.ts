import { type BusinessError, businessError } from '@vpnext/api'

import { absentMember, lookedUpOnAnything } from './absent-member.ts'
import { absentNames } from './surface/absent-names.ts'

/**
 * Makes an object with stand-ins for what HarmonyOS has in its place and vpnext lacks: they look like functions, as on the device, where they are,
 * and fail 801 with their name as soon as they are used. A name that HarmonyOS does not have either is undefined, as there: code asks so for
 * functions of later versions.
 *
 * The guard is the object's prototype, so present members cost nothing, and what a bundler makes of a default import,
 * which copies the members onto an object with the same prototype, is guarded too. Symbols and everything that every object has (`toString`,
 * `constructor` …) work as usual.
 *
 * @param name as the extension's author knows it, e.g. `@kit.NetworkKit` or `vpnExtension`
 * @param members taken over as they are
 */
export function provide<T extends object>(name: string, members: T): T {
  const guarded: T = Object.create(missingMembers(name), Object.getOwnPropertyDescriptors(members))
  return guarded
}

/** A module in the shape of a compiled ES module. What its default export holds can be imported by name, too, as on a device. */
export function provideModule(name: string, members: object): object {
  const own = Object.getOwnPropertyDescriptors(members)
  const module: object = Object.create(
    missingMembers(name, () => Reflect.get(members, 'default')),
    own,
  )
  return Object.defineProperty(module, '__esModule', { value: true })
}

/**
 * A prototype with stand-ins for the members of a namespace or type that are absent.
 *
 * @param name the last part says whose members they are: `connection`, `zlib.Checksum`
 * @param instead gives a namespace whose members are there all the same; anything else is passed over
 */
export function missingMembers(name: string, instead?: () => unknown): object {
  const absent = standIns(name)
  const namespaceWith = (member: string): object | undefined => {
    const namespace = instead?.()
    return typeof namespace === 'object' && namespace !== null && member in namespace ? namespace : undefined
  }
  return new Proxy<object>(Object.prototype, {
    get(target, member, receiver): unknown {
      if (typeof member === 'symbol' || member in target || lookedUpOnAnything.has(member)) {
        return Reflect.get(target, member, receiver)
      }
      const namespace = namespaceWith(member)
      return namespace === undefined ? absent(member) : Reflect.get(namespace, member)
    },
    has(target, member): boolean {
      if (typeof member === 'symbol' || member in target) return member in target
      return absentNamesOf(name).includes(member) || namespaceWith(member) !== undefined
    },
    // Object.prototype must not be changed through an extension's assignment to a kit.
    set(_target, member, value, receiver): boolean {
      return Reflect.defineProperty(receiver, member, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    },
  })
}

/** Puts the stand-ins of a type onto the prototype of a class whose own prototype has those of another. */
export function standIn(prototype: object, name: string): void {
  const absent = standIns(name)
  for (const member of absentNamesOf(name)) {
    Object.defineProperty(prototype, member, { value: absent(member), configurable: true, writable: true })
  }
}

/**
 * The stand-ins of one module, namespace or type, each the same object whenever it is asked for. What is imported from a module has one in any case:
 * on the device such an import is an error, and no question.
 *
 * @param name as in {@link missingMembers}
 * @returns gives undefined for a member that HarmonyOS does not have either
 */
function standIns(name: string): (member: string) => object | undefined {
  const made = new Map<string, object>()
  return (member) => {
    if (!isModule(name) && !absentNamesOf(name).includes(member)) return undefined
    const known = made.get(member) ?? absentMember(`${name}.${member}`, notProvided)
    made.set(member, known)
    return known
  }
}

/** What HarmonyOS has in a namespace, kit or type, and vpnext lacks. @param name as for {@link missingMembers} */
export function absentNamesOf(name: string): readonly string[] {
  const own = isModule(name) ? name : name.slice(name.lastIndexOf('.') + 1)
  return (Object.hasOwn(absentNames, own) ? absentNames[own] : undefined) ?? []
}

/** `@kit.x`, `@ohos.x` and their like. */
function isModule(name: string): boolean {
  return name.startsWith('@')
}

function notProvided(path: string): BusinessError {
  return businessError(801, { field: path, reason: `${path} is not provided by vpnext` })
}
