import type { CheckedVpnConfig, ConfigWarning } from '@vpnext/api'
import { type ClosedTunnel, type MendTarget, type Scope, type Tunnel, sameScope } from '@vpnext/network'
import type { Infer } from '@vpnext/varlink'
import { bundleKey } from '../abilities/ability-target.ts'
import type { HostRun } from '../abilities/host-run.ts'
import type { closedInfo, tunnelInfo } from '../protocol/types.ts'
import type { TunnelClaim } from './tunnel-claim.ts'

/** How far a tunnel is. */
export type TunnelState =
  | { readonly kind: 'creating'; readonly abort: AbortController; readonly settled: Promise<unknown> }
  | { readonly kind: 'up'; readonly tunnel: Tunnel; readonly createdAt: number }
  /** Its host has died, and it stays closed until the next one takes it over or replaces it (always-on). */
  | { readonly kind: 'kept'; readonly tunnel: Tunnel; readonly createdAt: number }
  /** The service that had it was killed: it has no TUN any more, and its traffic goes nowhere until it is replaced (always-on). */
  | { readonly kind: 'closed'; readonly tunnel: ClosedTunnel; readonly createdAt: number }
  | { readonly kind: 'ending'; readonly ended: Promise<void> }

/** A tunnel of a host, or the place that is kept for it. */
export interface TunnelEntry extends TunnelClaim {
  readonly slot: number
  /** The host it belongs to; the dead one while it is kept. */
  run: HostRun
  readonly config: CheckedVpnConfig
  readonly warnings: readonly ConfigWarning[]
  state: TunnelState
}

/**
 * The tunnel as the protocol shows it; undefined while it does not stand.
 *
 * @param closed why nothing gets through it
 */
export function describeTunnel(
  entry: TunnelEntry,
  closed: Infer<typeof closedInfo> | undefined,
): Infer<typeof tunnelInfo> | undefined {
  const { config, run, state } = entry
  if (state.kind !== 'up' && state.kind !== 'kept' && state.kind !== 'closed') return undefined
  const destinations = (excluded: boolean): string[] =>
    config.routes.filter((route) => route.excluded === excluded).map((route) => route.destination)
  return {
    bundleName: run.target.bundle.bundleName,
    abilityName: run.target.ability.name,
    ownerUid: run.target.bundle.ownerUid,
    vpnId: entry.vpnId,
    interfaceName: entry.interfaceName,
    scope: entry.scope.kind,
    addresses: config.addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    routes: destinations(false),
    excludedRoutes: destinations(true),
    dnsServers: [...config.dnsServers],
    searchDomains: [...config.searchDomains],
    mtu: config.mtu,
    acceptIPv4: config.acceptIPv4,
    acceptIPv6: config.acceptIPv6,
    trustedApplications: [...config.trustedApplications],
    blockedApplications: [...config.blockedApplications],
    createdAt: state.createdAt,
    ...(state.kind === 'closed' ? noTraffic : countersOf(state.tunnel)),
    warnings: [...entry.warnings],
    ...(closed !== undefined && { closed }),
  }
}

const noTraffic = { rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0 } as const

function countersOf(tunnel: Tunnel): {
  rxBytes: number
  txBytes: number
  rxPackets: number
  txPackets: number
} {
  try {
    const { rxBytes, txBytes, rxPackets, txPackets } = tunnel.counters()
    return { rxBytes, txBytes, rxPackets, txPackets }
  } catch {
    // The interface went this moment; that it did is reported on its own.
    return noTraffic
  }
}

/** Whether it waits for the next host of its extension. */
export function isWaiting({ kind }: TunnelState): boolean {
  return kind === 'kept' || kind === 'closed'
}

/** Whether it is no tunnel, but what the policy has closed while there is none. */
export function isAhead(state: TunnelState): boolean {
  return state.kind === 'closed' && state.tunnel.request.ahead === true
}

/** Whether it gives way to a new tunnel of its bundle with this vpnId. */
export function isFormer({ state, vpnId }: TunnelEntry, next: string): boolean {
  return isAhead(state) || (isWaiting(state) && vpnId === next)
}

/** Those of a bundle and scope. */
export function ofBundle(
  entries: readonly TunnelEntry[],
  scope: Scope,
  bundle: Parameters<typeof bundleKey>[0],
): TunnelEntry[] {
  return entries.filter(
    (entry) => sameScope(entry.scope, scope) && bundleKey(entry.run.target.bundle) === bundleKey(bundle),
  )
}

/** A tunnel, or what is closed, that the traffic of a scope is in already. */
export function standingIn(entries: readonly TunnelEntry[], scope: Scope): TunnelEntry | undefined {
  return entries.find(
    (entry) =>
      (entry.state.kind === 'up' || isWaiting(entry.state)) &&
      (entry.scope.kind === 'device' || sameScope(entry.scope, scope)),
  )
}

/** What of a tunnel is to be in the kernel; nothing while it does not stand. */
export function mendTargetOf({ state }: TunnelEntry): (MendTarget & { readonly createdAt: number })[] {
  switch (state.kind) {
    case 'up':
    case 'kept':
      return [{ ...state.tunnel.plan, createdAt: state.createdAt }]
    case 'closed':
      return [{ ...state.tunnel }]
    case 'creating':
    case 'ending':
      return []
    default:
      return state satisfies never
  }
}
