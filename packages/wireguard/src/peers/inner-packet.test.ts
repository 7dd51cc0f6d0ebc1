import { expect, test } from 'vitest'
import { ipv4Packet, ipv6Packet } from '../../test/packets.ts'
import { addressOffsets, innerLength } from './inner-packet.ts'

const v4 = ipv4Packet('10.0.0.1', '10.0.0.2', new Uint8Array(5))
const v6 = ipv6Packet(1, 2, new Uint8Array(5))
const changed = (packet: Uint8Array, at: number, value: number): Uint8Array =>
  packet.map((byte, index) => (index === at ? value : byte))

test.each([
  ['IPv4', v4, v4.length, 25],
  ['IPv6', v6, v6.length, 45],
  ['IPv4 with padding', new Uint8Array([...v4, 0, 0, 0]), 28, 25],
  ['IPv6 with padding', new Uint8Array([...v6, 0, 0, 0]), 48, 45],
  ['cut IPv4', v4, 24, 0],
  ['cut IPv6', v6, 44, 0],
  ['half a header', v4, 19, 0],
  ['half an IPv6 header', v6, 39, 0],
  ['IPv4 shorter than its header', changed(v4, 3, 19), 25, 0],
  ['version 5', changed(v4, 0, 0x55), 25, 0],
  ['nothing', new Uint8Array(0), 0, 0],
])('%s', (_, packet, available, expected) => {
  const shifted = new Uint8Array([0x60, 0x45, ...packet])
  expect(innerLength(shifted, 2, available)).toBe(expected)
})

test('addresses are where the version says', () => {
  expect(addressOffsets(v4, 0)).toEqual({ family: 4, source: 12, destination: 16 })
  expect(addressOffsets(v6, 0)).toEqual({ family: 6, source: 8, destination: 24 })
})
