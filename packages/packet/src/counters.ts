/** Why a packet went no further. */
export const dropReasons = [
  /** Its headers contradict its length, or the offload description is wrong. */
  'malformed',
  /** It did not fit into the receive buffer. */
  'truncated',
  /** The kernel refused it (EINVAL, or an error that has no reason of its own here). */
  'refused',
  /** Longer than the way allows (EMSGSIZE). */
  'tooBig',
  /** No way there: no route, no such host, network down, nobody listens. */
  'unreachable',
  /** A packet filter said no (EPERM, EACCES). */
  'denied',
  /** No buffer was free. */
  'full',
  /** The TUN device is down (EIO). */
  'interfaceDown',
] as const

export type DropReason = (typeof dropReasons)[number]

/** Batches of 1, 2 to 3, 4 to 7, … packets, and finally of 512 and more. */
const histogramSize = 10

const packetsAt = 0
const bytesAt = 1
const batchesAt = 2
const waitsAt = 3
const histogramAt = 4
const dropsAt = histogramAt + histogramSize
const fieldCount = dropsAt + dropReasons.length

/** What has passed in one direction of one device. */
export interface TrafficCounters {
  readonly packets: number
  /** Bytes of IP packets (TUN) or of datagram payload (UDP). */
  readonly bytes: number
  readonly batches: number
  /** How often the kernel took no more and the sender had to wait. */
  readonly waits: number
  /** `histogram[n]`: batches of 2^n to 2^(n+1) - 1 packets; the last entry has no upper limit. */
  readonly histogram: readonly number[]
  readonly drops: Readonly<Record<DropReason, number>>
}

/** Counts without allocating; other threads may read it meanwhile. Exact up to 2^53. */
export class TrafficMeter {
  readonly #fields: Float64Array

  /** Bytes that a meter takes. */
  static readonly size: number = fieldCount * Float64Array.BYTES_PER_ELEMENT

  /**
   * @param memory where to count
   * @param offset a multiple of 8
   */
  constructor(memory: ArrayBufferLike = new ArrayBuffer(TrafficMeter.size), offset = 0) {
    this.#fields = new Float64Array(memory, offset, fieldCount)
  }

  /** One packet more. */
  add(bytes: number): void {
    this.#fields[packetsAt]! += 1
    this.#fields[bytesAt]! += bytes
  }

  /** Several packets that went as one. @param bytes of all together, as they went */
  addMany(packets: number, bytes: number): void {
    this.#fields[packetsAt]! += packets
    this.#fields[bytesAt]! += bytes
  }

  /** The end of a batch; nothing when it was empty. */
  endBatch(packets: number): void {
    if (packets === 0) return
    this.#fields[batchesAt]! += 1
    const bucket = Math.min(31 - Math.clz32(packets), histogramSize - 1)
    this.#fields[histogramAt + bucket]! += 1
  }

  /** The kernel takes no more for now. */
  wait(): void {
    this.#fields[waitsAt]! += 1
  }

  /** Packets that went no further. */
  drop(reason: DropReason, packets = 1): void {
    this.#fields[dropsAt + dropReasons.indexOf(reason)]! += packets
  }

  /** The counts now. */
  read(): TrafficCounters {
    const fields = this.#fields
    const drops = dropReasons.map((reason, index) => [reason, fields[dropsAt + index] ?? 0] as const)
    return {
      packets: fields[packetsAt] ?? 0,
      bytes: fields[bytesAt] ?? 0,
      batches: fields[batchesAt] ?? 0,
      waits: fields[waitsAt] ?? 0,
      histogram: Array.from(fields.subarray(histogramAt, histogramAt + histogramSize)),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made from all reasons
      drops: Object.fromEntries(drops) as Record<DropReason, number>,
    }
  }
}
