import { businessError } from '@vpnext/api'
import {
  type Fd,
  clearLinger,
  closeInThread,
  describeSocket,
  localName,
  peerName,
  sameNetworkNamespace,
  setMark,
} from '@vpnext/native'
import type { NetworkSettings } from '@vpnext/network'
import type { HostRun } from '../abilities/host-run.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

/** What became of a socket. */
export interface Protection {
  /** A tunnel address the socket is connected from: its packets will keep that source and be lost. */
  readonly lateFor: string | undefined
}

/**
 * VpnConnection.protect: keeps a socket's packets out of every tunnel. The descriptor comes from a stranger and is
 * closed in a thread of its own, whatever happens.
 *
 * @param fd given away
 * @param tunnels all that exist
 * @throws BusinessError 2203004: no TCP or UDP socket of this network; 201: another bundle's tunnel covers the caller
 */
export function protectSocket(
  fd: Fd,
  run: HostRun,
  tunnels: readonly TunnelEntry[],
  settings: NetworkSettings,
): Protection {
  try {
    checkSocket(fd)
    clearLinger(fd)
    checkForeignTunnels(run, tunnels)
    setMark(fd, settings.protectMark, settings.protectMark)
    return { lateFor: tunnelAddressOf(fd, run, tunnels) }
  } finally {
    closeInThread(fd)
  }
}

function checkSocket(fd: Fd): void {
  const socket = describeSocket(fd)
  if (socket === undefined) throw refused('is not a socket')
  if (socket.domain !== 'inet' && socket.domain !== 'inet6') throw refused('is not an IPv4 or IPv6 socket')
  if (socket.type !== 'stream' && socket.type !== 'dgram') throw refused('is not a stream or datagram socket')
  if (!sameNetworkNamespace(fd)) throw refused('belongs to another network namespace')
}

/** A mark takes a socket out of all tunnels, so nobody may set one under a tunnel that somebody else made. */
function checkForeignTunnels(run: HostRun, tunnels: readonly TunnelEntry[]): void {
  const { ownerUid, bundleName } = run.target.bundle
  const foreign = tunnels.find(({ scope, run: other }) => {
    const covers = scope.kind === 'device' || scope.uid === ownerUid
    const theirs = other.target.bundle
    return covers && (theirs.ownerUid !== ownerUid || theirs.bundleName !== bundleName)
  })
  if (foreign !== undefined)
    throw businessError(201, { reason: 'the tunnel of another bundle covers this one' })
}

function tunnelAddressOf(fd: Fd, run: HostRun, tunnels: readonly TunnelEntry[]): string | undefined {
  if (peerName(fd) === undefined) return undefined
  const local = localName(fd)
  if (local.family !== 4 && local.family !== 6) return undefined
  const own = tunnels.filter((entry) => entry.run === run).flatMap((entry) => entry.config.addresses)
  return own.find(({ address }) => address === local.address)?.address
}

function refused(reason: string): Error {
  return businessError(2203004, { field: 'socketFd', reason })
}
