import type { RtRule } from '@vpnext/native'
import { prioritiesPerSlot, priorityOf } from '../settings.ts'
import type { PlanStep, TunnelPlan } from './step.ts'

/**
 * The plan of the same tunnel that leaves its own host out, whatever socket it uses: where sockets cannot be marked as they
 * are made, the kernel tells the host by its uid. (`protectProcessNet`)
 *
 * - Rules: the host jumps over the rule that catches everybody, to the slot's last preference.
 * - Guard: packets of that uid pass where packets with the mark do.
 *
 * A tunnel of a user needs nothing, because the host is another user. Where the host shares the uid of its user, it cannot be
 * told from their programs: the same plan comes back.
 */
export function withSparedHost(plan: TunnelPlan): TunnelPlan {
  const guard = plan.steps.find((step) => step.kind === 'guard')?.apply
  const hostUid = guard?.hostUid
  if (hostUid === undefined || plan.scope.kind === 'user') return plan
  const steps = plan.steps.map((step): PlanStep => {
    switch (step.kind) {
      case 'guard':
        return { ...step, apply: { ...step.apply, sparesHost: true } }
      case 'rules':
        return { ...step, apply: { rules: sparingRules(step.apply.rules, hostUid, plan) } }
      default:
        return step
    }
  })
  return { ...plan, steps }
}

function sparingRules(rules: readonly RtRule[], uid: number, { slot, settings }: TunnelPlan): RtRule[] {
  const first = priorityOf(settings, slot)
  const last = first + prioritiesPerSlot - 1
  const isHost = ({ uidRange }: RtRule): boolean => uidRange?.from === uid && uidRange.to === uid
  const isForAll = ({ action, mark, priority }: RtRule): boolean =>
    action === 'lookup' && mark === 0 && priority >= first && priority <= last
  const protocol = settings.routeProtocol
  const jumps = ([4, 6] as const)
    .filter((family) => rules.some((rule) => rule.family === family && isForAll(rule) && !isHost(rule)))
    .flatMap((family): RtRule[] => {
      const common = { family, protocol }
      return [
        { ...common, priority: last, action: 'nop' },
        {
          ...common,
          iif: 'lo',
          priority: first,
          action: 'goto',
          target: last,
          uidRange: { from: uid, to: uid },
        },
      ]
    })
  const others = rules
    .filter((rule) => !isHost(rule) && rule.action !== 'nop')
    .map((rule) => (isForAll(rule) ? { ...rule, priority: first + 1 } : rule))
  return [...jumps, ...others]
}
