import { businessError } from '@vpnext/api'
import {
  type Fd,
  clearLinger,
  closeInThread,
  localName,
  networkNamespaceCookie,
  peerName,
  sameNetworkNamespace,
  setMark,
  setSocketBuffers,
  socketDomain,
  socketType,
} from '@vpnext/native'
import type { NetworkSettings } from '@vpnext/network'
import type { HostRun } from '../abilities/host-run.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

/** What became of a socket. */
export interface Protection {
  /** A tunnel address the socket is connected from: its packets will keep that source and be lost. */
  readonly lateFor: string | undefined
}

/** The service stays in the network namespace it was started in. */
let home: bigint | undefined

/** Enough for 60 ms at 1 Gbit/s, in bytes; what systems allow everybody is a fortieth. */
const fastBuffers = { receive: 8 * 1024 * 1024, send: 8 * 1024 * 1024 }

/**
 * VpnConnection.protect: keeps a socket's packets out of every tunnel. The descriptor comes from a stranger and is
 * closed where that cannot keep anybody waiting, whatever happens. The datagram sockets of a tunnel with offload get buffers
 * that their host may not ask for itself, within what the kernel gives all UDP together (udp_mem).
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
  let close = closeInThread
  try {
    // Datagram sockets do not linger (net/ipv4/udp.c, udp_lib_close), and a thread costs more than all the rest.
    const type = checkSocket(fd)
    if (type === 'dgram') close = (socket) => socket.close()
    else clearLinger(fd)
    checkForeignTunnels(run, tunnels)
    setMark(fd, settings.protectMark, settings.protectMark)
    const isFast = tunnels.some((entry) => entry.run === run && entry.config.offload)
    if (type === 'dgram' && isFast) setSocketBuffers(fd, fastBuffers)
    return { lateFor: tunnelAddressOf(fd, run, tunnels) }
  } finally {
    close(fd)
  }
}

function checkSocket(fd: Fd): 'stream' | 'dgram' {
  const domain = socketDomain(fd)
  if (domain === undefined) throw refused('is not a socket')
  if (domain !== 'inet' && domain !== 'inet6') throw refused('is not an IPv4 or IPv6 socket')
  const type = socketType(fd)
  if (type !== 'stream' && type !== 'dgram') throw refused('is not a stream or datagram socket')
  home ??= networkNamespaceCookie()
  if (!sameNetworkNamespace(fd, home)) throw refused('belongs to another network namespace')
  return type
}

/** A mark takes a socket out of all tunnels, so nobody may set one under a tunnel that somebody else made. */
function checkForeignTunnels(run: HostRun, tunnels: readonly TunnelEntry[]): void {
  if (foreignTunnel(run, tunnels) !== undefined)
    throw businessError(201, { reason: 'the tunnel of another bundle covers this one' })
}

/** A tunnel of another bundle that covers the traffic of this host. */
export function foreignTunnel(run: HostRun, tunnels: readonly TunnelEntry[]): TunnelEntry | undefined {
  const { ownerUid, bundleName } = run.target.bundle
  return tunnels.find(({ scope, run: other }) => {
    const covers = scope.kind === 'device' || scope.uid === ownerUid
    const theirs = other.target.bundle
    return covers && (theirs.ownerUid !== ownerUid || theirs.bundleName !== bundleName)
  })
}

function tunnelAddressOf(fd: Fd, run: HostRun, tunnels: readonly TunnelEntry[]): string | undefined {
  const own = tunnels.filter((entry) => entry.run === run).flatMap((entry) => entry.config.addresses)
  if (own.length === 0 || peerName(fd) === undefined) return undefined
  const local = localName(fd)
  if (local.family !== 4 && local.family !== 6) return undefined
  return own.find(({ address }) => address === local.address)?.address
}

function refused(reason: string): Error {
  return businessError(2203004, { field: 'socketFd', reason })
}
