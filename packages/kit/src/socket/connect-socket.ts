import { type Socket, isIP } from 'node:net'

import type { SocketAddress } from './socket-address.ts'
import { asSocketError, socketError } from './socket-error.ts'

/** Milliseconds that a server has to answer when nobody says (DEFAULT_CONNECT_TIMEOUT of OpenHarmony's netstack). */
export const answerTime = 5000

/**
 * Connects a socket that has a descriptor already.
 *
 * @param way.timeout milliseconds; 0: `otherwise`
 * @param way.otherwise milliseconds from when the address is known; absent: the kernel's
 * @throws BusinessError; the socket is destroyed then
 */
export function connectSocket(
  socket: Socket,
  way: {
    readonly remote: SocketAddress
    readonly local: SocketAddress
    readonly timeout: number
    readonly otherwise?: number
  },
): Promise<void> {
  const { remote, local, timeout, otherwise } = way
  return new Promise((resolve, reject) => {
    const end = (error?: unknown): void => {
      clearTimeout(timer)
      socket.off('lookup', onLookup)
      socket.off('connect', onConnect)
      socket.off('close', onClose)
      socket.off('error', end)
      if (error === undefined) return resolve()
      // Whatever else it says while it is torn down is no news.
      socket.on('error', () => undefined)
      socket.destroy()
      reject(asSocketError(error))
    }
    const onConnect = (): void => end()
    const onClose = (): void => end(socketError('ECONNABORTED', 'the socket was closed meanwhile'))
    let timer: NodeJS.Timeout | undefined
    const limit = (time: number): void => {
      timer = setTimeout(() => end(socketError('ETIMEDOUT', `no answer within ${time} ms`)), time)
    }
    const onLookup = (): void => {
      if (timeout === 0 && otherwise !== undefined) limit(otherwise)
    }
    if (timeout > 0) limit(timeout)
    else if (isIP(remote.host) === 0) socket.once('lookup', onLookup)
    else onLookup()
    socket.once('connect', onConnect)
    socket.once('close', onClose)
    socket.once('error', end)
    const from = { localAddress: local.host, localPort: local.port }
    socket.connect({ host: remote.host, port: remote.port, family: remote.family, ...from })
  })
}
