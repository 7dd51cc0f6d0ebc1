import type { Socket } from 'node:net'

import { onceHeard } from './once-heard.ts'
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
 * @returns to be called when somebody listens to `message`: until then what comes waits
 */
export function relayStream(socket: Socket, relay: Relay, asError: (error: Error) => Error): () => void {
  const { remoteAddress: address = '', remotePort: port = 0, remoteFamily: family = '' } = socket
  const hear = onceHeard(socket, (bytes) => {
    const message = receivedBuffer(bytes)
    relay.emit('message', { message, remoteInfo: { address, family, port, size: bytes.length } })
  })
  socket.on('error', (error) => relay.emit('error', asError(error)))
  socket.on('close', () => relay.emit('close'))
  return hear
}
