import { businessError } from '@vpnext/api'
import { type Scope, sameScope } from '@vpnext/network'

/** Tunnels with a vpnId that may exist at a time, as on the device (openharmony-behaviour.md 3.7). */
export const maxNamedTunnels = 20

/** What decides whether two tunnels may exist side by side. */
export interface TunnelClaim {
  /** `''` for the single tunnel of a scope. */
  readonly vpnId: string
  readonly scope: Scope
  readonly interfaceName: string
  /** Text of its last address; undefined when it has none. */
  readonly lastAddress: string | undefined
}

/**
 * Whether a tunnel may be made beside those that are there.
 *
 * @param existing all tunnels of the service, those being made and those ending included
 * @throws BusinessError 2203002: the place is taken; 2200003: more than {@link maxNamedTunnels}, or the last address of
 * another named tunnel
 */
export function checkClaim(
  existing: readonly TunnelClaim[],
  wanted: Omit<TunnelClaim, 'interfaceName'>,
): void {
  const rival = existing.find((claim) => excludesScope(claim.scope, wanted.scope))
  if (rival !== undefined) {
    const whose = rival.scope.kind === 'device' ? 'a tunnel for the whole device' : "another user's tunnel"
    throw businessError(2203002, { reason: `${whose} is up, and device and user tunnels exclude each other` })
  }
  const beside = existing.filter((claim) => sameScope(claim.scope, wanted.scope))
  if (beside.some((claim) => claim.vpnId === wanted.vpnId)) {
    const which = wanted.vpnId === '' ? 'a tunnel of this scope is up' : 'a tunnel with this vpnId is up'
    throw businessError(2203002, { ...(wanted.vpnId !== '' && { field: 'config.vpnId' }), reason: which })
  }
  if (wanted.vpnId === '') return
  const named = existing.filter((claim) => claim.vpnId !== '')
  if (named.length >= maxNamedTunnels) {
    throw businessError(2200003, {
      field: 'config.vpnId',
      reason: `${maxNamedTunnels} tunnels with a vpnId are up already`,
    })
  }
  if (wanted.lastAddress !== undefined && named.some((claim) => claim.lastAddress === wanted.lastAddress)) {
    throw businessError(2200003, {
      field: 'config.addresses',
      reason: `${wanted.lastAddress} is the address of another tunnel with a vpnId`,
    })
  }
}

/**
 * The interface name of a new tunnel: `multitun-vpn<N>` with the lowest free N from 1 for a vpnId, else `vpn-tun`, or
 * `vpn-tun<slot>` where that name is taken.
 *
 * @param taken names that exist or are promised
 */
export function chooseInterfaceName(vpnId: string, slot: number, taken: ReadonlySet<string>): string {
  if (vpnId === '') return taken.has('vpn-tun') ? `vpn-tun${slot}` : 'vpn-tun'
  for (let number = 1; ; number += 1) {
    const name = `multitun-vpn${number}`
    if (!taken.has(name)) return name
  }
}

function excludesScope(one: Scope, other: Scope): boolean {
  return one.kind !== other.kind
}
