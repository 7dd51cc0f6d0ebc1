import type { CheckedVpnConfig } from '@vpnext/api'
import { closingSteps } from '../closed-tunnel.ts'
import type { KernelFacts } from '../kernel-facts.ts'
import type { NetworkSettings } from '../settings.ts'
import { planTunnel } from './plan-tunnel.ts'
import type { TunnelRequest } from './request.ts'
import type { TunnelPlan } from './step.ts'

/** Whose traffic is closed before there is a tunnel; members as in {@link TunnelRequest}. */
export type ClosedRequest = Pick<
  TunnelRequest,
  'slot' | 'interfaceName' | 'scope' | 'hostUid' | 'owner' | 'endpoints'
>

/**
 * Thinks through how everything of a scope is closed while there is no tunnel yet. Pure. The host is let out with all its
 * sockets, as far as `endpoints` allow: it has to find its server, by name too, before it can have a tunnel.
 *
 * @param request `interfaceName` is that of no interface, and of no other plan
 * @returns a plan for `closeAhead`, not for `createTunnel`
 * @throws as `planTunnel`
 */
export function planClosed(
  request: ClosedRequest,
  settings: NetworkSettings,
  facts: KernelFacts,
): TunnelPlan {
  const whole: TunnelRequest = {
    ...request,
    config: everything,
    lockdown: true,
    spareHost: true,
    ahead: true,
  }
  const plan = planTunnel(whole, settings, facts)
  const steps = closingSteps(plan.steps)
  return { ...plan, steps, lockdown: { request: whole, steps }, warnings: [] }
}

const common = { gateway: '', excluded: false, generated: true } as const

/** Both families, all of them, into a tunnel that does not exist. */
const everything: CheckedVpnConfig = {
  vpnId: '',
  addresses: [],
  routes: [
    { destination: '0.0.0.0/0', family: 4, ...common },
    { destination: '::/0', family: 6, ...common },
  ],
  dnsServers: [],
  searchDomains: [],
  mtu: 1500,
  acceptIPv4: true,
  acceptIPv6: true,
  blocking: true,
  offload: false,
  trustedApplications: [],
  blockedApplications: [],
  warnings: [],
}
