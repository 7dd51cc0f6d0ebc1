import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Namespace } from '@vpnext/lab'
import { bindInet, inetSocket } from '@vpnext/native'

/** A UDP socket of IPv4 in a namespace. @param port 0 for any */
export function openUdp(host: Namespace, address: string, port = 0): Socket {
  const fd = host.run(() => inetSocket(4, 'dgram'))
  bindInet(fd, address, port)
  return createSocket('udp4').bind({ fd: fd.release() })
}

/** Closes a socket, and resolves when it is closed. */
export async function closeUdp(socket: Socket): Promise<void> {
  socket.close()
  await once(socket, 'close')
}
