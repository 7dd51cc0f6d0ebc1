import { isDeepStrictEqual } from 'node:util'
import { readPlainFile } from '@vpnext/native'
import { redirectsTo } from '../plan/dns-steps.ts'
import type { DnsRewriteData, PlanStep, TunnelPlan } from '../plan/step.ts'
import { resolversOf } from './resolvers.ts'
import { replaceDnsRewrite } from './rewrite.ts'

/**
 * Sends the questions that a tunnel rewrites on from where programs ask now: resolv.conf names other servers than when the
 * tunnel was made. Without it they would go outside.
 *
 * @returns the plan as it is in force; the same one when nothing had to be done
 * @throws SystemError when the kernel refuses; then what was in force before still is
 */
export function followResolvers(plan: TunnelPlan): TunnelPlan {
  if (!plan.steps.some(isFollower)) return plan
  const resolvers = resolversOf(readOrEmpty(plan.settings.resolvConf))
  let changed = false
  const steps = plan.steps.map((step): PlanStep => {
    if (!isFollower(step)) return step
    const apply: DnsRewriteData = {
      ...step.apply,
      redirects: redirectsTo(step.apply.servers ?? [], resolvers),
    }
    if (isDeepStrictEqual(apply.redirects, step.apply.redirects)) return step
    replaceDnsRewrite(apply)
    changed = true
    return { ...step, apply }
  })
  return changed ? { ...plan, steps } : plan
}

function isFollower(step: PlanStep): step is Extract<PlanStep, { readonly kind: 'dns-rewrite' }> {
  return step.kind === 'dns-rewrite' && step.apply.servers !== undefined
}

function readOrEmpty(path: string): string {
  try {
    return readPlainFile(path).toString('latin1')
  } catch {
    return ''
  }
}
