import { watchNetlink } from '@vpnext/native'
import { abilityInterface } from '../protocol/host-interface.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { TunnelEntry } from './tunnel-entry.ts'
import type { Tunnels } from './tunnels.ts'

/**
 * Notices when somebody else deletes the interface of a tunnel (`ip link delete`): the rest of the tunnel is undone, and
 * its host is told. Until then the `unreachable` routes keep the covered traffic in.
 */
export function watchTunnelLinks(tunnels: Tunnels, logs: LogBook): Disposable {
  return watchNetlink(['link'], (event) => {
    if (event.kind !== 'link' || !event.deleted) return
    const entry = tunnels.list().find(({ interfaceName, state }) => {
      return state.kind === 'up' && interfaceName === event.link.name
    })
    if (entry !== undefined) void onGone(entry, tunnels, logs)
  })
}

async function onGone(entry: TunnelEntry, tunnels: Tunnels, logs: LogBook): Promise<void> {
  const { interfaceName, run, vpnId } = entry
  const { bundleName, ownerUid } = run.target.bundle
  const reason = 'somebody deleted the interface'
  logs.note('warn', { bundleName, ownerUid, pid: 0 }, `${interfaceName}: ${reason}`)
  await tunnels.end(entry).catch(() => undefined)
  const told = run.process?.peer.call(abilityInterface, 'TunnelGone', { vpnId, interfaceName, reason })
  await told?.catch(() => undefined)
}
