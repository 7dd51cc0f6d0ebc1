import { isSystemError, listNft, processCapabilities, Rtnetlink } from '@vpnext/native'
import type { NetworkView } from './packet.ts'

/**
 * Reads what decides about packets in the network namespace of the calling thread. Changes nothing. Routing is open to
 * everybody; the packet filter only to root.
 *
 * @throws SystemError when rtnetlink does not answer
 */
export function readNetworkView(): NetworkView {
  using netlink = Rtnetlink.open()
  return {
    links: netlink.links(),
    routes: netlink.routes(),
    rules: netlink.rules(),
    filter: readFilter(),
  }
}

function readFilter(): NetworkView['filter'] {
  // Without it, libnftables does not only fail, but writes to standard error by itself.
  if (!processCapabilities().effective.includes('CAP_NET_ADMIN')) {
    return { kind: 'unreadable', reason: 'only root can read it' }
  }
  try {
    return { kind: 'listing', listing: listNft() }
  } catch (error) {
    if (!isSystemError(error)) throw error
    return { kind: 'unreadable', reason: error.message }
  }
}
