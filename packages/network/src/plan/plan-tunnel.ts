import type { Family } from '@vpnext/ip'
import { closingSteps } from '../closed-tunnel.ts'
import { OccupiedError } from '../errors.ts'
import type { ApplicationFacts } from '../identity/application-facts.ts'
import type { KernelFacts } from '../kernel-facts.ts'
import { type NetworkSettings, priorityOf, prioritiesPerSlot, slotCount, tableOf } from '../settings.ts'
import { describeStep } from './describe-step.ts'
import { dnsSteps, dnsWarnings } from './dns-steps.ts'
import { judgeMembership, type Membership } from './membership.ts'
import { guardStep, identityStep, routesStep, socketSteps } from './policy-steps.ts'
import { rulesStep } from './rules-step.ts'
import { interfaceSteps, systemSysctlSteps } from './interface-steps.ts'
import type { TunnelRequest } from './request.ts'
import { withSparedHost } from './spare-host.ts'
import type { PlanStep, TunnelPlan } from './step.ts'
import { judgeTraffic, type Traffic } from './traffic.ts'

/** What the parts of a plan are made from. */
export interface PlanInput {
  readonly request: TunnelRequest
  readonly settings: NetworkSettings
  readonly facts: KernelFacts
  readonly table: number
  readonly traffic: Traffic
  /** Absent: the tunnel is for all applications. */
  readonly membership?: Membership
  readonly applications?: ApplicationFacts
  /** Addresses of the accepted families. */
  readonly addresses: TunnelRequest['config']['addresses']
}

/**
 * Thinks a tunnel through. Pure: reads and changes nothing.
 *
 * @param facts from `readKernelFacts`, of the network namespace in which the plan will be applied
 * @param applications from `readApplicationFacts`; needed for application lists, and for DNS servers of a user's tunnel
 * @throws UnsupportedError for a request that this machine or version cannot fulfil; `field` names it
 * @throws OccupiedError when somebody else has the interface name, the table or the rule preferences
 * @throws RangeError for a slot, name or uid out of range
 */
export function planTunnel(
  request: TunnelRequest,
  settings: NetworkSettings,
  facts: KernelFacts,
  applications?: ApplicationFacts,
): TunnelPlan {
  const table = tableOf(settings, request.slot)
  checkRequest(request, settings)
  checkFree(request, settings, facts, table)
  const present: Readonly<Record<Family, boolean>> = { 4: true, 6: facts.ipv6 }
  const accepted = { 4: request.config.acceptIPv4, 6: request.config.acceptIPv6 && facts.ipv6 }
  const membership = judgeMembership(request, settings, applications)
  const input: PlanInput = {
    request,
    settings,
    facts,
    table,
    ...(membership === undefined ? {} : { membership }),
    ...(applications === undefined ? {} : { applications }),
    traffic: judgeTraffic(request.config, present),
    addresses: request.config.addresses.filter((address) => accepted[address.family]),
  }
  const sockets = socketSteps(input)
  const steps: PlanStep[] = [
    ...interfaceSteps(input),
    routesStep(input),
    ...systemSysctlSteps(input),
    guardStep(input),
    ...dnsSteps(input),
    ...identityStep(input),
    ...sockets.atDestroy,
    rulesStep(input),
    ...sockets.atCreate,
  ].map((step) => ({ ...step, describe: describeStep(step) }))
  const plan: TunnelPlan = {
    slot: request.slot,
    interfaceName: request.interfaceName,
    table,
    scope: request.scope,
    owner: request.owner,
    settings,
    steps,
    ...(request.lockdown === true ? { lockdown: { request, steps: closingSteps(steps) } } : {}),
    warnings: warningsFor(input),
  }
  return request.spareHost === true ? withSparedHost(plan) : plan
}

function checkRequest(request: TunnelRequest, settings: NetworkSettings): void {
  const { slot, interfaceName, scope, hostUid } = request
  if (!Number.isInteger(slot) || slot < 0 || slot >= slotCount(settings)) {
    throw new RangeError(`slot: ${slot} is not within 0..${slotCount(settings) - 1}`)
  }
  // No dot: it would be a directory of its own in the names of sysctls.
  if (!/^[A-Za-z0-9_-]{1,15}$/.test(interfaceName)) {
    throw new RangeError('interfaceName: must be 1 to 15 of A-Z, a-z, 0-9, _ and -')
  }
  for (const [field, uid] of Object.entries({
    hostUid,
    ...(scope.kind === 'user' ? { uid: scope.uid } : {}),
  })) {
    // 2^32-1 means "no uid" to the kernel.
    if (!Number.isInteger(uid) || uid < 0 || uid >= 0xffff_ffff)
      throw new RangeError(`${field}: ${uid} is no uid`)
  }
}

function checkFree(
  request: TunnelRequest,
  settings: NetworkSettings,
  facts: KernelFacts,
  table: number,
): void {
  if (facts.interfaceNames.includes(request.interfaceName)) {
    throw new OccupiedError(`interface ${request.interfaceName}`, 'another device')
  }
  if (facts.ruleTables.includes(table)) throw new OccupiedError(`table ${table}`, 'another rule')
  const first = priorityOf(settings, request.slot)
  const taken = facts.rulePriorities.find(
    (priority) => priority >= first && priority < first + prioritiesPerSlot,
  )
  if (taken !== undefined) throw new OccupiedError(`rule preference ${taken}`, 'another rule')
}

function warningsFor(input: PlanInput): string[] {
  const { request, facts, addresses, membership } = input
  const warnings = [...(membership?.warnings ?? []), ...dnsWarnings(input)]
  if (request.config.acceptIPv6 && !facts.ipv6) {
    warnings.push('the kernel has no IPv6: the IPv6 part of the tunnel is left out')
  }
  if (addresses.length === 0) warnings.push('the tunnel has no address, so it carries nothing')
  return warnings
}
