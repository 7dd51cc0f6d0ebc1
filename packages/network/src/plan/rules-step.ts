import type { Family } from '@vpnext/ip'
import type { RtRule } from '@vpnext/native'
import { priorityOf, prioritiesPerSlot } from '../settings.ts'
import type { Membership } from './membership.ts'
import type { PlanInput } from './plan-tunnel.ts'
import type { UndescribedStep } from './step.ts'

/**
 * What sends packets to our table; in each family that has routes there.
 *
 * - Without a list, and for listed applications only: one rule per selector at the slot's first preference.
 * - For all but the listed ones: these jump over the rule that catches the others, to the slot's last preference, and so to
 *   the tunnels of later slots. (`lookup main` would end there.)
 */
export function rulesStep(input: PlanInput): UndescribedStep {
  const { request, settings, traffic, membership } = input
  const families = ([4, 6] as const).filter((family) => traffic.covered[family].length > 0)
  const first = priorityOf(settings, request.slot)
  const rules = [
    ...families.flatMap((family) => familyRules(family, first, input)),
    ...(membership?.overlayRules ?? []),
  ]
  const sweep = { first, last: first + prioritiesPerSlot - 1, protocol: settings.routeProtocol }
  return {
    id: 'rules',
    kind: 'rules',
    apply: { rules },
    // What catches everything goes before what spares somebody.
    undo: { kind: 'rules', rules: rules.toReversed(), sweep },
  }
}

function familyRules(
  family: Family,
  first: number,
  { request, settings, table, membership }: PlanInput,
): RtRule[] {
  const { scope } = request
  const common = {
    family,
    // Made on this machine: forwarded packets keep their way.
    iif: 'lo',
    protocol: settings.routeProtocol,
    ...(scope.kind === 'user' ? { uidRange: { from: scope.uid, to: scope.uid } } : {}),
  }
  const lookup = { ...common, action: 'lookup', table, mark: 0, mask: settings.protectMark } as const
  if (membership === undefined) return [{ ...lookup, priority: first }]
  if (membership.kind === 'included')
    return includeRules(membership, { ...lookup, priority: first }, settings)
  const last = first + prioritiesPerSlot - 1
  const jump = { ...common, priority: first, action: 'goto', target: last } as const
  return [
    { family, priority: last, action: 'nop', protocol: settings.routeProtocol },
    ...membership.selectors.marks.map((mark) => ({ ...jump, mark, mask: settings.identityMask })),
    ...membership.selectors.uids.map((uid) => ({ ...jump, uidRange: { from: uid, to: uid } })),
    { ...lookup, priority: first + 1 },
  ]
}

function includeRules(
  { selectors }: Membership,
  lookup: RtRule,
  { identityMask, protectMark }: PlanInput['settings'],
): RtRule[] {
  const mask = (identityMask | protectMark) >>> 0
  return [
    ...selectors.marks.map((mark) => ({ ...lookup, mark, mask })),
    ...selectors.uids.map((uid) => ({ ...lookup, uidRange: { from: uid, to: uid } })),
  ]
}
