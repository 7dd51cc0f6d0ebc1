import { createSocket } from 'node:dgram'
import { type Lab, labAddresses, labPorts } from '@vpnext/lab'
import { type Fd, inetSocket, isSystemError, readFd, setMark, watchFd, writeFd } from '@vpnext/native'

/**
 * Carries a tunnel's packets to the lab's gateway and back, as an extension does, through a protected socket.
 *
 * @param tun is owned from now on
 */
export function carry(lab: Lab, tun: Fd, protectMark: number): AsyncDisposable {
  const fd = lab.client.run(() => inetSocket(4, 'dgram'))
  setMark(fd, protectMark, protectMark)
  const socket = createSocket('udp4').bind({ fd: fd.release() })
  const buffer = Buffer.alloc(65_535)
  const watch = watchFd(tun, { readable: true }, () => {
    try {
      for (let length = readFd(tun, buffer); length !== 'again'; length = readFd(tun, buffer)) {
        const packet = Buffer.from(buffer.subarray(0, length))
        socket.send(packet, labPorts.plainGateway, labAddresses.gateway.v4, () => undefined)
      }
    } catch (error) {
      // The tunnel was destroyed under it.
      if (!isSystemError(error, 'EBADFD')) throw error
      watch[Symbol.dispose]()
    }
  })
  socket.on('message', (packet) => {
    if (!tun.closed) writeFd(tun, packet)
  })
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        watch[Symbol.dispose]()
        tun.close()
        socket.close(() => resolve())
      }),
  }
}
