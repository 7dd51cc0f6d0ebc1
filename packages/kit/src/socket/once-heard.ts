import type { Socket } from 'node:net'

/**
 * Tells of what comes over a stream once somebody listens. The device does not read from a client of a server until there is a listener of
 * `message`, so what the client has sent by then is not lost.
 *
 * @param tell called with the bytes of each piece
 * @returns to be called when somebody listens
 */
export function onceHeard(socket: Socket, tell: (bytes: Buffer) => void): () => void {
  let heard = false
  socket.on('data', (bytes: Buffer) => {
    if (heard) return tell(bytes)
    // One piece waits here, and the rest with the kernel; a stream that nothing came over still tells of its end.
    socket.pause()
    socket.unshift(bytes)
  })
  return () => {
    if (heard) return
    heard = true
    if (socket.isPaused()) socket.resume()
  }
}
