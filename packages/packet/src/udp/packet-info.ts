import type { Arena } from '../arena/arena.ts'

// include/uapi/linux/in.h and in6.h
const SOL_IP = 0
const IP_PKTINFO = 8
const SOL_IPV6 = 41
const IPV6_PKTINFO = 50

// Offsets in struct cmsghdr, LP64.
const levelAt = 8
const typeAt = 12
const dataAt = 16
/** CMSG_LEN(sizeof(struct in_pktinfo)): an index, the address to answer from, the address of the header. */
const length4 = dataAt + 12
const answerFromAt = dataAt + 4
/** CMSG_LEN(sizeof(struct in6_pktinfo)): an address and an index. */
const length6 = dataAt + 20

/** Room for either: CMSG_SPACE of the longer one. */
export const packetInfoSize = 40
/** CMSG_SPACE of the shorter one. */
const space4 = 32

/**
 * Writes a control message that has a datagram leave from an address of ours, by whichever interface.
 *
 * @param local 16 bytes, IPv4 mapped
 * @param family of the socket
 * @returns how much room it takes, bytes
 */
export function writePacketInfo(arena: Arena, at: number, local: Uint8Array, family: 4 | 6): number {
  const { bytes, view } = arena
  bytes.fill(0, at, at + packetInfoSize)
  view.setUint32(at, family === 4 ? length4 : length6, true)
  view.setUint32(at + levelAt, family === 4 ? SOL_IP : SOL_IPV6, true)
  view.setUint32(at + typeAt, family === 4 ? IP_PKTINFO : IPV6_PKTINFO, true)
  if (family === 4) bytes.set(local.subarray(12), at + answerFromAt)
  else bytes.set(local, at + dataAt)
  return family === 4 ? space4 : packetInfoSize
}

/**
 * Reads such a control message, as the kernel wrote it.
 *
 * @param length bytes of control messages at `at`
 * @returns the address to answer from, 4 or 16 bytes in the arena; undefined for another message, or none
 */
export function readPacketInfo(arena: Arena, at: number, length: number): Uint8Array | undefined {
  const { view } = arena
  if (length < length4) return undefined
  const level = view.getUint32(at + levelAt, true)
  const type = view.getUint32(at + typeAt, true)
  if (level === SOL_IP && type === IP_PKTINFO) return arena.slice(at + answerFromAt, 4)
  if (level === SOL_IPV6 && type === IPV6_PKTINFO && length >= length6) return arena.slice(at + dataAt, 16)
  return undefined
}
