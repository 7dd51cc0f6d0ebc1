import { provide } from '../provided.ts'
import { TcpSocket } from './tcp-socket.ts'
import { UdpSocket } from './udp-socket.ts'

/** `socket` of `@kit.NetworkKit`, as far as it is provided. */
export interface SocketNamespace {
  constructUDPSocketInstance(): UdpSocket
  constructTCPSocketInstance(): TcpSocket
}

export function socketNamespace(): SocketNamespace {
  return provide('socket', {
    constructUDPSocketInstance: () => new UdpSocket(),
    constructTCPSocketInstance: () => new TcpSocket(),
  })
}
