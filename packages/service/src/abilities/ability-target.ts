import type { DeclaredAbility, InstalledBundle } from '../bundles/installed-bundle.ts'
import type { Caller } from '../identity/standing.ts'

/** What a start is about: an extension of an installed bundle, for its user. */
export interface AbilityTarget extends DeclaredAbility {
  readonly bundle: InstalledBundle
  /** The user and their groups, as of the call that started it; `uid` is the bundle's owner. */
  readonly owner: Caller
}

/** What a host runs. */
export type HostKind = 'extension' | 'page' | 'test'

/** The `type` of the ability that stands for a module's suites of tests; archives have no such page. */
export const testType = 'test'

export function hostKind({ ability }: AbilityTarget): HostKind {
  if (ability.kind === 'extension') return 'extension'
  return ability.type === testType ? 'test' : 'page'
}

/** Names one extension of one bundle of one user: at most one host runs for it. */
export function abilityKey(target: AbilityTarget): string {
  return `${bundleKey(target.bundle)}/${target.ability.name}`
}

/** Names a (user, bundle). */
export function bundleKey(bundle: { readonly ownerUid: number; readonly bundleName: string }): string {
  return `${bundle.ownerUid}/${bundle.bundleName}`
}
