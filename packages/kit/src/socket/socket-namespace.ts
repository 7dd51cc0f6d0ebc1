import { type Permit, permitAll } from '../permissions.ts'
import { provide } from '../provided.ts'
import { parameterError } from './socket-error.ts'
import { proxyTypes } from './proxy-options.ts'
import { LocalSocket } from './local-socket.ts'
import { LocalSocketServer } from './local-socket-server.ts'
import { MulticastSocket } from './multicast-socket.ts'
import { TcpSocket } from './tcp-socket.ts'
import { TcpSocketServer } from './tcp-socket-server.ts'
import { protocol } from './tls-options.ts'
import { TlsSocket } from './tls-socket.ts'
import { TlsSocketServer } from './tls-socket-server.ts'
import { UdpSocket } from './udp-socket.ts'

/** `socket` of `@kit.NetworkKit`, as far as it is provided. */
export interface SocketNamespace {
  constructUDPSocketInstance(): UdpSocket
  constructMulticastSocketInstance(): MulticastSocket
  constructTCPSocketInstance(): TcpSocket
  constructTCPSocketServerInstance(): TcpSocketServer
  constructTLSSocketInstance(tcpSocket?: unknown): TlsSocket
  constructTLSSocketServerInstance(): TlsSocketServer
  constructLocalSocketInstance(): LocalSocket
  constructLocalSocketServerInstance(): LocalSocketServer
  readonly Protocol: typeof protocol
  readonly ProxyTypes: typeof proxyTypes
}

/**
 * @param admit called with the descriptor of each new client socket, before anything leaves by it. Where it rejects, the socket is not used
 * @param permit asked before a socket is used; local sockets need no permission
 */
export function socketNamespace(
  admit: (fd: number) => Promise<void>,
  permit: Permit = permitAll,
): SocketNamespace {
  const permitted = (): void => permit('ohos.permission.INTERNET')
  const begin = async (fd: number): Promise<void> => {
    permitted()
    await admit(fd)
  }
  return provide('socket', {
    constructUDPSocketInstance: () => new UdpSocket(begin),
    constructMulticastSocketInstance: () => new MulticastSocket(begin),
    constructTCPSocketInstance: () => new TcpSocket(begin),
    constructTCPSocketServerInstance: () => new TcpSocketServer(permitted),
    constructTLSSocketInstance: (tcpSocket?: unknown) => {
      if (tcpSocket === undefined) return new TlsSocket(begin)
      if (TcpSocket.is(tcpSocket)) return new TlsSocket(begin, tcpSocket)
      throw parameterError('tcpSocket', 'is not a TCPSocket')
    },
    constructTLSSocketServerInstance: () => new TlsSocketServer(permitted),
    constructLocalSocketInstance: () => new LocalSocket(),
    constructLocalSocketServerInstance: () => new LocalSocketServer(),
    Protocol: provide('socket.Protocol', protocol),
    ProxyTypes: provide('socket.ProxyTypes', proxyTypes),
  })
}
