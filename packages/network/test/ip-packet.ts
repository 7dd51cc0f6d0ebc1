import { isIPv4 } from 'node:net'

const ICMP = 1
const UDP = 17
const ICMPV6 = 58

/** A UDP packet as a stranger may write it: nothing of it need be true. */
export function udpPacket(from: string, to: string, sourcePort: number, port: number, text: string): Buffer {
  const body = Buffer.concat([Buffer.alloc(8), Buffer.from(text)])
  body.writeUInt16BE(sourcePort, 0)
  body.writeUInt16BE(port, 2)
  body.writeUInt16BE(body.length, 4)
  return ipPacket(UDP, from, to, body, 6)
}

/** An ICMPv6 packet with the hop limit that neighbour discovery asks for. @param body its checksum is filled in */
export function icmpv6Packet(from: string, to: string, body: Buffer): Buffer {
  return ipPacket(ICMPV6, from, to, body, 2)
}

/** An ICMP packet, of the family of its addresses. @param body its checksum is filled in */
export function icmpPacket(from: string, to: string, body: Buffer): Buffer {
  return isIPv4(from) ? ipPacket(ICMP, from, to, body, 2) : icmpv6Packet(from, to, body)
}

/** The 4 or 16 bytes of an address. */
export function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '')
  const [first, last] = [groups(head), groups(tail ?? '')]
  const middle = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return Buffer.from([...first, ...middle, ...last].map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** @param checksumAt offset in the body, which has zeros there */
function ipPacket(protocol: number, from: string, to: string, body: Buffer, checksumAt: number): Buffer {
  const addresses = Buffer.concat([addressBytes(from), addressBytes(to)])
  const pseudo = Buffer.alloc(8)
  pseudo.writeUInt32BE(body.length, 0)
  pseudo.writeUInt8(protocol, 7)
  const summed = protocol === ICMP ? [body] : [addresses, pseudo, body]
  body.writeUInt16BE(checksum(Buffer.concat(summed)), checksumAt)
  const isV4 = addresses.length === 8
  const header = Buffer.alloc(isV4 ? 12 : 8)
  header.writeUInt8(isV4 ? 0x45 : 0x60, 0)
  if (isV4) {
    header.writeUInt16BE(20 + body.length, 2)
    header.writeUInt8(64, 8)
    header.writeUInt8(protocol, 9)
    header.writeUInt16BE(checksum(Buffer.concat([header, addresses])), 10)
  } else {
    header.writeUInt16BE(body.length, 4)
    header.writeUInt8(protocol, 6)
    header.writeUInt8(255, 7)
  }
  return Buffer.concat([header, addresses, body])
}

/** RFC 1071 */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2)
    sum += bytes.readUInt8(at) * 256 + (at + 1 < bytes.length ? bytes.readUInt8(at + 1) : 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
