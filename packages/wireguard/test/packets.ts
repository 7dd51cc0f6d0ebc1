/** An IPv4 packet (RFC 791) with protocol 253, which is for experiments (RFC 3692). Checksums are zero: nobody looks. */
export function ipv4Packet(source: string, destination: string, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(20 + payload.length)
  packet.set([0x45, 0, packet.length >> 8, packet.length & 255, 0, 0, 0, 0, 64, 253])
  packet.set(source.split('.').map(Number), 12)
  packet.set(destination.split('.').map(Number), 16)
  packet.set(payload, 20)
  return packet
}

/** An IPv6 packet (RFC 8200) from and to addresses that differ in their last byte only: fd00::last. */
export function ipv6Packet(source: number, destination: number, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(40 + payload.length)
  packet.set([0x60, 0, 0, 0, payload.length >> 8, payload.length & 255, 253, 64])
  packet[8] = 0xfd
  packet[23] = source
  packet[24] = 0xfd
  packet[39] = destination
  packet.set(payload, 40)
  return packet
}
