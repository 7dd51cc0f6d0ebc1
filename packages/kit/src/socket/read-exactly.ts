import type { Readable } from 'node:stream'

/**
 * Reads so many bytes of a stream that nobody else reads yet, and leaves the rest in it.
 *
 * @param count one at least
 * @throws Error when the stream ends, fails or is destroyed before
 */
export function readExactly(stream: Readable, count: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      stream.off('readable', onReadable)
      stream.off('end', onEnd)
      stream.off('close', onEnd)
      stream.off('error', onError)
    }
    const onError = (error: Error): void => {
      leave()
      reject(error)
    }
    const onEnd = (): void => onError(stream.errored ?? new Error('the connection was closed'))
    const onReadable = (): void => {
      const bytes: unknown = stream.read(count)
      if (!(bytes instanceof Uint8Array)) return
      // Of a stream that has ended, the rest.
      if (bytes.length < count) return onEnd()
      leave()
      resolve(bytes)
    }
    stream.on('readable', onReadable)
    stream.once('end', onEnd)
    stream.once('close', onEnd)
    stream.once('error', onError)
    if (stream.destroyed) onEnd()
    else onReadable()
  })
}
