import { Rtnetlink, watchNetlink } from '@vpnext/native'
import { abilityInterface } from '../protocol/host-interface.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { TunnelEntry } from './tunnel-entry.ts'
import type { Tunnels } from './tunnels.ts'

/**
 * Notices when somebody else deletes the interface of a tunnel (`ip link delete`): the rest of the tunnel is undone, and
 * its host is told. Until then the `unreachable` routes keep the covered traffic in.
 */
export function watchTunnelLinks(tunnels: Pick<Tunnels, 'list' | 'end'>, logs: LogBook): Disposable {
  // By index: the news that a tunnel's interface went may come when the next one of its name stands already.
  const endMissing = (isMissing: (index: number) => boolean): void => {
    for (const entry of tunnels.list()) {
      const { state } = entry
      if (state.kind === 'up' && isMissing(state.tunnel.interfaceIndex)) void onGone(entry, tunnels, logs)
    }
  }
  return watchNetlink(['link'], (event) => {
    switch (event.kind) {
      case 'link':
        if (event.deleted) endMissing((index) => index === event.link.index)
        return
      case 'overrun': {
        const present = linkIndexes()
        endMissing((index) => !present.has(index))
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

function linkIndexes(): ReadonlySet<number> {
  using netlink = Rtnetlink.open()
  return new Set(netlink.links().map((link) => link.index))
}

async function onGone(entry: TunnelEntry, tunnels: Pick<Tunnels, 'end'>, logs: LogBook): Promise<void> {
  const { interfaceName, run, vpnId } = entry
  const { bundleName, ownerUid } = run.target.bundle
  const reason = 'somebody deleted the interface'
  logs.note('warn', { bundleName, ownerUid, pid: 0 }, `${interfaceName}: ${reason}`)
  await tunnels.end(entry).catch(() => undefined)
  const told = run.process?.peer.call(abilityInterface, 'TunnelGone', { vpnId, interfaceName, reason })
  await told?.catch(() => undefined)
}
