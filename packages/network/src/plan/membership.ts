import type { RtRule } from '@vpnext/native'
import { UnsupportedError } from '../errors.ts'
import type { GuardOverlay } from '../guard/model.ts'
import type { ApplicationFacts, PresentList } from '../identity/application-facts.ts'
import {
  type ApplicationList,
  identityMark,
  type ListedApplication,
  listCount,
  type Selectors,
  selectorsOf,
} from '../identity/application-list.ts'
import { type NetworkSettings, priorityOf, prioritiesPerSlot } from '../settings.ts'
import type { TunnelRequest } from './request.ts'

/** Which applications a tunnel carries: only those listed, or all but those. */
export interface Membership {
  readonly kind: 'included' | 'excluded'
  readonly list: ApplicationList
  readonly selectors: Selectors
  /** Marks for the sets of other tunnels that name the same applications, and their rules for these marks. */
  readonly overlays: readonly GuardOverlay[]
  readonly overlayRules: readonly RtRule[]
  readonly warnings: readonly string[]
}

/** Whether a plan needs facts about applications: for a list, or for DNS servers that only one user's programs ask. */
export function needsApplicationFacts({ config, scope }: Pick<TunnelRequest, 'config' | 'scope'>): boolean {
  const { trustedApplications, blockedApplications, dnsServers } = config
  return (
    trustedApplications.length + blockedApplications.length > 0 ||
    (scope.kind === 'user' && dnsServers.length > 0)
  )
}

/** The list that a config gives; both at once are refused before (2200001). */
function listedBundles(config: TunnelRequest['config']): {
  readonly kind: Membership['kind']
  readonly field: string
  readonly bundles: readonly string[]
} {
  const { trustedApplications, blockedApplications } = config
  return trustedApplications.length > 0
    ? { kind: 'included', field: 'config.trustedApplications', bundles: trustedApplications }
    : { kind: 'excluded', field: 'config.blockedApplications', bundles: blockedApplications }
}

/**
 * Decides how the listed applications are told from others.
 *
 * A socket has room for one value, so applications that other tunnels name too get a value of their own: the later tunnel's
 * program overrides the mark, and adds rules and set elements for the new mark to the earlier tunnels.
 *
 * @returns undefined without a list
 * @throws UnsupportedError when no value is left
 */
export function judgeMembership(
  request: TunnelRequest,
  settings: NetworkSettings,
  facts: ApplicationFacts | undefined,
): Membership | undefined {
  const { kind, field, bundles } = listedBundles(request.config)
  if (bundles.length === 0) return undefined
  if (facts === undefined)
    throw new UnsupportedError(field, 'nobody has looked how to tell applications here')
  const warnings: string[] = []
  const values = new Values(field, settings, facts)
  const overlays: GuardOverlay[] = []
  const overlayRules: RtRule[] = []
  const members = bundles.map((bundle): ListedApplication => {
    const member = { bundle, ...identify(bundle, request, facts) }
    warnings.push(...warningsFor(member, kind, request, facts))
    if (facts.identity !== 'cgroup' || !mayBeMarked(bundle, kind, request)) return { ...member, value: 0 }
    const others = facts.lists.filter(({ list }) => overlaps(list, member, request))
    const { value, isNew } = values.for(others)
    if (isNew) {
      for (const other of others) {
        const mark = identityMark(settings, value)
        overlays.push({ slot: other.list.slot, mark })
        overlayRules.push(...rulesFor(mark, other, member, settings))
      }
    }
    return { ...member, value }
  })
  const { scope, slot } = request
  const list: ApplicationList = {
    slot,
    ...(scope.kind === 'user' ? { uid: scope.uid } : {}),
    members,
    lockDevice: kind === 'included' && request.lockDevice === true,
  }
  return { kind, list, selectors: selectorsOf(list, settings), overlays, overlayRules, warnings }
}

/** Hands out a value per set of other tunnels. */
class Values {
  readonly #field: string
  readonly #free: number[]
  readonly #bySlots = new Map<string, number>()

  constructor(field: string, settings: NetworkSettings, facts: ApplicationFacts) {
    this.#field = field
    const taken = new Set([
      ...facts.valuesInUse,
      ...facts.lists.flatMap(({ list }) => list.members.map(({ value }) => value)),
    ])
    const all = Array.from({ length: listCount(settings) }, (_, index) => index + 1)
    this.#free = all.filter((value) => !taken.has(value))
  }

  for(others: readonly PresentList[]): { readonly value: number; readonly isNew: boolean } {
    const key = others.map(({ list }) => list.slot).join(' ')
    const known = this.#bySlots.get(key)
    if (known !== undefined) return { value: known, isNew: false }
    const value = this.#free.shift()
    if (value === undefined) {
      throw new UnsupportedError(this.#field, 'all values that sockets can be marked with are in use')
    }
    this.#bySlots.set(key, value)
    return { value, isNew: true }
  }
}

function identify(
  bundle: string,
  { owner, hostUid, scope }: TunnelRequest,
  { knowledge }: ApplicationFacts,
): Pick<ListedApplication, 'aliases' | 'uids'> {
  const own = bundle === owner.bundleName && hostUid !== owner.uid ? [hostUid] : []
  const uids = [...own, ...(knowledge.uids?.[bundle] ?? [])]
  return {
    aliases: knowledge.aliases?.[bundle] ?? [],
    // The rules of a user tunnel are about one uid already.
    uids: scope.kind === 'user' ? uids.filter((uid) => uid === scope.uid) : uids,
  }
}

function mayBeMarked(
  bundle: string,
  kind: Membership['kind'],
  { scope, excludable }: TunnelRequest,
): boolean {
  return kind === 'included' || scope.kind === 'user' || excludable?.includes(bundle) === true
}

function warningsFor(
  { bundle, aliases, uids }: Pick<ListedApplication, 'bundle' | 'aliases' | 'uids'>,
  kind: Membership['kind'],
  request: TunnelRequest,
  facts: ApplicationFacts,
): string[] {
  if (!mayBeMarked(bundle, kind, request)) {
    if (bundle === request.owner.bundleName) return []
    return [`${bundle} stays inside: only administrator policy lets an application out of a device tunnel`]
  }
  if (facts.identity === 'uid-range') {
    if (uids.length > 0) return []
    return [
      `${bundle} covers nobody: without BPF only an application with a user of its own can be told from others`,
    ]
  }
  const names = [bundle, ...aliases]
  const isKnown =
    aliases.length > 0 ||
    uids.length > 0 ||
    facts.knowledge.installed?.includes(bundle) === true ||
    names.some((name) => facts.running.includes(name))
  return isKnown
    ? []
    : [`${bundle} is not known here: it covers nobody until something is started under that name`]
}

/** Whether a list of another tunnel names the same application, of a user that both are about. */
function overlaps(
  list: ApplicationList,
  { bundle, aliases }: Pick<ListedApplication, 'bundle' | 'aliases'>,
  { scope }: TunnelRequest,
): boolean {
  if (list.uid !== undefined && scope.kind === 'user' && list.uid !== scope.uid) return false
  return sameMember(list, [bundle, ...aliases]) !== undefined
}

function sameMember(list: ApplicationList, names: readonly string[]): ListedApplication | undefined {
  return list.members.find(
    ({ bundle, aliases, value }) => value !== 0 && [bundle, ...aliases].some((name) => names.includes(name)),
  )
}

/** The rules of another tunnel about one of its members, for another mark. */
function rulesFor(
  mark: number,
  { list, rules }: PresentList,
  { bundle, aliases }: Pick<ListedApplication, 'bundle' | 'aliases'>,
  settings: NetworkSettings,
): RtRule[] {
  const member = sameMember(list, [bundle, ...aliases])
  if (member === undefined) return []
  const present = identityMark(settings, member.value)
  const first = priorityOf(settings, list.slot)
  return (
    rules
      .filter((rule) => rule.mark === present)
      // Not those that it has put among the rules of others.
      .filter(({ priority }) => priority >= first && priority < first + prioritiesPerSlot)
      .map((rule) => ({ ...rule, mark }))
  )
}
