import type { Socket } from 'node:net'

import { receivedBuffer } from './socket-data.ts'

/** Who tells an application what happens on a connection. */
interface Relay {
  emit(name: 'message' | 'error' | 'close', value?: unknown): void
}

/**
 * Tells of what comes over a connected stream, of its error and of its end: `message` with
 * `{ message: ArrayBuffer, remoteInfo: { address, family, port, size } }`.
 *
 * @param asError makes node's error the kit's
 */
export function relayStream(socket: Socket, relay: Relay, asError: (error: Error) => Error): void {
  const { remoteAddress: address = '', remotePort: port = 0, remoteFamily: family = '' } = socket
  socket.on('data', (bytes: Buffer) => {
    const message = receivedBuffer(bytes)
    relay.emit('message', { message, remoteInfo: { address, family, port, size: bytes.length } })
  })
  socket.on('error', (error) => relay.emit('error', asError(error)))
  socket.on('close', () => relay.emit('close'))
}
