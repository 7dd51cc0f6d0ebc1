import { formatAddress, parsePrefix, PrefixSet } from '@vpnext/ip'
import { isSystemError, listTcpSockets, type SocketInfo, type TcpSocketList } from '@vpnext/native'
import type { GuardTunnel, InboundConnection } from '../guard/model.ts'
import { plainAddress, socketAddress } from './socket-address.ts'

/** Below this only root listens (net.ipv4.ip_unprivileged_port_start). */
const FIRST_UNPRIVILEGED_PORT = 1024

/**
 * Tells connections from outside. Only one to a privileged port on which root listens is certain to be one: a program may
 * also connect from the port it listens on, as file sharing does, and such a connection must not stay outside the tunnel.
 */
export function inboundTest(sockets: readonly SocketInfo[]): (socket: SocketInfo) => boolean {
  const listening = rootsPorts(sockets)
  return ({ protocol, state, local }) => protocol === 'tcp' && state !== 'listen' && listening.has(local.port)
}

/**
 * The connections from outside that a new tunnel would cut. Nothing where the kernel cannot list sockets.
 *
 * @param list for a caller who has it open
 */
export function inboundConnections(
  model: GuardTunnel,
  list: TcpSocketList['read'] = listTcpSockets,
): InboundConnection[] {
  if (rootsPorts(orNothing(() => list('listening'))).size === 0) return []
  const sockets = orNothing(() => list('all'))
  const covered = PrefixSet.from(
    [...model.covered4, ...model.covered6].map(parsePrefix).filter((prefix) => prefix !== undefined),
  )
  const found = new Map<string, InboundConnection>()
  for (const { local, remote } of sockets.filter(inboundTest(sockets))) {
    const address = socketAddress(remote.address)
    if (address === undefined || !covered.has(address)) continue
    const remoteAddress = formatAddress(address)
    const connection = {
      family: address.family,
      remoteAddress,
      remotePort: remote.port,
      localPort: local.port,
    }
    found.set(`${plainAddress(remoteAddress)} ${remote.port} ${local.port}`, connection)
  }
  return [...found.values()]
}

/** Privileged ports on which root listens. */
function rootsPorts(sockets: readonly SocketInfo[]): ReadonlySet<number> {
  const listeners = sockets.filter(
    ({ state, uid, local }) => state === 'listen' && uid === 0 && local.port < FIRST_UNPRIVILEGED_PORT,
  )
  return new Set(listeners.map(({ local }) => local.port))
}

function orNothing(list: () => SocketInfo[]): SocketInfo[] {
  try {
    return list()
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'EPROTONOSUPPORT')) return []
    throw error
  }
}
