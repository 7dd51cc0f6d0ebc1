import { type Address, formatAddress, parseAddress, parsePrefix, PrefixSet } from '@vpnext/ip'
import { destroySockets, isSystemError, type SocketInfo } from '@vpnext/native'
import type { SocketsData, SocketsUndo, StaleSockets } from '../plan/step.ts'
import type { Undone } from './context.ts'

/** Closes sockets that the new tunnel leaves with a wrong source, so that programs learn it at once and connect again. */
export function applySockets(data: SocketsData): void {
  if (data.at === 'create') closeSockets(staleSocketFilter(data))
}

/** Closes sockets that have the gone tunnel's source. */
export function undoSockets({ own }: SocketsUndo): Undone {
  const addresses = new Set(own)
  const closed = closeSockets(
    (socket) =>
      socket.state !== 'listen' && isConnected(socket) && addresses.has(plain(socket.local.address)),
  )
  return closed === 0 ? undefined : `${closed} sockets`
}

/**
 * Which sockets are stale: connected to a covered destination, from an address that is neither the tunnel's nor loopback.
 * Spared are the host's own protected sockets, and connections from outside, which the guard lets go on: those to a port
 * that somebody listens on.
 */
export function staleSocketFilter(data: StaleSockets): (socket: SocketInfo) => boolean {
  const covered = PrefixSet.from(data.covered.map(parsePrefix).filter((prefix) => prefix !== undefined))
  const own = new Set(data.own)
  return (socket) => {
    if (socket.state === 'listen' || !isConnected(socket)) return false
    if (data.uid !== undefined && socket.uid !== data.uid) return false
    if (isProtected(socket, data)) return false
    const local = unmapped(socket.local.address)
    const remote = unmapped(socket.remote.address)
    if (local === undefined || remote === undefined) return false
    return covered.has(remote) && !isLoopback(local) && !own.has(formatAddress(local))
  }
}

function isProtected(socket: SocketInfo, { protectMark, hostUid }: StaleSockets): boolean {
  return (socket.mark & protectMark) === protectMark && (hostUid === undefined || socket.uid === hostUid)
}

function isConnected(socket: SocketInfo): boolean {
  return socket.remote.port !== 0 && !(socket.protocol === 'tcp' && socket.state === 'time-wait')
}

/** Aborting needs CONFIG_INET_DIAG_DESTROY; without it the guard still lets no stale packet out. */
function closeSockets(filter: (socket: SocketInfo) => boolean): number {
  try {
    return destroySockets(filter)
  } catch (error) {
    if (isSystemError(error, 'EOPNOTSUPP', 'ENOENT')) return 0
    throw error
  }
}

function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n
}

function plain(text: string): string {
  const address = unmapped(text)
  return address === undefined ? text : formatAddress(address)
}

/** An IPv6 socket that talks IPv4 has addresses like ::ffff:192.0.2.1 (RFC 4291 section 2.5.5.2). */
function unmapped(text: string): Address | undefined {
  const address = parseAddress(text)
  if (address?.family === 6 && address.value >> 32n === 0xffffn) {
    return { family: 4, value: address.value & 0xffff_ffffn }
  }
  return address
}
