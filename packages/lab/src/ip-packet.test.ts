import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { summarizeIp } from './ip-packet.ts'

/** An IPv4 header without options (RFC 791). */
function ipv4(protocol: number, payload: number[], fragmentField = 0): Uint8Array {
  const fragment = [fragmentField >> 8, fragmentField & 255]
  return Uint8Array.from([
    0x45,
    0,
    0,
    0,
    0,
    0,
    ...fragment,
    64,
    protocol,
    0,
    0,
    10,
    0,
    0,
    1,
    192,
    0,
    2,
    9,
    ...payload,
  ])
}

const from6 = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
const to6 = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]

/** An IPv6 header (RFC 8200). */
function ipv6(next: number, payload: number[]): Uint8Array {
  return Uint8Array.from([0x60, 0, 0, 0, 0, payload.length, next, 64, ...from6, ...to6, ...payload])
}

const ports = [0x9c, 0x40, 0, 7, 0, 0, 0, 0]
const withPorts = { sourcePort: 40000, destinationPort: 7 }
const withoutPorts = { sourcePort: 0, destinationPort: 0 }
/** Next header, length in 8 bytes beyond the first, padding. */
const extension = (next: number): number[] => [next, 0, 1, 4, 0, 0, 0, 0]
const authentication = (next: number): number[] => [next, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const fragmentHeader = (next: number, offset: number): number[] => [next, 0, 0, (offset << 3) | 1, 0, 0, 0, 0]

describe('summarizeIp', () => {
  test.each([
    ['TCP', ipv4(6, ports), { protocol: 'tcp', ...withPorts, fragment: false }],
    ['UDP', ipv4(17, ports), { protocol: 'udp', ...withPorts, fragment: false }],
    ['ICMP', ipv4(1, ports), { protocol: 'icmp', ...withoutPorts, fragment: false }],
    ['GRE', ipv4(47, ports), { protocol: 'ip-47', ...withoutPorts, fragment: false }],
    ['a first fragment', ipv4(17, ports, 0x2000), { protocol: 'udp', ...withPorts, fragment: true }],
    ['a later fragment', ipv4(17, ports, 0x0010), { protocol: 'udp', ...withoutPorts, fragment: true }],
    ['a cut UDP header', ipv4(17, [1, 2]), { protocol: 'udp', ...withoutPorts, fragment: false }],
  ])('reads %s over IPv4', (_what, packet, expected) => {
    expect(summarizeIp(packet)).toEqual({
      family: 4,
      source: '10.0.0.1',
      destination: '192.0.2.9',
      length: packet.length,
      ...expected,
    })
  })

  test.each([
    ['UDP', ipv6(17, ports), { protocol: 'udp', ...withPorts, fragment: false }],
    ['ICMPv6', ipv6(58, ports), { protocol: 'icmpv6', ...withoutPorts, fragment: false }],
    ['MLD', ipv6(0, [...extension(58), ...ports]), { protocol: 'icmpv6', ...withoutPorts, fragment: false }],
    [
      'TCP behind four extensions',
      ipv6(0, [...extension(43), ...extension(60), ...extension(51), ...authentication(6), ...ports]),
      { protocol: 'tcp', ...withPorts, fragment: false },
    ],
    [
      'a first fragment',
      ipv6(44, [...fragmentHeader(17, 0), ...ports]),
      { protocol: 'udp', ...withPorts, fragment: true },
    ],
    [
      'a later fragment',
      ipv6(44, [...fragmentHeader(17, 3), ...ports]),
      { protocol: 'udp', ...withoutPorts, fragment: true },
    ],
    ['no next header', ipv6(59, []), { protocol: 'ip-59', ...withoutPorts, fragment: false }],
    ['a cut extension', ipv6(0, [17]), { protocol: 'udp', ...withoutPorts, fragment: false }],
  ])('reads %s over IPv6', (_what, packet, expected) => {
    expect(summarizeIp(packet)).toEqual({
      family: 6,
      source: 'fd00::1',
      destination: '2001:db8::2',
      length: packet.length,
      ...expected,
    })
  })

  test('takes IPv4 options into account', () => {
    const packet = Uint8Array.from([...ipv4(17, []), 1, 1, 1, 1, ...ports])
    packet[0] = 0x46
    expect(summarizeIp(packet)).toMatchObject(withPorts)
  })

  test('tells the length of the whole packet', () => {
    expect(summarizeIp(ipv4(17, ports), 1400).length).toBe(1400)
  })

  test('takes any bytes without an exception, and says so when they are no packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const { family } = summarizeIp(bytes)
        const version = (bytes[0] ?? 0) >> 4
        const whole = (version === 4 && bytes.length >= 20) || (version === 6 && bytes.length >= 40)
        expect(family).toBe(whole ? version : 'other')
      }),
    )
  })
})
