import { businessError } from '@vpnext/api'

/**
 * Makes an object whose missing members are an error (801, naming the member) instead of undefined.
 *
 * The guard is the object's prototype, so present members cost nothing, and what a bundler makes of a default import,
 * which copies the members onto an object with the same prototype, is guarded too. `in`, symbols and everything that
 * every object has (`toString`, `constructor` …) work as usual, and so do the names that the language and its tools look
 * up on any object, such as `then`.
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
 * A prototype that fails 801 for every member it is asked for.
 *
 * @param instead gives a namespace whose members are there all the same; anything else is passed over
 */
export function missingMembers(name: string, instead?: () => unknown): object {
  return new Proxy<object>(Object.prototype, {
    get(target, member, receiver): unknown {
      if (typeof member === 'symbol' || member in target || lookedUpOnAnything.has(member)) {
        return Reflect.get(target, member, receiver)
      }
      const namespace = instead?.()
      if (typeof namespace === 'object' && namespace !== null && member in namespace) {
        return Reflect.get(namespace, member)
      }
      throw businessError(801, {
        field: `${name}.${member}`,
        reason: `${name} has no member ${member} in vpnext`,
      })
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

/** Names that `await`, JSON, bundlers, inspectors and test tools look up on any object they meet. */
export const lookedUpOnAnything: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'default',
  '__esModule',
  'inspect',
  'href',
  'nodeType',
  'tagName',
  'asymmetricMatch',
  '$$typeof',
])
