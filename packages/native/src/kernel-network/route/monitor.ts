import { isSystemError } from '../../system-error.ts'
import { watchFd } from '../../watch-fd.ts'
import { NETLINK_ROUTE } from '../netlink/constants.ts'
import { readMessages } from '../netlink/message-reader.ts'
import type { NetlinkMessage } from '../netlink/message-reader.ts'
import { NetlinkSocket } from '../netlink/socket.ts'
import { readAddress } from './address-message.ts'
import {
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWROUTE,
  RTM_NEWRULE,
} from './constants.ts'
import { bitsOf } from './groups.ts'
import type { NetlinkGroup } from './groups.ts'
import { readLink } from './link-reader.ts'
import type { Link, RtAddress, RtRoute, RtRule } from './objects.ts'
import { readRoute } from './route-reader.ts'
import { readRule } from './rule-reader.ts'

/** One change of the kernel's network, or the news that some were lost. */
export type NetlinkEvent =
  | { readonly kind: 'link'; readonly deleted: boolean; readonly link: Link }
  | { readonly kind: 'address'; readonly deleted: boolean; readonly address: RtAddress }
  | { readonly kind: 'route'; readonly deleted: boolean; readonly route: RtRoute }
  | { readonly kind: 'rule'; readonly deleted: boolean; readonly rule: RtRule }
  | { readonly kind: 'overrun' }

/** Datagrams taken per turn of the event loop, so that a storm of events does not stop everything else. */
const DATAGRAMS_PER_TURN = 256

/**
 * Tells of changes in the network namespace that the calling thread is in now, until disposed. The callback is called
 * from the event loop, in the order of the changes. After `overrun` (ENOBUFS: the queue of 4 MiB was full) the caller
 * reads everything anew with {@link Rtnetlink}. Repeated and unchanged objects are told too: the kernel sends a link
 * again whenever one of its many properties changes.
 *
 * @param groups at least one
 * @throws SystemError when the socket cannot be made
 */
export function watchNetlink(
  groups: readonly Exclude<NetlinkGroup, 'netconf4'>[],
  onEvent: (event: NetlinkEvent) => void,
): Disposable {
  const socket = NetlinkSocket.open(NETLINK_ROUTE, bitsOf(groups))
  try {
    const watch = watchFd(socket.fd, { readable: true }, () => readEvents(socket, onEvent))
    return {
      [Symbol.dispose]() {
        watch[Symbol.dispose]()
        socket[Symbol.dispose]()
      },
    }
  } catch (error) {
    socket[Symbol.dispose]()
    throw error
  }
}

function readEvents(socket: NetlinkSocket, onEvent: (event: NetlinkEvent) => void): void {
  for (let datagrams = 0; datagrams < DATAGRAMS_PER_TURN && !socket.fd.closed; datagrams++) {
    const length = receive(socket)
    if (length === 'nothing') return
    if (length === 'overrun') onEvent({ kind: 'overrun' })
    else {
      // Read before the first callback, which might dispose the socket.
      const events = [...readMessages(socket.buffer, length)].flatMap((message) => readEvent(message) ?? [])
      for (const event of events) if (!socket.fd.closed) onEvent(event)
    }
  }
}

function receive(socket: NetlinkSocket): number | 'nothing' | 'overrun' {
  try {
    return socket.receive() ?? 'nothing'
  } catch (error) {
    if (!isSystemError(error, 'ENOBUFS')) throw error
    // The kernel drops every further event, without another word, until the queue is empty (net/netlink/af_netlink.c,
    // NETLINK_S_CONGESTED). What is still queued is older than what the caller will read anew.
    socket.drain()
    return 'overrun'
  }
}

/** Reads one notification; undefined for what nobody asked for. */
export function readEvent(message: NetlinkMessage): NetlinkEvent | undefined {
  switch (message.type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      const link = readLink(message)
      return link && { kind: 'link', deleted: message.type === RTM_DELLINK, link }
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const address = readAddress(message)
      return address && { kind: 'address', deleted: message.type === RTM_DELADDR, address }
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      const route = readRoute(message)
      return route && { kind: 'route', deleted: message.type === RTM_DELROUTE, route }
    }
    case RTM_NEWRULE:
    case RTM_DELRULE: {
      const rule = readRule(message)
      return rule && { kind: 'rule', deleted: message.type === RTM_DELRULE, rule }
    }
    default:
      return undefined
  }
}
