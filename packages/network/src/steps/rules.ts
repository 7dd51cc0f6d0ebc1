import type { RtRule } from '@vpnext/native'
import type { RulesData, RulesUndo } from '../plan/step.ts'
import type { ApplyContext, UndoContext, Undone } from './context.ts'

/** From here on, traffic takes the tunnel. */
export function applyRules({ rules }: RulesData, { netlink }: ApplyContext): void {
  netlink.apply(rules.map((rule) => ({ op: 'addRule', rule })))
}

/** Deletes exactly these rules. */
export function undoRules({ rules }: RulesUndo, { netlink }: UndoContext): Undone {
  const results = netlink.applyAll(rules.map((rule) => ({ op: 'deleteRule', rule })))
  let gone = 0
  for (const result of results) {
    if (result.ok) gone += 1
    // ENOENT: never added, or deleted by somebody; EAFNOSUPPORT: the kernel has no IPv6.
    else if (result.error.code !== 'ENOENT' && result.error.code !== 'EAFNOSUPPORT') throw result.error
  }
  return gone === 0 ? undefined : `${gone} rules with preference ${preferences(rules)}`
}

function preferences(rules: readonly RtRule[]): string {
  return [...new Set(rules.map(({ priority }) => priority))].join(', ')
}
