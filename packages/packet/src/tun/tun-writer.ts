import { SystemError, writeAt, writeVectorAt } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import { writeAddress } from '../arena/pointer.ts'
import type { Descriptor } from '../descriptor.ts'
import type { TrafficMeter } from '../counters.ts'
import { EAGAIN, EBADF, EBADFD, EINTR, EIO, ENOBUFS, ENOMEM } from '../errno.ts'
import { Coalescer } from '../offload/coalescer.ts'
import { virtioHeaderSize } from '../offload/virtio-header.ts'
import type { TunSink } from '../packet-batch.ts'
import type { TunOffload } from './negotiate-offload.ts'

/** sizeof(struct iovec). */
const vectorEntry = 16

export interface TunWriterOptions {
  readonly arena: Arena
  /** An open TUN descriptor. */
  readonly fd: Descriptor
  /** What the descriptor takes. */
  readonly offload: TunOffload
  readonly meter: TrafficMeter
}

/** Writes IP packets to a TUN descriptor, with offload joined to long ones. */
export class TunWriter implements TunSink {
  readonly #arena: Arena
  readonly #fd: Descriptor
  readonly #meter: TrafficMeter
  readonly #coalescer: Coalescer | undefined
  /** An empty virtio-net header. */
  readonly #emptyHeader: number
  /** Two struct iovec: the empty header and a packet. */
  readonly #vector: number
  readonly #vnetHeader: boolean
  #packets = 0

  constructor(options: TunWriterOptions) {
    const { arena, offload } = options
    this.#arena = arena
    this.#fd = options.fd
    this.#meter = options.meter
    this.#vnetHeader = offload.kind !== 'none'
    this.#emptyHeader = arena.allocate(virtioHeaderSize)
    this.#vector = arena.allocate(2 * vectorEntry)
    writeAddress(arena, this.#vector, this.#emptyHeader)
    arena.view.setUint32(this.#vector + 8, virtioHeaderSize, true)
    if (offload.kind === 'segments') {
      this.#coalescer = new Coalescer(arena, offload.udp, (offset, length, packets) => {
        this.#settle(
          writeAt(this.#fd.number, arena.address + offset, length),
          length - virtioHeaderSize,
          packets,
        )
      })
    }
  }

  write(offset: number, length: number): void {
    // The offset becomes an address: outside the arena is other memory of the process.
    if (!(offset >= 0 && length > 0 && offset + length <= this.#arena.bytes.length))
      throw outside(offset, length)
    this.#packets++
    if (this.#coalescer !== undefined && this.#coalescer.take(offset, length)) return
    this.#settle(
      this.#vnetHeader ? this.#writeWithHeader(offset, length) : this.#writePlain(offset, length),
      length,
      1,
    )
  }

  flush(): void {
    this.#coalescer?.flush()
    this.#meter.endBatch(this.#packets)
    this.#packets = 0
  }

  #writePlain(offset: number, length: number): number {
    return writeAt(this.#fd.number, this.#arena.address + offset, length)
  }

  #writeWithHeader(offset: number, length: number): number {
    writeAddress(this.#arena, this.#vector + vectorEntry, offset)
    this.#arena.view.setUint32(this.#vector + vectorEntry + 8, length, true)
    return writeVectorAt(this.#fd.number, this.#arena.address + this.#vector, 2)
  }

  #settle(result: number, bytes: number, packets: number): void {
    if (result >= 0) {
      this.#meter.addMany(packets, bytes)
      return
    }
    switch (-result) {
      case EBADF:
      case EBADFD:
        throw new SystemError(-result, 'write', { detail: 'TUN' })
      case EIO:
        return this.#meter.drop('interfaceDown', packets)
      case EAGAIN:
      case EINTR:
      case ENOBUFS:
      case ENOMEM:
        return this.#meter.drop('full', packets)
      default:
        return this.#meter.drop('refused', packets)
    }
  }
}

function outside(offset: number, length: number): RangeError {
  return new RangeError(`${length} bytes at ${offset}: not in the arena`)
}
