import type { CheckedVpnConfig } from '@vpnext/api'
import { type Fd, describeTun, isSystemError } from '@vpnext/native'
import type { Tunnel } from '@vpnext/network'
import { isDeepStrictEqual } from 'node:util'
import type { HostRun } from '../abilities/host-run.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

/**
 * Gives a kept tunnel to the host that follows, if it asks for the very same.
 *
 * @returns the entry, up again, and a descriptor of the same TUN, owned by the caller; undefined when the config differs or
 * somebody has deleted the interface meanwhile: then it has to be replaced
 */
export function takeOver(
  entry: TunnelEntry,
  run: HostRun,
  config: CheckedVpnConfig,
): { entry: TunnelEntry; fd: Fd } | undefined {
  if (entry.state.kind !== 'kept') return undefined
  const { tunnel, createdAt } = entry.state
  const same = isDeepStrictEqual(entry.config, config) && entry.run.hostUid === run.hostUid
  if (!same || !isAlive(tunnel)) return undefined
  const fd = tunnel.handOver()
  entry.run = run
  entry.state = { kind: 'up', tunnel, createdAt }
  return { entry, fd }
}

/** TUNGETIFF answers EBADFD once the interface is deleted. */
function isAlive(tunnel: Tunnel): boolean {
  try {
    describeTun(tunnel.fd)
    return true
  } catch (error) {
    if (isSystemError(error, 'EBADFD')) return false
    throw error
  }
}
