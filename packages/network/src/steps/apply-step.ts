import type { PlanStep } from '../plan/step.ts'
import type { ApplyContext } from './context.ts'
import { applyTun } from './device.ts'
import { applyDnsRewrite } from '../dns/rewrite.ts'
import { applyDns } from './dns.ts'
import { applyGuard } from './guard.ts'
import { applyIdentity } from './identity.ts'
import { applyRoutes } from './routes.ts'
import { applyRules } from './rules.ts'
import { applySockets } from './sockets.ts'
import { applySysctl } from './sysctl.ts'

/** A step that is done by itself; `GatheredSteps` has the others. */
export type SingleStep = Exclude<PlanStep, { readonly kind: 'interface' | 'addresses' | 'link-up' }>

/** Does one step; only one with thousands of requests takes more than this turn of the event loop. */
export function applyStep(step: SingleStep, context: ApplyContext): Promise<void> | void {
  switch (step.kind) {
    case 'tun':
      return applyTun(step.apply, context)
    case 'sysctl':
      return applySysctl(step.apply)
    case 'routes':
      return applyRoutes(step.apply, context)
    case 'guard':
      return applyGuard(step.apply, context)
    case 'dns':
      return applyDns(step.apply, context)
    case 'dns-rewrite':
      return applyDnsRewrite(step.apply)
    case 'identity':
      return applyIdentity(step.apply)
    case 'sockets':
      return applySockets(step.apply)
    case 'rules':
      return applyRules(step.apply, context)
    default:
      return step satisfies never
  }
}
