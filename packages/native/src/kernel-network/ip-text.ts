import type { IpFamily } from './route/objects.ts'

/** Address family numbers of Linux. */
export const AF_INET = 2
export const AF_INET6 = 10

const COLON = 58
const DOT = 46
const GROUPS = 8
/** Where an address is read to before it is known to be one. */
const scratch = new Uint8Array(16)

/** The family of an address text, by its shape alone. */
export function ipFamilyOf(text: string): IpFamily {
  return text.includes(':') ? 6 : 4
}

/** 4 → AF_INET, 6 → AF_INET6. */
export function addressFamily(family: IpFamily): number {
  return family === 4 ? AF_INET : AF_INET6
}

/** AF_INET → 4, AF_INET6 → 6, anything else → undefined. */
export function ipFamilyFrom(addressFamilyNumber: number): IpFamily | undefined {
  if (addressFamilyNumber === AF_INET) return 4
  return addressFamilyNumber === AF_INET6 ? 6 : undefined
}

/** Bytes of an address. */
export function ipSize(family: IpFamily): 4 | 16 {
  return family === 4 ? 4 : 16
}

/** Whether `text` is an address of `family`: what inet_pton takes, so no zone, no blanks, no `127.1`. */
export function isIpText(text: string, family: IpFamily): boolean {
  return family === 4 ? parseIpv4(text, 0, 0) : parseIpv6(text)
}

/**
 * Writes an address in network order: 4 or 16 bytes at `offset`. Without node's `isIPv6`, whose regular expression takes
 * 7 ms to compile when it is first used.
 *
 * @returns false, with nothing written, when `text` is no address of `family`
 */
export function writeIp(target: Uint8Array, offset: number, text: string, family: IpFamily): boolean {
  if (!isIpText(text, family)) return false
  const size = ipSize(family)
  for (let i = 0; i < size; i++) target[offset + i] = scratch[i] ?? 0
  return true
}

/** The text of the address at `offset`: RFC 5952 for IPv6, with dotted quads for `::ffff:0:0/96` only. */
export function readIp(source: Uint8Array, offset: number, family: IpFamily): string {
  return family === 4 ? readIpv4(source, offset) : readIpv6(source, offset)
}

function readIpv4(source: Uint8Array, offset: number): string {
  return `${source[offset]}.${source[offset + 1]}.${source[offset + 2]}.${source[offset + 3]}`
}

/** Reads the dotted quad that `text` has from `start` to its end into four bytes at `offset` of {@link scratch}. */
function parseIpv4(text: string, start: number, offset: number): boolean {
  let octets = 0
  let value = 0
  let digits = 0
  for (let i = start; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT
    if (code === DOT) {
      if (digits === 0 || octets === 4) return false
      scratch[offset + octets] = value
      octets++
      value = 0
      digits = 0
      continue
    }
    // A leading zero would be octal elsewhere.
    if (code < 48 || code > 57 || (digits > 0 && value === 0)) return false
    value = value * 10 + (code - 48)
    digits++
    if (value > 255) return false
  }
  return octets === 4
}

function parseIpv6(text: string): boolean {
  let groups = 0
  let gap = -1
  let value = 0
  let start = 0
  let i = 0
  // A colon in front is one of two, as the gap.
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false
    i = start = 1
  }
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === COLON) {
      if (i === start) {
        if (gap >= 0) return false
        gap = groups
      } else {
        if (groups === GROUPS || i + 1 === text.length) return false
        putGroup(groups++, value)
        value = 0
      }
      start = i + 1
      continue
    }
    if (code === DOT) {
      if (groups > GROUPS - 2 || !parseIpv4(text, start, groups * 2)) return false
      groups += 2
      start = text.length
      break
    }
    const digit = hexDigit(code)
    if (digit < 0 || i - start === 4) return false
    value = value * 16 + digit
  }
  if (start < text.length) {
    if (groups === GROUPS) return false
    putGroup(groups++, value)
  }
  if (gap < 0) return groups === GROUPS
  if (groups === GROUPS) return false
  const tail = (GROUPS - groups + gap) * 2
  scratch.copyWithin(tail, gap * 2, groups * 2)
  scratch.fill(0, gap * 2, tail)
  return true
}

function putGroup(group: number, value: number): void {
  scratch[group * 2] = value >> 8
  scratch[group * 2 + 1] = value & 0xff
}

/** -1 for what is none. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

function readIpv6(source: Uint8Array, offset: number): string {
  const groups: number[] = []
  for (let i = 0; i < GROUPS; i++) {
    groups.push(((source[offset + i * 2] ?? 0) << 8) | (source[offset + i * 2 + 1] ?? 0))
  }
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${readIpv4(source, offset + 12)}`
  }
  const { start, length } = longestZeros(groups)
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':')
  return length < 2 ? text(0, GROUPS) : `${text(0, start)}::${text(start + length, GROUPS)}`
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue
    if (i - start > best.length) best = { start, length: i - start }
    start = i + 1
  }
  return best
}
