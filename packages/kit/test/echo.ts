/** The Internet checksum (RFC 1071): one's complement of the one's complement sum of 16-bit words. */
function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (let index = 0; index < bytes.length; index += 2)
    sum += ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

/** An ICMP echo request as an IPv4 packet (RFC 791, RFC 792). */
export function echoRequest(from: string, to: string, sequence: number): ArrayBuffer {
  const packet = new ArrayBuffer(28)
  const bytes = new Uint8Array(packet)
  const view = new DataView(packet)
  view.setUint16(0, 0x4500)
  view.setUint16(2, 28)
  view.setUint8(8, 64)
  view.setUint8(9, 1)
  bytes.set(from.split('.').map(Number), 12)
  bytes.set(to.split('.').map(Number), 16)
  view.setUint16(10, checksum(bytes.subarray(0, 20)))
  view.setUint8(20, 8)
  view.setUint16(26, sequence)
  view.setUint16(22, checksum(bytes.subarray(20)))
  return packet
}

/** Whether a packet is the answer to {@link echoRequest}. */
export function isEchoReply(packet: Uint8Array, sequence: number): boolean {
  return packet.length === 28 && packet[9] === 1 && packet[20] === 0 && packet[27] === sequence
}
