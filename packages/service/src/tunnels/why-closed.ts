import type { Infer } from '@vpnext/varlink'
import type { Scope } from '@vpnext/network'
import type { Consents } from '../consent/consents.ts'
import { type GroupRules, standingOf } from '../identity/standing.ts'
import type { closedInfo } from '../protocol/types.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

/** What tells why a tunnel is closed, and what can be done about it. */
export interface ClosedParts {
  readonly rules: GroupRules
  readonly decisions: Pick<Consents, 'standing'>
}

/** Why nothing of what an entry covers gets anywhere, and who opens it how; undefined for a tunnel that somebody carries. */
export function whyClosed(entry: TunnelEntry, parts: ClosedParts): Infer<typeof closedInfo> | undefined {
  const { state, run } = entry
  if (state.kind !== 'kept' && state.kind !== 'closed') return undefined
  const steps = state.kind === 'kept' ? state.tunnel.plan.steps : state.tunnel.steps
  const table = steps.find((step) => step.kind === 'routes')?.apply.table ?? 0
  const { bundle, owner, ability } = run.target
  const stop =
    standingOf(owner, parts.rules) === 'admin'
      ? `vpnext stop ${bundle.bundleName}`
      : 'take the rule out of the policy and restart the service'
  return {
    reason: `${reasonOf(state)}${missing[parts.decisions.standing(bundle)]}`,
    remedy: `${ability.name} opens it with its tunnel; an administrator without one: ${stop}`,
    table,
  }
}

const missing = {
  allowed: '',
  open: '; its user has not consented to it (vpnext consent allow)',
  forbidden: '; the policy forbids it',
} as const

function reasonOf(state: Extract<TunnelEntry['state'], { readonly kind: 'kept' | 'closed' }>): string {
  if (state.kind === 'kept') return 'its host has ended'
  if (state.tunnel.request.ahead === true) return 'the policy says lockdown "always", and there is no tunnel'
  return 'the service that made it was killed'
}

/** Whose traffic it is about. */
export function scopeWords(scope: Scope): string {
  return scope.kind === 'device' ? 'everything of the whole device' : `everything of user ${scope.uid}`
}
