import { isSystemError, listNft, Rtnetlink } from '@vpnext/native'
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
  try {
    return { kind: 'listing', listing: listNft() }
  } catch (error) {
    if (!isSystemError(error)) throw error
    const isClosed = error.code === 'EPERM' || error.code === 'EACCES'
    return { kind: 'unreadable', reason: isClosed ? 'only root can read it' : error.message }
  }
}
