import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

import { bindInet, inetSocket } from '@vpnext/native'

import type { AddressPair } from './addresses.ts'
import type { Namespace } from './namespace.ts'

/**
 * A UDP socket of a namespace. A socket stays in the namespace it was made in, so one process serves them all.
 *
 * @param address the socket's own, IPv4 or IPv6
 */
export function udpSocketInside(namespace: Namespace, address: string, port: number): UdpSocket {
  const family = address.includes(':') ? 6 : 4
  const fd = namespace.run(() => inetSocket(family, 'dgram'))
  try {
    bindInet(fd, address, port)
  } catch (error) {
    fd.close()
    throw error
  }
  return createSocket(family === 4 ? 'udp4' : 'udp6').bind({ fd: fd.release() })
}

/** {@link udpSocketInside} for both addresses of a host; neither when one cannot be had. */
export function udpSocketPairInside(
  namespace: Namespace,
  own: AddressPair,
  port: number,
): [UdpSocket, UdpSocket] {
  const v4 = udpSocketInside(namespace, own.v4, port)
  try {
    return [v4, udpSocketInside(namespace, own.v6, port)]
  } catch (error) {
    v4.close()
    throw error
  }
}

/** Sends a datagram that may get lost on the way, or not even leave, as on any network. */
export function sendDatagram(
  socket: UdpSocket,
  bytes: Uint8Array | string,
  port: number,
  address: string,
): void {
  socket.send(bytes, port, address, () => undefined)
}

/**
 * A TCP server of a namespace, on all its addresses of both families.
 *
 * @param accept gets each connection; the server owns it
 */
export async function tcpServerInside(
  namespace: Namespace,
  port: number,
  accept: (connection: Socket) => void,
): Promise<AsyncDisposable> {
  const connections = new Set<Socket>()
  const server = createServer((connection) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
    accept(connection)
  })
  // Without a host name, node makes the socket before listen() returns: inside the namespace.
  namespace.run(() => server.listen(port))
  await once(server, 'listening')
  return { [Symbol.asyncDispose]: () => closeServer(server, connections) }
}

/** Closes a UDP socket and waits until its descriptor is gone. */
export async function closeUdp(socket: UdpSocket): Promise<void> {
  const closed = once(socket, 'close')
  socket.close()
  await closed
}

async function closeServer(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const connection of connections) connection.destroy()
  await closed
}
