/** LINKTYPE_RAW: packets start with an IPv4 or IPv6 header. */
const linkTypeRaw = 101
// Block types and options: draft-ietf-opsawg-pcapng, 4.1 to 4.3 and 3.5.
const sectionHeader = 0x0a0d0d0a
const interfaceDescription = 1
const enhancedPacket = 6
const byteOrderMagic = 0x1a2b3c4d
const optionEnd = 0
const optionComment = 1
const interfaceName = 2
const interfaceResolution = 9
const sectionApplication = 4
const packetFlags = 2
/** Resolution as a negative power of ten: nanoseconds. */
const nanoseconds = 9

export interface PcapngInterface {
  /** E.g. `vpn-tun`. */
  readonly name: string
}

export interface PcapngPacket {
  /** Nanoseconds since 1970. Default: now, to the millisecond. */
  readonly time?: bigint
  /** Position in the list of interfaces. Default 0. */
  readonly interface?: number
  /** Shown by Wireshark, one line each. */
  readonly comments?: readonly string[]
  /** As seen from the interface. */
  readonly direction?: 'inbound' | 'outbound'
  /** The packet's length on the wire when `bytes` is only its start. */
  readonly originalLength?: number
}

/**
 * Writes IP packets in the pcapng format, which Wireshark and tcpdump read. It makes bytes; where they go is the
 * caller's business.
 *
 * ```ts
 * const pcapng = new PcapngWriter([{ name: 'vpn-tun' }])
 * writeFileSync('trace.pcapng', pcapng.header())
 * appendFileSync('trace.pcapng', pcapng.packet(bytes, { comments: ['dropped: replayed'] }))
 * ```
 */
export class PcapngWriter {
  readonly #interfaces: readonly PcapngInterface[]

  /** @param interfaces at least one @throws RangeError when there is none */
  constructor(interfaces: readonly PcapngInterface[]) {
    if (interfaces.length === 0) throw new RangeError('interfaces: none')
    this.#interfaces = interfaces
  }

  /** What a file begins with. */
  header(): Uint8Array {
    const section = new Uint8Array(16)
    const view = new DataView(section.buffer)
    view.setUint32(0, byteOrderMagic, true)
    view.setUint16(4, 1, true)
    view.setBigInt64(8, -1n, true) // the section's length is not known
    return Buffer.concat([
      block(sectionHeader, section, [textOption(sectionApplication, 'vpnext')]),
      ...this.#interfaces.map(interfaceBlock),
    ])
  }

  /**
   * One packet.
   *
   * @param bytes from the IP header on
   * @throws RangeError for an interface that was not declared
   */
  packet(bytes: Uint8Array, options: PcapngPacket = {}): Uint8Array {
    const index = options.interface ?? 0
    if (this.#interfaces[index] === undefined) throw new RangeError(`interface: ${index}`)
    const time = options.time ?? BigInt(Date.now()) * 1_000_000n
    const body = new Uint8Array(20 + padded(bytes.length))
    const view = new DataView(body.buffer)
    view.setUint32(0, index, true)
    view.setUint32(4, Number((time >> 32n) & 0xffffffffn), true)
    view.setUint32(8, Number(time & 0xffffffffn), true)
    view.setUint32(12, bytes.length, true)
    view.setUint32(16, options.originalLength ?? bytes.length, true)
    body.set(bytes, 20)
    const extra = (options.comments ?? []).map((comment) => textOption(optionComment, comment))
    if (options.direction !== undefined) {
      extra.push(option(packetFlags, Uint8Array.of(options.direction === 'inbound' ? 1 : 2, 0, 0, 0)))
    }
    return block(enhancedPacket, body, extra)
  }
}

function interfaceBlock({ name }: PcapngInterface): Uint8Array {
  const body = new Uint8Array(8) // link type, reserved, snap length: no limit
  new DataView(body.buffer).setUint16(0, linkTypeRaw, true)
  const resolution = option(interfaceResolution, Uint8Array.of(nanoseconds))
  return block(interfaceDescription, body, [textOption(interfaceName, name), resolution])
}

/** A block: type, length, body, options, length again. */
function block(type: number, body: Uint8Array, options: readonly Uint8Array[]): Uint8Array {
  const all = options.length === 0 ? [] : [...options, option(optionEnd, new Uint8Array(0))]
  const length = 12 + body.length + all.reduce((sum, { length: size }) => sum + size, 0)
  const head = new Uint8Array(8)
  const view = new DataView(head.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  return Buffer.concat([head, body, ...all, head.subarray(4)])
}

function textOption(code: number, text: string): Uint8Array {
  // The length field has 16 bits.
  return option(code, Buffer.from(text, 'utf8').subarray(0, 0xffff))
}

function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, code, true)
  view.setUint16(2, value.length, true)
  bytes.set(value, 4)
  return bytes
}

/** Blocks and options are filled up to 32 bits. */
function padded(length: number): number {
  return (length + 3) & ~3
}
