import type { RtRequest, Rtnetlink, RtRule } from '@vpnext/native'
import { describeRule } from '../plan/describe-step.ts'
import type { RulesData, RulesUndo } from '../plan/step.ts'
import type { ApplyContext, UndoContext, Undone } from './context.ts'

/** From here on, traffic takes the tunnel. */
export function applyRules({ rules }: RulesData, { netlink }: ApplyContext): void {
  netlink.apply(rules.map((rule) => ({ op: 'addRule', rule })))
}

/** Adds what is new before what is not wanted any more goes. */
export function replaceRules(before: readonly RtRule[], after: readonly RtRule[], netlink: Rtnetlink): void {
  const was = new Set(before.map(describeRule))
  const is = new Set(after.map(describeRule))
  netlink.apply([
    ...after
      .filter((rule) => !was.has(describeRule(rule)))
      .map((rule): RtRequest => ({ op: 'addRule', rule })),
    ...before
      .filter((rule) => !is.has(describeRule(rule)))
      .map((rule): RtRequest => ({ op: 'deleteRule', rule })),
  ])
}

/** Deletes exactly these rules, and those of others that depend on them. */
export function undoRules({ rules, sweep }: RulesUndo, { netlink }: UndoContext): Undone {
  const results = netlink.applyAll(rules.map((rule) => ({ op: 'deleteRule', rule })))
  let gone = 0
  for (const result of results) {
    if (result.ok) gone += 1
    // ENOENT: never added, or deleted by somebody; EAFNOSUPPORT: the kernel has no IPv6.
    else if (result.error.code !== 'ENOENT' && result.error.code !== 'EAFNOSUPPORT') throw result.error
  }
  if (sweep !== undefined) gone += sweepRules(sweep, netlink)
  return gone === 0 ? undefined : `${gone} rules with preference ${preferences(rules)}`
}

/** What tunnels with the same applications have put among the rules of this one. */
function sweepRules({ first, last, protocol }: NonNullable<RulesUndo['sweep']>, netlink: Rtnetlink): number {
  const left = netlink
    .rules()
    .filter((rule) => rule.protocol === protocol && rule.priority >= first && rule.priority <= last)
  netlink.apply(left.map((rule) => ({ op: 'deleteRule', rule })))
  return left.length
}

function preferences(rules: readonly RtRule[]): string {
  return [...new Set(rules.map(({ priority }) => priority))].join(', ')
}
