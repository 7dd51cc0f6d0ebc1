import { errorText } from '@vpnext/native'
import { type CheckedVpnConfig, type ConfigWarning, businessError } from '@vpnext/api'
import {
  type BesideTunnel,
  type GuardEndpoint,
  type Journal,
  type KernelFacts,
  type NetworkSettings,
  OccupiedError,
  type PlanMemory,
  type Scope,
  TunnelError,
  type TunnelPlan,
  UnsupportedError,
  chooseSlot,
  needsApplicationFacts,
  planTunnel,
  readApplicationFacts,
} from '@vpnext/network'
import { chooseInterfaceName } from './tunnel-claim.ts'

/** For whom a tunnel is. */
export interface PlannedFor {
  readonly config: CheckedVpnConfig
  readonly scope: Scope
  readonly hostUid: number
  readonly owner: { readonly uid: number; readonly bundleName: string }
  /** Whether it stays closed when the service is killed. */
  readonly lockdown: boolean
  /** Whether its host is outside with all its sockets. */
  readonly spareHost: boolean
  /** The tunnels that are up, but for one that it replaces. */
  readonly beside: readonly BesideTunnel[]
  /** Where the administrator lets its protected sockets lead; empty: anywhere. */
  readonly endpoints: readonly GuardEndpoint[]
}

/** What a plan is made beside. */
export interface PlanSurroundings {
  /** @throws SystemError when the kernel does not answer */
  readonly facts: () => KernelFacts
  readonly settings: NetworkSettings
  readonly plans: PlanMemory
  readonly journal: Journal
  /** Slots of the service's own tunnels, and of those on record. */
  readonly takenSlots: readonly number[]
  /** Interface names promised to tunnels that are being made. */
  readonly takenNames: readonly string[]
  /** Names of all installed bundles. */
  readonly installed: readonly string[]
  /** Bundles that the administrator lets out of a device tunnel. */
  readonly excludable: readonly string[]
}

/**
 * Plans a tunnel beside those that exist; changes nothing.
 *
 * @throws BusinessError 2200003 with the reason when this machine cannot do it
 */
export function planRequest(wanted: PlannedFor, surroundings: PlanSurroundings): TunnelPlan {
  const { settings, plans, journal, takenSlots, takenNames, installed, excludable } = surroundings
  return asSystemError(() => {
    const facts = surroundings.facts()
    const slot = chooseSlot(facts, settings, takenSlots)
    const names = new Set([...facts.interfaceNames, ...takenNames])
    const interfaceName = chooseInterfaceName(wanted.config.vpnId, slot, names)
    const request = { slot, interfaceName, excludable, ...wanted }
    if (!needsApplicationFacts(wanted)) return plans.plan(request, facts)
    return planTunnel(request, settings, facts, readApplicationFacts(journal, settings, { installed }))
  })
}

/** @throws BusinessError 2200003 for whatever `act` throws */
export function asSystemError<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw systemError(error)
  }
}

/** Warnings of the check and of the plan. */
export function warningsOf(config: CheckedVpnConfig, plan: TunnelPlan): ConfigWarning[] {
  return [...config.warnings, ...plan.warnings.map((reason) => ({ field: 'config', reason }))]
}

/** The 2200003 for whatever failed below. */
export function systemError(error: unknown): Error {
  if (error instanceof UnsupportedError) {
    return businessError(
      2200003,
      { field: error.field, reason: error.reason },
      { call: 'create', cause: error },
    )
  }
  const reason = errorText(error)
  if (error instanceof OccupiedError) {
    const hint = 'something else on this machine uses it; give the instance other settings'
    return businessError(2200003, { reason, hint }, { call: 'create', cause: error })
  }
  const incomplete = error instanceof TunnelError && error.rollbackFailures.length > 0
  const hint = incomplete ? { hint: 'run `vpnext doctor --repair` as root' } : {}
  return businessError(2200003, { reason, ...hint }, { call: 'create', cause: error })
}
