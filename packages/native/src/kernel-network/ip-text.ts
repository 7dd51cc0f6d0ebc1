import { isIPv4, isIPv6 } from 'node:net'

import type { IpFamily } from './route/objects.ts'

/** Address family numbers of Linux. */
export const AF_INET = 2
export const AF_INET6 = 10

const COLON = 58
const DOT = 46
const GROUPS = 8

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
  return family === 4 ? isIPv4(text) : isIPv6(text) && !text.includes('%')
}

/**
 * Writes an address in network order: 4 or 16 bytes at `offset`.
 *
 * @returns false, with nothing written, when `text` is no address of `family`
 */
export function writeIp(target: Uint8Array, offset: number, text: string, family: IpFamily): boolean {
  if (!isIpText(text, family)) return false
  if (family === 4) writeIpv4(target, offset, text, 0)
  else writeIpv6(target, offset, text)
  return true
}

/** The text of the address at `offset`: RFC 5952 for IPv6, with dotted quads for `::ffff:0:0/96` only. */
export function readIp(source: Uint8Array, offset: number, family: IpFamily): string {
  return family === 4 ? readIpv4(source, offset) : readIpv6(source, offset)
}

function readIpv4(source: Uint8Array, offset: number): string {
  return `${source[offset]}.${source[offset + 1]}.${source[offset + 2]}.${source[offset + 3]}`
}

function writeIpv4(target: Uint8Array, offset: number, text: string, start: number): void {
  let value = 0
  let at = offset
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === DOT) {
      target[at++] = value
      value = 0
    } else value = value * 10 + (code - 48)
  }
  target[at] = value
}

function writeIpv6(target: Uint8Array, offset: number, text: string): void {
  let groups = 0
  let gap = -1
  let value = 0
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : COLON
    if (code === DOT) {
      writeIpv4(target, offset + groups * 2, text, start)
      groups += 2
      break
    }
    if (code !== COLON) {
      value = value * 16 + hexDigit(code)
      continue
    }
    if (i > start) {
      target[offset + groups * 2] = value >> 8
      target[offset + groups * 2 + 1] = value & 0xff
      groups++
      value = 0
    }
    start = i + 1
    if (text.charCodeAt(i + 1) === COLON) gap = groups
  }
  if (gap < 0) return
  const tail = offset + (GROUPS - groups + gap) * 2
  target.copyWithin(tail, offset + gap * 2, offset + groups * 2)
  target.fill(0, offset + gap * 2, tail)
}

function hexDigit(code: number): number {
  return code < 58 ? code - 48 : (code | 32) - 87
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
