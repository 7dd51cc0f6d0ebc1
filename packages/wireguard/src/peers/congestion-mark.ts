import { updateChecksum } from '@vpnext/packet'
import type { Arena } from '@vpnext/packet'

/** Of the second byte of IPv4 and IPv6 headers: the field of explicit congestion notification (RFC 3168 section 5). */
const field4 = 0x03
const field6 = 0x30
const versionAndClassAt = 0
const checksumAt = 10

/**
 * Passes the mark that a router gave a datagram on to the IP packet that was in it (RFC 6040 section 4.2), so that who sends it slows down:
 * with the kernel's WireGuard as the peer, which lets routers mark in place of dropping, nobody would. A packet whose ends do not
 * know such marks stays as it is, as with that WireGuard.
 *
 * @param offset of a packet that has its whole header
 */
export function passMarkOn({ view }: Arena, offset: number): void {
  const before = view.getUint16(offset + versionAndClassAt)
  const isIpv4 = before >> 12 === 4
  const field = isIpv4 ? field4 : field6
  const after = before | field
  if ((before & field) === 0 || after === before) return
  view.setUint16(offset + versionAndClassAt, after)
  if (!isIpv4) return
  const checksum = view.getUint16(offset + checksumAt)
  view.setUint16(offset + checksumAt, updateChecksum(checksum, before, after))
}
