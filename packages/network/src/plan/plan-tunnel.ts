import type { Family } from '@vpnext/ip'
import { OccupiedError, UnsupportedError } from '../errors.ts'
import type { KernelFacts } from '../kernel-facts.ts'
import { type NetworkSettings, priorityOf, prioritiesPerSlot, slotCount, tableOf } from '../settings.ts'
import { describeStep } from './describe-step.ts'
import { dnsStep, guardStep, routesStep, rulesStep, socketSteps } from './policy-steps.ts'
import { interfaceSteps, systemSysctlSteps } from './interface-steps.ts'
import type { TunnelRequest } from './request.ts'
import type { PlanStep, TunnelPlan } from './step.ts'
import { judgeTraffic, type Traffic } from './traffic.ts'

/** What the parts of a plan are made from. */
export interface PlanInput {
  readonly request: TunnelRequest
  readonly settings: NetworkSettings
  readonly facts: KernelFacts
  readonly table: number
  readonly traffic: Traffic
  /** Addresses of the accepted families. */
  readonly addresses: TunnelRequest['config']['addresses']
}

/**
 * Thinks a tunnel through. Pure: reads and changes nothing.
 *
 * @param facts from `readKernelFacts`, of the network namespace in which the plan will be applied
 * @throws UnsupportedError for a request that this machine or version cannot fulfil; `field` names it
 * @throws OccupiedError when somebody else has the interface name, the table or the rule preferences
 * @throws RangeError for a slot, name or uid out of range
 */
export function planTunnel(
  request: TunnelRequest,
  settings: NetworkSettings,
  facts: KernelFacts,
): TunnelPlan {
  const table = tableOf(settings, request.slot)
  checkRequest(request, settings)
  checkSupport(request)
  checkFree(request, settings, facts, table)
  const present: Readonly<Record<Family, boolean>> = { 4: true, 6: facts.ipv6 }
  const accepted = { 4: request.config.acceptIPv4, 6: request.config.acceptIPv6 && facts.ipv6 }
  const input: PlanInput = {
    request,
    settings,
    facts,
    table,
    traffic: judgeTraffic(request.config, present),
    addresses: request.config.addresses.filter((address) => accepted[address.family]),
  }
  const sockets = socketSteps(input)
  const steps: PlanStep[] = [
    ...interfaceSteps(input),
    routesStep(input),
    ...systemSysctlSteps(input),
    guardStep(input),
    ...dnsStep(input),
    ...sockets.atDestroy,
    rulesStep(input),
    ...sockets.atCreate,
  ].map((step) => ({ ...step, describe: describeStep(step) }))
  return {
    slot: request.slot,
    interfaceName: request.interfaceName,
    table,
    scope: request.scope,
    owner: request.owner,
    settings,
    steps,
    warnings: warningsFor(input),
  }
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

function checkSupport({ config, scope }: TunnelRequest): void {
  for (const field of ['trustedApplications', 'blockedApplications'] as const) {
    if (config[field].length > 0) {
      throw new UnsupportedError(`config.${field}`, 'application lists are not there yet')
    }
  }
  if (scope.kind === 'user' && config.dnsServers.length > 0) {
    throw new UnsupportedError('config.dnsServers', 'DNS servers of a user tunnel need BPF rewriting')
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

function warningsFor({ request, facts, addresses }: PlanInput): string[] {
  const warnings: string[] = []
  if (request.config.acceptIPv6 && !facts.ipv6) {
    warnings.push('the kernel has no IPv6: the IPv6 part of the tunnel is left out')
  }
  if (addresses.length === 0) warnings.push('the tunnel has no address, so it carries nothing')
  return warnings
}
