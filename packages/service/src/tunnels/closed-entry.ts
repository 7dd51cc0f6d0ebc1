import type { ClosedTunnel } from '@vpnext/network'
import type { AbilityTarget } from '../abilities/ability-target.ts'
import { HostRun } from '../abilities/host-run.ts'
import type { AlwaysOn } from '../always-on/always-on.ts'
import type { LogBook } from '../logs/log-book.ts'
import { serviceSubject } from '../logs/log-entry.ts'
import type { TunnelEntry } from './tunnel-entry.ts'
import type { Tunnels } from './tunnels.ts'

/**
 * Keeps the closed tunnels of extensions that are still always-on; opens the others. Where everything is to be closed while
 * there is no tunnel, that comes in their place.
 */
export async function adoptClosed(
  closed: readonly ClosedTunnel[],
  parts: { readonly tunnels: Tunnels; readonly alwaysOn: AlwaysOn; readonly logs: LogBook },
): Promise<void> {
  for (const tunnel of closed) {
    const { owner, ahead } = tunnel.request
    const target = parts.alwaysOn.lockedTarget(owner)
    if (target !== undefined && (ahead !== true || parts.alwaysOn.closesAhead(target.bundle))) {
      const entry = closedEntry(tunnel, target)
      parts.tunnels.adopt(entry)
      if (ahead !== true) await parts.tunnels.widen(entry)
      continue
    }
    await tunnel.destroy().catch((error: unknown) => {
      parts.logs.note('error', serviceSubject, `not undone: ${String(error)}`)
    })
  }
}

/** What is closed for an extension, as a tunnel that waits for its next host. */
export function closedEntry(
  closed: ClosedTunnel,
  target: AbilityTarget,
  failures: readonly string[] = [],
): TunnelEntry {
  const { config, scope, hostUid } = closed.request
  return {
    slot: closed.slot,
    interfaceName: closed.interfaceName,
    vpnId: config.vpnId,
    scope,
    lastAddress: config.addresses.at(-1)?.address,
    run: new HostRun(target, hostUid),
    config,
    warnings: failures.map((reason) => ({ field: 'lockdown', reason: `not closed whole: ${reason}` })),
    state: { kind: 'closed', tunnel: closed, createdAt: closed.createdAt },
  }
}
