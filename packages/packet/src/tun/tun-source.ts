import { readAt, SystemError } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import type { Descriptor } from '../descriptor.ts'
import type { TrafficMeter } from '../counters.ts'
import { completeChecksum, headerRoom, Segmenter } from '../offload/segmenter.ts'
import { gsoNone, needsChecksum, readVirtioHeader, virtioHeaderSize } from '../offload/virtio-header.ts'
import type { Room, TunBatch } from '../packet-batch.ts'
import { EAGAIN, EINTR } from '../errno.ts'
import { views } from '../views.ts'
import type { TunOffload } from './negotiate-offload.ts'

/** The longest IP packet. */
const longest = 65535
/** Room behind a packet for `pad`. */
const padding = 64

export interface TunSourceOptions {
  readonly arena: Arena
  /** An open, non-blocking TUN descriptor. */
  readonly fd: Descriptor
  /** What the descriptor gives. */
  readonly offload: TunOffload
  readonly meter: TrafficMeter
  /** Asked before each packet. */
  readonly room?: Room | undefined
}

/**
 * Reads a TUN descriptor, one packet, or with offload one long packet, per read, into one buffer that stays in the
 * processor's cache.
 */
export class TunSource implements TunBatch {
  readonly arena: Arena
  /** Changed by the owner when packets go elsewhere. */
  room: Room | undefined
  offset = 0
  length = 0
  /** Whether the last batch took all that there was; otherwise the next one goes on. */
  drained = true
  readonly #fd: Descriptor
  readonly #meter: TrafficMeter
  readonly #segmenter: Segmenter | undefined
  /** Where the IP packet of a read starts. */
  readonly #buffer: number
  readonly #saved = new Uint8Array(padding)
  readonly #reads: number
  #savedAt = -1
  #savedLength = 0
  /** Reads left in this batch. */
  #budget = 0
  #alone = false
  #packets = 0
  #state: 'empty' | 'packet' | 'segments' = 'empty'

  constructor(options: TunSourceOptions) {
    this.arena = options.arena
    this.room = options.room
    this.#fd = options.fd
    this.#meter = options.meter
    this.#segmenter = options.offload.kind === 'none' ? undefined : new Segmenter(options.arena)
    this.#reads = options.offload.kind === 'segments' ? 8 : 64
    // In front, room for the virtio-net header and for extension headers that a long IPv6 packet may have.
    this.#buffer = options.arena.allocate(64 + longest + headerRoom + padding) + 64
  }

  /**
   * Starts a batch: what the last one left, then up to 8 long packets or 64 plain ones, so that the other direction
   * gets its turn.
   *
   * @param alone whether no more than one is expected: then it is not looked whether there are others, which poll(2) tells
   * @returns false when there is nothing to read
   * @throws SystemError EBADFD when the device is gone
   */
  begin(alone = false): boolean {
    this.#alone = alone
    this.#budget = alone ? 1 : this.#reads
    this.#packets = 0
    this.drained = false
    return this.#state !== 'empty' || this.#read()
  }

  /** Ends a batch: counts it. */
  end(): void {
    if (this.#alone) this.drained = this.#state === 'empty'
    this.#meter.endBatch(this.#packets)
  }

  next(): boolean {
    this.#restore()
    for (;;) {
      if (this.room !== undefined && !this.room.hasRoom()) return false
      if (this.#state === 'packet') {
        this.#state = 'empty'
        return this.#count()
      }
      if (this.#state === 'segments' && this.#segmenter !== undefined) {
        if (this.#segmenter.next()) {
          this.offset = this.#segmenter.offset
          this.length = this.#segmenter.length
          return this.#count()
        }
        this.#state = 'empty'
      }
      if (!this.#read()) return false
    }
  }

  pad(multiple: number): number {
    const extra = (multiple - (this.length % multiple)) % multiple
    const { bytes } = this.arena
    const end = this.offset + this.length
    for (let index = 0; index < extra; index++) {
      this.#saved[index] = bytes[end + index] ?? 0
      bytes[end + index] = 0
    }
    this.#savedAt = end
    this.#savedLength = extra
    return this.length + extra
  }

  [Symbol.iterator](): Iterator<Uint8Array> {
    return views(this)
  }

  #restore(): void {
    for (let index = 0; index < this.#savedLength; index++) {
      this.arena.bytes[this.#savedAt + index] = this.#saved[index] ?? 0
    }
    this.#savedLength = 0
  }

  #count(): true {
    this.#packets++
    this.#meter.add(this.length)
    return true
  }

  /** Reads until there is a packet to give out. */
  #read(): boolean {
    const header = this.#segmenter === undefined ? 0 : virtioHeaderSize
    const start = this.#buffer - header
    while (this.#budget > 0) {
      const result = readAt(this.#fd.number, this.arena.address + start, header + longest)
      if (result === -EAGAIN || result === -EINTR) {
        this.drained = true
        return false
      }
      if (result < 0) throw new SystemError(-result, 'read', { detail: 'TUN' })
      this.#budget--
      if (this.#accept(result - header)) return true
      this.#meter.drop('malformed')
    }
    return false
  }

  #accept(length: number): boolean {
    if (length < 20) return false
    if (!this.#complete(length)) return false
    this.offset = this.#buffer
    this.length = length
    return true
  }

  /** Decides what a read has brought. */
  #complete(length: number): boolean {
    const segmenter = this.#segmenter
    if (segmenter !== undefined) {
      const header = readVirtioHeader(this.arena, this.#buffer - virtioHeaderSize)
      if (header.gsoType !== gsoNone) {
        if (!segmenter.begin(this.#buffer, length, header)) return false
        this.#state = 'segments'
        return true
      }
      if ((header.flags & needsChecksum) !== 0) {
        if (!completeChecksum(this.arena, this.#buffer, length, header)) return false
      }
    }
    this.#state = 'packet'
    return true
  }
}
