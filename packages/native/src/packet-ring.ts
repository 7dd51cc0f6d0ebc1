import koffi from 'koffi'

import { Fd } from './fd.ts'
import { declareChecked } from './libc.ts'
import { MAP_SHARED, mapMemory, PROT_READ, PROT_WRITE, unmapMemory } from './memory-map.ts'
import { errnoNumber } from './system-error.ts'

const createSocket =
  declareChecked<[domain: number, type: number, protocol: number]>('int socket(int, int, int)')
const bindSocket = declareChecked<[fd: number, address: Uint8Array, length: number]>(
  'int bind(int, const void *, uint32_t)',
)
const setOption = declareChecked<
  [fd: number, level: number, name: number, value: Uint8Array, length: number]
>('int setsockopt(int, int, int, const void *, uint32_t)')
const getOption = declareChecked<
  [fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array]
>('int getsockopt(int, int, int, void *, void *)')

const AF_PACKET = 17
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0o2000000 | 0o4000
const SOL_SOCKET = 1
const SO_ERROR = 4
const ETH_P_ALL = 0x0003
const ENETDOWN = errnoNumber('ENETDOWN')

// include/uapi/linux/if_packet.h
const SOL_PACKET = 263
const PACKET_RX_RING = 5
const PACKET_STATISTICS = 6
const PACKET_VERSION = 10
const TPACKET_V2 = 1
const TP_STATUS_KERNEL = 0
const TP_STATUS_USER = 1
const PACKET_OUTGOING = 4
/** sizeof(struct sockaddr_ll), and where it stands in a frame: behind struct tpacket2_hdr. */
const ADDRESS_SIZE = 20
const ADDRESS_AT = 32

/** A frame holds 80 bytes of headers and the start of one packet. */
const FRAME_BYTES = 256
const BLOCK_BYTES = 65536
const FRAMES_PER_BLOCK = BLOCK_BYTES / FRAME_BYTES

/** A packet that a link carried. */
export interface LinkPacket {
  /** Bytes of the packet from its network header on, of which only the first 176 are at hand. */
  readonly length: number
  /** EtherType, e.g. 0x0800 IPv4, 0x86dd IPv6, 0x0806 ARP. */
  readonly etherType: number
  /** Whether the link sent it; else it came in. */
  readonly outgoing: boolean
  /** The packet's start, from its network header on. Valid during the callback only. */
  readonly start: Uint8Array
}

/**
 * Every packet that a link sends or receives, in memory shared with the kernel (packet(7), PACKET_RX_RING), which has
 * room for bursts however busy the reader is, and which a user namespace may have too, unlike a large SO_RCVBUF.
 */
export class PacketRing implements Disposable {
  /** Readable while packets wait, or when the link went down. For polling; do not read it. */
  readonly fd: Fd
  readonly #frames: number
  #memory: { readonly address: number; readonly bytes: Buffer; readonly words: Int32Array } | undefined
  #next = 0

  private constructor(fd: Fd, blocks: number) {
    this.fd = fd
    this.#frames = blocks * FRAMES_PER_BLOCK
    const length = blocks * BLOCK_BYTES
    const address = mapMemory(null, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd.number, 0)
    const memory = koffi.view(address, length)
    this.#memory = { address, bytes: Buffer.from(memory), words: new Int32Array(memory) }
  }

  /**
   * Watches a link from now on. Needs CAP_NET_RAW in the calling thread's network namespace.
   *
   * @param interfaceIndex a link of that namespace
   * @param capacity packets that may wait, 1 to 2^20, rounded up to a multiple of 256; 256 bytes of memory each
   * @throws RangeError naming `capacity`
   * @throws SystemError EPERM, ENODEV for an index that no link has, ENOMEM
   */
  static open(interfaceIndex: number, capacity: number): PacketRing {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 2 ** 20) {
      throw new RangeError(`capacity: ${capacity} is not 1 to 2^20`)
    }
    const blocks = Math.ceil(capacity / FRAMES_PER_BLOCK)
    // Protocol 0 receives nothing until bind(2) names the link: no packets of other links in between.
    const fd = Fd.adopt(createSocket(AF_PACKET, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0))
    try {
      setNumbers(fd, PACKET_VERSION, TPACKET_V2)
      setNumbers(fd, PACKET_RX_RING, BLOCK_BYTES, blocks, FRAME_BYTES, blocks * FRAMES_PER_BLOCK)
      const ring = new PacketRing(fd, blocks)
      try {
        bindToLink(fd, interfaceIndex)
        return ring
      } catch (error) {
        ring[Symbol.dispose]()
        throw error
      }
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /**
   * Hands over the packets that wait, oldest first, at most `limit` of them.
   *
   * @returns how many there were
   */
  take(limit: number, onPacket: (packet: LinkPacket) => void): number {
    const memory = this.#memory
    if (memory === undefined) throw new Error('packet ring: used after close')
    let taken = 0
    for (; taken < limit; taken++) {
      const at = this.#next * FRAME_BYTES
      // Atomic, so that the kernel's writes to the frame are seen once its status is.
      if ((Atomics.load(memory.words, at / 4) & TP_STATUS_USER) === 0) break
      this.#next = (this.#next + 1) % this.#frames
      try {
        onPacket(readFrame(memory.bytes.subarray(at, at + FRAME_BYTES)))
      } finally {
        Atomics.store(memory.words, at / 4, TP_STATUS_KERNEL)
      }
    }
    return taken
  }

  /** Whether the link went down since this was last asked. The ring goes on when the link is up again. */
  wentDown(): boolean {
    return getNumbers(this.fd, SOL_SOCKET, SO_ERROR, 1)[0] === ENETDOWN
  }

  /** What came since this was last asked: the kernel sets its counters back. `lost` found no room. */
  statistics(): { readonly seen: number; readonly lost: number } {
    const [seen = 0, lost = 0] = getNumbers(this.fd, SOL_PACKET, PACKET_STATISTICS, 2)
    return { seen, lost }
  }

  /** Idempotent. End any watch on the descriptor before. */
  [Symbol.dispose](): void {
    if (this.#memory === undefined) return
    const { address } = this.#memory
    this.#memory = undefined
    unmapMemory(address, (this.#frames / FRAMES_PER_BLOCK) * BLOCK_BYTES)
    this.fd.close()
  }
}

/** struct tpacket2_hdr, then struct sockaddr_ll, then the packet where the header says. */
function readFrame(frame: Buffer): LinkPacket {
  const captured = frame.readUInt32LE(8)
  const networkHeader = frame.readUInt16LE(14)
  return {
    length: frame.readUInt32LE(4),
    etherType: frame.readUInt16BE(ADDRESS_AT + 2),
    outgoing: frame[ADDRESS_AT + 10] === PACKET_OUTGOING,
    start: frame.subarray(networkHeader, networkHeader + captured),
  }
}

function bindToLink(fd: Fd, interfaceIndex: number): void {
  const address = Buffer.alloc(ADDRESS_SIZE)
  address.writeUInt16LE(AF_PACKET, 0)
  address.writeUInt16BE(ETH_P_ALL, 2)
  address.writeInt32LE(interfaceIndex, 4)
  bindSocket(fd.number, address, address.length)
}

function setNumbers(fd: Fd, option: number, ...numbers: number[]): void {
  const value = Buffer.alloc(4 * numbers.length)
  numbers.forEach((number, index) => value.writeUInt32LE(number, 4 * index))
  setOption(fd.number, SOL_PACKET, option, value, value.length)
}

function getNumbers(fd: Fd, level: number, option: number, count: number): number[] {
  const value = Buffer.alloc(4 * count)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(value.length)
  getOption(fd.number, level, option, value, length)
  return Array.from({ length: count }, (_, index) => value.readUInt32LE(4 * index))
}
