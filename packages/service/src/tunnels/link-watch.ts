import { Rtnetlink, watchNetlink } from '@vpnext/native'
import { abilityInterface } from '../protocol/host-interface.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { TunnelEntry } from './tunnel-entry.ts'
import type { Tunnels } from './tunnels.ts'

/**
 * Notices when somebody else deletes the interface of a tunnel (`ip link delete`): the rest of the tunnel is undone, and
 * its host is told. Until then the `unreachable` routes keep the covered traffic in.
 */
export function watchTunnelLinks(tunnels: Tunnels, logs: LogBook): Disposable {
  const endMissing = (isMissing: (interfaceName: string) => boolean): void => {
    for (const entry of tunnels.list()) {
      if (entry.state.kind === 'up' && isMissing(entry.interfaceName)) void onGone(entry, tunnels, logs)
    }
  }
  return watchNetlink(['link'], (event) => {
    switch (event.kind) {
      case 'link':
        if (event.deleted) endMissing((name) => name === event.link.name)
        return
      case 'overrun': {
        const present = linkNames()
        endMissing((name) => !present.has(name))
        return
      }
      case 'address':
      case 'route':
      case 'rule':
        return
      default:
        event satisfies never
    }
  })
}

function linkNames(): ReadonlySet<string> {
  using netlink = Rtnetlink.open()
  return new Set(netlink.links().map((link) => link.name))
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
