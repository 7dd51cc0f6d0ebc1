import type { KernelFacts } from '../kernel-facts.ts'
import type { NetworkSettings } from '../settings.ts'
import { planTunnel } from './plan-tunnel.ts'
import type { TunnelRequest } from './request.ts'
import type { TunnelPlan } from './step.ts'

/** Routes and addresses of a config that is worth thinking through ahead, and keeping: a plan takes some ten times their memory. */
const mostKept = 64

/** Whether a tunnel of this config is planned within a moment, as most are. */
export function isSmallConfig({ addresses, routes }: TunnelRequest['config']): boolean {
  return addresses.length + routes.length <= mostKept
}

/**
 * Keeps the last plan. A VPN is mostly made again as it was, and a plan follows from its request and the facts alone; what
 * else was made from it, as the messages of its guard, is found again by the same object.
 */
export class PlanMemory {
  readonly #settings: NetworkSettings
  #last: { readonly key: string; readonly plan: TunnelPlan } | undefined

  constructor(settings: NetworkSettings) {
    this.#settings = settings
  }

  /** As `planTunnel`, for a request without application lists. @throws as `planTunnel` */
  plan(request: TunnelRequest, facts: KernelFacts): TunnelPlan {
    if (!isSmallConfig(request.config)) return planTunnel(request, this.#settings, facts)
    const key = JSON.stringify([request, facts])
    if (this.#last?.key !== key) this.#last = { key, plan: planTunnel(request, this.#settings, facts) }
    return this.#last.plan
  }
}
