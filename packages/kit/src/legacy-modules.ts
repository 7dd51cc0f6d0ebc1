import { provide } from './provided.ts'

/** Modules of API 8 and before whose members a later one has as well: each with the module that took its place. */
const successors = {
  commonEvent: 'commonEventManager',
  notification: 'notificationManager',
  wantAgent: 'app.ability.wantAgent',
} as const

/**
 * Names that older code imports, each a namespace of its own with the members of what took its place.
 *
 * @param namespaceOf makes the namespace of a module, named without `@ohos.`
 * @returns by name, without `@ohos.`; made when asked for
 */
export function legacyModules(namespaceOf: (module: string) => unknown): ReadonlyMap<string, () => object> {
  return new Map(
    Object.entries(successors).map(([name, successor]) => {
      let namespace: object | undefined
      const make = (): object => {
        const members = namespaceOf(successor)
        return provide(name, typeof members === 'object' && members !== null ? members : {})
      }
      return [name, () => (namespace ??= make())]
    }),
  )
}
