import type { Fd } from '@vpnext/native'
import { chunkBytes } from './limits.ts'

interface Waiting {
  readonly bytes: Uint8Array
  sent: number
  next: Waiting | undefined
  /** Owned; they go with the first byte. */
  readonly fds: readonly Fd[]
}

/** Gives bytes, and descriptors with the first of them, to the kernel; `'again'` when it takes none now. */
export type Transmit = (bytes: Uint8Array, fds: readonly Fd[]) => number | 'again'

/**
 * Messages on their way to the kernel, in order, in pieces that fit a seqpacket record. A linked list, because taking
 * the first of 50,000 elements from an array costs a copy of the others.
 */
export class Outbox {
  #head: Waiting | undefined
  #tail: Waiting | undefined
  #bytes = 0

  /** Bytes that the kernel has not taken yet. */
  get bytes(): number {
    return this.#bytes
  }

  /** Those of them that are not of the first message. */
  get bytesBehind(): number {
    return this.#head === undefined ? 0 : this.#bytes - (this.#head.bytes.length - this.#head.sent)
  }

  /** @param fds given away */
  add(bytes: Uint8Array, fds: readonly Fd[]): void {
    const last: Waiting = { bytes, sent: 0, fds, next: undefined }
    if (this.#tail === undefined) this.#head = last
    else this.#tail.next = last
    this.#tail = last
    this.#bytes += bytes.length
  }

  /** Sends until nothing waits or the kernel takes no more. @throws what `transmit` throws */
  flush(transmit: Transmit): void {
    for (let head = this.#head; head !== undefined; head = this.#removeFirst(head)) {
      while (head.sent < head.bytes.length) {
        const piece = head.bytes.subarray(head.sent, head.sent + chunkBytes)
        const taken = transmit(piece, head.sent === 0 ? head.fds : [])
        if (taken === 'again') return
        head.sent += taken
        this.#bytes -= taken
      }
    }
  }

  /** Forgets what waits and closes its descriptors. */
  clear(): void {
    for (let head = this.#head; head !== undefined; head = this.#removeFirst(head));
    this.#bytes = 0
  }

  /** Closes the descriptors of the first message, and returns the message after it. */
  #removeFirst({ fds, next }: Waiting): Waiting | undefined {
    this.#head = next
    if (next === undefined) this.#tail = undefined
    closeAll(fds)
    return next
  }
}

/** Closes descriptors of our own. */
export function closeAll(fds: readonly Fd[]): void {
  for (const fd of fds) fd.close()
}
