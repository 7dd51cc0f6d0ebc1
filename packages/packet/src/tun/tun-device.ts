import { duplicateDescriptor, Fd, setNonBlocking } from '@vpnext/native'

import { Arena } from '../arena/arena.ts'
import { type TrafficCounters, TrafficMeter } from '../counters.ts'
import { type BatchOptions, type Destination, iterate } from '../iterate.ts'
import type { TunBatch, TunSink } from '../packet-batch.ts'
import { Readiness } from '../readiness.ts'
import { negotiateOffload, type TunOffload, type WantedOffload } from './negotiate-offload.ts'
import { TunSource } from './tun-source.ts'
import { TunWriter } from './tun-writer.ts'

export interface TunDeviceOptions {
  /** Where packets lie. Share one with the socket they go to. Default: one of its own. */
  readonly arena?: Arena
  /** For a device made with virtio-net headers; a plain descriptor, as the API gives it, stays plain. Default `best`. */
  readonly offload?: WantedOffload
}

/**
 * A TUN device, read in batches on the event loop.
 *
 * ```ts
 * using tun = TunDevice.open(await connection.create(config))
 * for await (const batch of tun.batches({ signal, into: tun })) {
 *   while (batch.next()) tun.write(batch.offset, batch.length) // sends everything back
 * }
 * ```
 */
export class TunDevice implements TunSink, Destination, Disposable {
  readonly arena: Arena
  /** What was agreed with the kernel. */
  readonly offload: TunOffload
  readonly #fd: Fd
  readonly #source: TunSource
  readonly #writer: TunWriter
  readonly #readiness: Readiness
  readonly #received = new TrafficMeter()
  readonly #sent = new TrafficMeter()
  #state: 'idle' | 'iterated' = 'idle'

  private constructor(fd: Fd, arena: Arena, offload: TunOffload) {
    this.#fd = fd
    this.arena = arena
    this.offload = offload
    const common = { arena, fd, offload }
    this.#source = new TunSource({ ...common, meter: this.#received })
    this.#writer = new TunWriter({ ...common, meter: this.#sent })
    this.#readiness = new Readiness(fd)
  }

  /**
   * @param fd what `VpnConnection.create()` returned, or an owned descriptor. It is duplicated: the caller still closes
   * its own. Reads of all its duplicates no longer wait (O_NONBLOCK), even where the tunnel has `isBlocking`.
   * @throws SystemError EBADF, ENOTTY when it is no TUN; RangeError when the arena is full
   */
  static open(fd: number | Fd, options: TunDeviceOptions = {}): TunDevice {
    const own = duplicateDescriptor(typeof fd === 'number' ? fd : fd.number)
    try {
      const offload = negotiateOffload(own, options.offload ?? 'best')
      setNonBlocking(own, true)
      return new TunDevice(own, options.arena ?? Arena.create(), offload)
    } catch (error) {
      own.close()
      throw error
    }
  }

  /**
   * Batches of IP packets that the kernel routes into the tunnel. One iteration at a time.
   *
   * @throws signal's reason; SystemError EBADFD when the tunnel was destroyed; TypeError for a second iteration
   */
  async *batches(options: BatchOptions = {}): AsyncGenerator<TunBatch, void, undefined> {
    if (this.#state === 'iterated') throw new TypeError('batches: the device is iterated already')
    this.#state = 'iterated'
    try {
      yield* iterate(this.#source, this.#readiness, options)
    } finally {
      this.#state = 'idle'
    }
  }

  write(offset: number, length: number): void {
    this.#writer.write(offset, length)
  }

  flush(): 'done' {
    this.#writer.flush()
    return 'done'
  }

  /** Always: see {@link TunSink.write}. */
  hasRoom(): true {
    return true
  }

  /** At once. */
  async writable(): Promise<void> {
    this.flush()
  }

  /** `received`: from the kernel, out of the tunnel device; `sent`: into the kernel. */
  counters(): { readonly received: TrafficCounters; readonly sent: TrafficCounters } {
    return { received: this.#received.read(), sent: this.#sent.read() }
  }

  /** Closes its own descriptor; again: nothing. An iteration that goes on throws. */
  close(): void {
    this.#fd.close()
    this.#readiness[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
