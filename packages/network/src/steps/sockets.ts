import { formatAddress, parsePrefix, PrefixSet } from '@vpnext/ip'
import { destroySockets, isSystemError, type SocketInfo } from '@vpnext/native'
import type { SocketsData, SocketsUndo, StaleSockets } from '../plan/step.ts'
import { memberCgroups } from '../identity/cgroup-identity.ts'
import { isOwnedBy } from '../identity/member-sockets.ts'
import type { Undone } from './context.ts'
import { inboundTest } from './inbound.ts'
import { isLoopback, plainAddress, socketAddress } from './socket-address.ts'

/** Closes sockets that the new tunnel leaves with a wrong source, so that programs learn it at once and connect again. */
export function applySockets(data: SocketsData): void {
  if (data.at !== 'create') return
  closeSockets((sockets) => staleSocketTest(data, inboundTest(sockets), cgroupsOf(data)))
}

/** Closes sockets that have the gone tunnel's source. */
export function undoSockets({ own }: SocketsUndo): Undone {
  const addresses = new Set(own)
  const closed = closeSockets(
    () => (socket) => isConnected(socket) && addresses.has(plainAddress(socket.local.address)),
  )
  return closed === 0 ? undefined : `${closed} sockets`
}

/**
 * Which sockets are stale: connected to a covered destination, from an address that is neither the tunnel's nor loopback.
 * Spared are the host's own protected sockets, and connections from outside, which the guard lets go on.
 *
 * @param cgroups of included applications: their sockets may be older than their marks
 */
export function staleSocketTest(
  data: StaleSockets,
  isInbound: (socket: SocketInfo) => boolean,
  cgroups: ReadonlySet<bigint> = new Set(),
): (socket: SocketInfo) => boolean {
  const covered = PrefixSet.from(data.covered.map(parsePrefix).filter((prefix) => prefix !== undefined))
  const own = new Set(data.own)
  const isConcerned = concernTest(data, cgroups)
  return (socket) => {
    if (!isConnected(socket) || isInbound(socket) || isProtected(socket, data)) return false
    if (data.uid !== undefined && socket.uid !== data.uid) return false
    if (!isConcerned(socket)) return false
    const local = socketAddress(socket.local.address)
    const remote = socketAddress(socket.remote.address)
    if (local === undefined || remote === undefined) return false
    return covered.has(remote) && !isLoopback(local) && !own.has(formatAddress(local))
  }
}

/** An excluded application's socket without a mark is no longer outside, so it is closed as those of everybody else. */
function concernTest(
  { members }: StaleSockets,
  cgroups: ReadonlySet<bigint>,
): (socket: SocketInfo) => boolean {
  if (members === undefined) return () => true
  const isMember = (socket: SocketInfo): boolean =>
    isOwnedBy(
      {
        marks: new Set(members.marks),
        identityMask: members.identityMask,
        uids: new Set(members.uids),
        cgroups,
      },
      socket,
    )
  return members.kind === 'included' ? isMember : (socket) => !isMember(socket)
}

function cgroupsOf({ members }: StaleSockets): Set<bigint> {
  if (members?.kind !== 'included' || members.identity === undefined) return new Set()
  return memberCgroups(members.identity.root, members.identity.list, members.identity)
}

function isProtected(socket: SocketInfo, { protectMark, hostUid }: StaleSockets): boolean {
  return (socket.mark & protectMark) === protectMark && (hostUid === undefined || socket.uid === hostUid)
}

/** A TCP socket in time-wait has nothing left to say. */
function isConnected({ state, remote }: SocketInfo): boolean {
  return state !== 'listen' && state !== 'time-wait' && remote.port !== 0
}

/** Aborting needs CONFIG_INET_DIAG_DESTROY; without it the guard still lets no stale packet out. */
function closeSockets(makeTest: Parameters<typeof destroySockets>[0]): number {
  try {
    return destroySockets(makeTest)
  } catch (error) {
    if (isSystemError(error, 'EOPNOTSUPP', 'ENOENT', 'EPROTONOSUPPORT')) return 0
    throw error
  }
}
