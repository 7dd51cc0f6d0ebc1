import { sendMessagesAt, SystemError } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import type { Descriptor } from '../descriptor.ts'
import type { DropReason, TrafficMeter } from '../counters.ts'
import * as errno from '../errno.ts'
import type { DatagramSink } from '../packet-batch.ts'
import type { Endpoint } from './endpoint.ts'
import { MessageVector } from './message-vector.ts'
import { writeSocketAddress } from './socket-address.ts'

/** Bytes of datagrams between two flushes: sixteen full messages. */
const areaSize = 1024 * 1024
/** Messages between two flushes. */
const messages = 256
/** include/linux/udp.h, UDP_MAX_SEGMENTS of kernels before 6.15. */
const mostSegments = 64
/** The most that one segmented message may hold: 65,535 less the headers. */
const mostSegmentBytes = 65_000
/** The longest payload of a datagram over IPv4. */
const longest = 65_507

export interface DatagramSenderOptions {
  readonly arena: Arena
  /** An open UDP socket. */
  readonly fd: Descriptor
  /** Of the socket. */
  readonly family: 4 | 6
  /** Whether the kernel cuts long messages (UDP_SEGMENT). */
  readonly segmentation: boolean
  readonly meter: TrafficMeter
}

/**
 * Sends datagrams. Neighbours of equal size to one endpoint, of which the last may be shorter, go to the kernel as one
 * message that it cuts (UDP_SEGMENT); all messages go in one system call.
 */
export class DatagramSender implements DatagramSink {
  readonly #arena: Arena
  readonly #fd: Descriptor
  readonly #family: 4 | 6
  readonly #meter: TrafficMeter
  readonly #vector: MessageVector
  readonly #area: number
  #segmentation: boolean
  /** Bytes used of the area, and messages filled and sent. */
  #used = 0
  #filled = 0
  #sent = 0
  #packets = 0
  /** The most that may be committed: what was reserved since the last time. */
  #reserved = 0
  #state: 'free' | 'waiting' = 'free'
  // The message that is being filled.
  #endpoint: Endpoint | undefined
  readonly #starts = new Uint32Array(messages)
  readonly #lengths = new Uint32Array(messages)
  readonly #sizes = new Uint16Array(messages)
  readonly #counts = new Uint8Array(messages)
  /** Which address of ours each leaves from. */
  readonly #locals = Array.from<Uint8Array | undefined>({ length: messages })
  #open = false

  constructor(options: DatagramSenderOptions) {
    this.#arena = options.arena
    this.#fd = options.fd
    this.#family = options.family
    this.#meter = options.meter
    this.#segmentation = options.segmentation
    this.#vector = new MessageVector(options.arena, messages)
    this.#area = options.arena.allocate(areaSize)
  }

  /** Whether datagrams wait for the socket to become writable. */
  get waiting(): boolean {
    return this.#state === 'waiting'
  }

  hasRoom(): boolean {
    return this.#fits(longest) || (this.flush() === 'done' && this.#fits(longest))
  }

  reserve(length: number): number {
    if (!(length > 0 && length <= longest)) throw new RangeError(`length: ${length}`)
    if (!this.#fits(length) && this.flush() === 'again' && !this.#fits(length)) return -1
    this.#reserved = length
    return this.#area + this.#used
  }

  commit(length: number, endpoint?: Endpoint): void {
    // Behind what was reserved lie datagrams of before, which were for others, and the end of the area.
    if (!(length > 0 && length <= this.#reserved)) throw notReserved(length, this.#reserved)
    const index = this.#filled - 1
    if (this.#open && this.#goesTo(endpoint) && this.#extends(index, length)) {
      this.#lengths[index]! += length
      this.#counts[index]! += 1
      this.#open = length === this.#sizes[index]
    } else {
      this.#start(length, endpoint)
    }
    this.#used += length
    this.#packets++
    this.#reserved = 0
  }

  flush(): 'done' | 'again' {
    for (let index = this.#sent; index < this.#filled; index++) this.#describe(index)
    let refusedBefore = false
    while (this.#sent < this.#filled) {
      const result = sendMessagesAt(
        this.#fd.number,
        this.#vector.address(this.#sent),
        this.#filled - this.#sent,
      )
      if (result > 0) this.#count(result)
      else if (result === -errno.EAGAIN) {
        if (this.#state === 'free') this.#meter.wait()
        this.#state = 'waiting'
        this.#open = false
        return 'again'
      } else if (errno.icmpErrors.has(-result) && !refusedBefore) {
        // Perhaps the answer to an earlier datagram, and this message has not been tried.
        refusedBefore = true
      } else if (result !== -errno.EINTR) this.#fail(-result)
    }
    this.#meter.endBatch(this.#packets)
    this.#used = this.#filled = this.#sent = this.#packets = this.#reserved = 0
    this.#open = false
    this.#state = 'free'
    return 'done'
  }

  #fits(length: number): boolean {
    return this.#used + length <= areaSize && this.#filled < messages
  }

  /** Whether the message that is being filled goes there. Peers behind one address have equal endpoints, not the same. */
  #goesTo(endpoint: Endpoint | undefined): boolean {
    const own = this.#endpoint
    return endpoint === own || (endpoint !== undefined && own !== undefined && own.isReachedAs(endpoint))
  }

  /** Whether a datagram may join the message `index`. */
  #extends(index: number, length: number): boolean {
    return (
      this.#segmentation &&
      length <= this.#sizes[index]! &&
      this.#counts[index]! < mostSegments &&
      this.#lengths[index]! + length <= mostSegmentBytes
    )
  }

  #start(length: number, endpoint: Endpoint | undefined): void {
    const index = this.#filled
    this.#vector.setNameLength(
      index,
      endpoint === undefined
        ? 0
        : writeSocketAddress(this.#arena, this.#vector.nameOffset(index), endpoint, this.#family),
    )
    // Not before that: an endpoint that does not fit the socket must not pass for the one of the message before.
    this.#endpoint = endpoint
    this.#filled++
    this.#starts[index] = this.#area + this.#used
    this.#lengths[index] = length
    this.#sizes[index] = length
    this.#counts[index] = 1
    this.#locals[index] = endpoint?.local
    this.#open = true
  }

  #describe(index: number): void {
    this.#vector.setBuffer(index, this.#starts[index]!, this.#lengths[index]!)
    const size = this.#counts[index]! > 1 ? this.#sizes[index]! : 0
    this.#vector.setControls(index, size, this.#locals[index], this.#family)
  }

  #count(sent: number): void {
    for (const end = this.#sent + sent; this.#sent < end; this.#sent++) {
      this.#meter.addMany(this.#counts[this.#sent]!, this.#lengths[this.#sent]!)
    }
  }

  /** The kernel refused the first message. */
  #fail(error: number): void {
    const index = this.#sent
    if (error === errno.EBADF) throw new SystemError(error, 'sendmmsg')
    if (error === errno.EDESTADDRREQ) {
      this.#sent++
      throw new SystemError(error, 'sendmmsg', {
        detail: 'no endpoint was given, and the socket is not connected',
      })
    }
    if (this.#locals[index] !== undefined && oursNoLonger.has(error)) {
      this.#locals[index] = undefined
      this.#describe(index)
      return
    }
    if (this.#counts[index]! > 1 && cutsNot.has(error)) {
      // EIO: no way to cut on this route (no checksum offload). The others: this one message is too long to be cut.
      if (error === errno.EIO) this.#segmentation = false
      this.#sendSingly(index)
    } else {
      this.#meter.drop(dropReason(error), this.#counts[index])
    }
    this.#sent++
  }

  /** Sends the datagrams of a message one by one, which also lets the kernel fragment them. */
  #sendSingly(index: number): void {
    const size = this.#sizes[index]!
    const end = this.#starts[index]! + this.#lengths[index]!
    this.#vector.setControls(index, 0, this.#locals[index], this.#family)
    for (let at = this.#starts[index]!; at < end; at += size) {
      const length = Math.min(size, end - at)
      this.#vector.setBuffer(index, at, length)
      const result = sendMessagesAt(this.#fd.number, this.#vector.address(index), 1)
      if (result > 0) this.#meter.add(length)
      else this.#meter.drop(dropReason(-result))
    }
  }
}

function notReserved(length: number, reserved: number): RangeError {
  return new RangeError(`length: ${length}, and ${reserved} bytes are reserved`)
}

/**
 * Answers to an address of ours that is gone: over IPv6, and over IPv4 in some kernels, EINVAL; else the one that other ways
 * to fail have too (net/ipv4/route.c, ip_route_output_key_hash_rcu; net/ipv6/datagram.c, ip6_datagram_send_ctl).
 */
const oursNoLonger: ReadonlySet<number> = new Set([errno.EINVAL, errno.ENETUNREACH])

/** Answers to UDP_SEGMENT that a message without it might not get (net/ipv4/udp.c, udp_send_skb). */
const cutsNot: ReadonlySet<number> = new Set([errno.EIO, errno.EINVAL, errno.EMSGSIZE])

function dropReason(error: number): DropReason {
  switch (error) {
    case errno.EMSGSIZE:
      return 'tooBig'
    case errno.EPERM:
    case errno.EACCES:
      return 'denied'
    case errno.ENETUNREACH:
    case errno.EHOSTUNREACH:
    case errno.ENETDOWN:
    case errno.ECONNREFUSED:
    case errno.EADDRNOTAVAIL:
      return 'unreachable'
    case errno.EAGAIN:
    case errno.ENOBUFS:
    case errno.ENOMEM:
      return 'full'
    default:
      return 'refused'
  }
}
