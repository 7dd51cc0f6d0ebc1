import { updateChecksum } from './checksum.ts'
import { protocolNumber } from './protocol-number.ts'

const optionEnd = 0
const optionNothing = 1
/** RFC 9293, 3.2: maximum segment size. */
const optionMss = 2
const syn = 0x02

/**
 * Lowers the maximum segment size that a TCP SYN announces to what fits `mtu`, in place, checksum included. For paths
 * whose ICMP errors get lost. Cheap for all other packets.
 *
 * @param view e.g. `arena.view`
 * @param offset of the IP packet
 * @param length of the IP packet
 * @param mtu 576 to 65535
 * @returns whether the packet was changed
 */
export function clampMss(view: DataView, offset: number, length: number, mtu: number): boolean {
  const version = length < 20 ? 0 : view.getUint8(offset) >> 4
  if (version === 4) {
    const fragmentOffset = view.getUint16(offset + 6) & 0x1fff
    if (view.getUint8(offset + 9) !== protocolNumber.tcp || fragmentOffset !== 0) return false
    const headerLength = (view.getUint8(offset) & 0xf) * 4
    if (headerLength < 20) return false
    return clampTcp(view, offset + headerLength, length - headerLength, mtu - 40)
  }
  // Extension headers before TCP are not looked through: hardly any SYN has them.
  if (version !== 6 || length < 40 || view.getUint8(offset + 6) !== protocolNumber.tcp) return false
  return clampTcp(view, offset + 40, length - 40, mtu - 60)
}

function clampTcp(view: DataView, at: number, length: number, most: number): boolean {
  if (length < 20 || (view.getUint8(at + 13) & syn) === 0) return false
  const headerLength = (view.getUint8(at + 12) >> 4) * 4
  if (headerLength > length) return false
  const end = at + headerLength
  for (let option = at + 20; option < end;) {
    const kind = view.getUint8(option)
    if (kind === optionEnd) return false
    if (kind === optionNothing) {
      option++
      continue
    }
    if (option + 1 >= end) return false
    const size = view.getUint8(option + 1)
    if (size < 2 || option + size > end) return false
    if (kind === optionMss && size === 4) return lower(view, at, option + 2, most)
    option += size
  }
  return false
}

/** Lowers the 16-bit field at `field`, which may lie across two checksum words. */
function lower(view: DataView, tcp: number, field: number, most: number): boolean {
  if (view.getUint16(field) <= most) return false
  const odd = (field - tcp) & 1
  const words = field - odd
  const last = words + 2 * odd
  const before = [view.getUint16(words), view.getUint16(last)] as const
  view.setUint16(field, most)
  let checksum = updateChecksum(view.getUint16(tcp + 16), before[0], view.getUint16(words))
  if (odd === 1) checksum = updateChecksum(checksum, before[1], view.getUint16(last))
  view.setUint16(tcp + 16, checksum)
  return true
}
