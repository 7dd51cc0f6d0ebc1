import type { Arena } from '../arena/arena.ts'

// include/uapi/linux/in.h and in6.h
const SOL_IP = 0
const IP_TOS = 1
const SOL_IPV6 = 41
const IPV6_TCLASS = 67

// Offsets in struct cmsghdr, LP64.
const levelAt = 8
const typeAt = 12
const dataAt = 16
/** CMSG_LEN of one byte, and of an int, whose first byte it is here. */
const length4 = dataAt + 1
const length6 = dataAt + 4
/** The lower two bits of the traffic class: "congestion experienced" (RFC 3168 section 5). */
const congestionExperienced = 3

/**
 * Whether a control message tells of a traffic class with the mark of a congested router.
 *
 * @param at 24 bytes of control messages, perhaps of another one, or the end of one
 */
export function isCongestionMark({ bytes, view }: Arena, at: number): boolean {
  const length = view.getUint32(at, true)
  if (length !== length4 && length !== length6) return false
  const level = view.getUint32(at + levelAt, true)
  const type = view.getUint32(at + typeAt, true)
  const tellsClass = (level === SOL_IP && type === IP_TOS) || (level === SOL_IPV6 && type === IPV6_TCLASS)
  return tellsClass && ((bytes[at + dataAt] ?? 0) & congestionExperienced) === congestionExperienced
}
