/** Packets made and checked the slow, obvious way, as an oracle: nothing here uses the code under test. */

/** RFC 1071 word by word, with carries added at once. */
export function slowSum(bytes: Uint8Array, initial = 0): number {
  let sum = initial
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    if (sum > 0xffff) sum -= 0xffff
  }
  return sum
}

export interface SlowFlow {
  readonly family: 4 | 6
  readonly protocol: 'tcp' | 'udp'
  readonly ports?: readonly [number, number]
  /** Last byte of the addresses. */
  readonly hosts?: readonly [number, number]
  readonly hopLimit?: number
  readonly trafficClass?: number
}

export interface SlowPacket extends SlowFlow {
  readonly payload: Uint8Array
  readonly identification?: number
  readonly dontFragment?: boolean
  readonly sequence?: number
  readonly acknowledgement?: number
  readonly flags?: number
  readonly window?: number
  /** TCP options, a multiple of 4 bytes. */
  readonly options?: Uint8Array
}

/** A whole packet with right checksums. */
export function slowPacket(packet: SlowPacket): Buffer {
  const transport = packet.protocol === 'tcp' ? slowTcp(packet) : slowUdp(packet)
  const header = packet.family === 4 ? slowIpv4(packet, transport.length) : slowIpv6(packet, transport.length)
  const addresses = packet.family === 4 ? header.subarray(12, 20) : header.subarray(8, 40)
  const number = packet.protocol === 'tcp' ? 6 : 17
  const pseudo = Buffer.concat([
    addresses,
    Buffer.of(0, number, transport.length >> 8, transport.length & 255),
  ])
  const checksum = 0xffff - slowSum(transport, slowSum(pseudo))
  if (packet.protocol === 'tcp') transport.writeUInt16BE(checksum, 16)
  else transport.writeUInt16BE(checksum === 0 ? 0xffff : checksum, 6)
  return Buffer.concat([header, transport])
}

/** Pieces of `size` payload bytes as a sender without offload would send them. */
export function slowSegments(packet: SlowPacket, size: number): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0, index = 0; at < packet.payload.length; at += size, index++) {
    const last = at + size >= packet.payload.length
    const flags = packet.flags ?? 0x10
    pieces.push(
      slowPacket({
        ...packet,
        payload: packet.payload.subarray(at, at + size),
        identification: ((packet.identification ?? 0) + index) & 0xffff,
        sequence: ((packet.sequence ?? 0) + at) >>> 0,
        // FIN and PSH belong to the end of the data, CWR to its start.
        flags: (last ? flags : flags & ~0x09) & (index === 0 ? 0xff : ~0x80),
      }),
    )
  }
  return pieces
}

/**
 * The packet as the kernel gives it to a TUN with offload: one long packet whose checksum field holds the sum of the
 * pseudo header, behind a virtio_net_hdr.
 */
export function slowOffloaded(packet: SlowPacket, size: number): Buffer {
  const whole = slowPacket(packet)
  const start = packet.family === 4 ? 20 : 40
  const addresses = packet.family === 4 ? whole.subarray(12, 20) : whole.subarray(8, 40)
  const length = whole.length - start
  const number = packet.protocol === 'tcp' ? 6 : 17
  const at = packet.protocol === 'tcp' ? 16 : 6
  whole.writeUInt16BE(
    slowSum(Buffer.of(0, number, length >> 8, length & 255), slowSum(addresses)),
    start + at,
  )
  const header = Buffer.alloc(10)
  const cut = packet.payload.length > size
  const type = packet.protocol === 'udp' ? 5 : packet.family === 4 ? 1 : 4
  header.set([1, cut ? type : 0])
  header.writeUInt16LE(start + 20, 2)
  header.writeUInt16LE(cut ? size : 0, 4)
  header.writeUInt16LE(start, 6)
  header.writeUInt16LE(at, 8)
  return Buffer.concat([header, whole])
}

function slowTcp(packet: SlowPacket): Buffer {
  const options = packet.options ?? new Uint8Array(0)
  const header = Buffer.alloc(20 + options.length)
  header.writeUInt16BE(packet.ports?.[0] ?? 1000, 0)
  header.writeUInt16BE(packet.ports?.[1] ?? 2000, 2)
  header.writeUInt32BE(packet.sequence ?? 0, 4)
  header.writeUInt32BE(packet.acknowledgement ?? 77, 8)
  header.writeUInt8((header.length / 4) * 16, 12)
  header.writeUInt8(packet.flags ?? 0x10, 13)
  header.writeUInt16BE(packet.window ?? 500, 14)
  header.set(options, 20)
  return Buffer.concat([header, packet.payload])
}

function slowUdp(packet: SlowPacket): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt16BE(packet.ports?.[0] ?? 1000, 0)
  header.writeUInt16BE(packet.ports?.[1] ?? 2000, 2)
  header.writeUInt16BE(8 + packet.payload.length, 4)
  return Buffer.concat([header, packet.payload])
}

function slowIpv4(packet: SlowPacket, length: number): Buffer {
  const [source, destination] = packet.hosts ?? [1, 2]
  const header = Buffer.alloc(20)
  header.set([0x45, packet.trafficClass ?? 0])
  header.writeUInt16BE(20 + length, 2)
  header.writeUInt16BE(packet.identification ?? 0, 4)
  header.writeUInt16BE(packet.dontFragment === false ? 0 : 0x4000, 6)
  header.set([packet.hopLimit ?? 64, packet.protocol === 'tcp' ? 6 : 17], 8)
  header.set([10, 1, 0, source, 10, 2, 0, destination], 12)
  header.writeUInt16BE(0xffff - slowSum(header), 10)
  return header
}

function slowIpv6(packet: SlowPacket, length: number): Buffer {
  const [source, destination] = packet.hosts ?? [1, 2]
  const header = Buffer.alloc(40)
  header.writeUInt32BE(0x60000000 + (packet.trafficClass ?? 0) * 0x100000 + 0x12345, 0)
  header.writeUInt16BE(length, 4)
  header.set([packet.protocol === 'tcp' ? 6 : 17, packet.hopLimit ?? 64], 6)
  header.set([0xfd, 1], 8)
  header.writeUInt8(source, 23)
  header.set([0xfd, 2], 24)
  header.writeUInt8(destination, 39)
  return header
}
