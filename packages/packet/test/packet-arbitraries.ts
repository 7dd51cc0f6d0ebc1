import fc from 'fast-check'

import type { SlowPacket } from './slow-packets.ts'

const bits = (count: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** count - 1 })

/** Packets that carry data of a TCP or UDP flow, up to `longest` bytes of it. */
export function dataPackets(longest: number): fc.Arbitrary<SlowPacket> {
  return fc.record({
    family: fc.constantFrom(4 as const, 6 as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    payload: fc
      .tuple(fc.integer({ min: 1, max: longest }), bits(8))
      .map(([length, seed]) => contents(length, seed)),
    identification: bits(16),
    dontFragment: fc.boolean(),
    sequence: fc.oneof(bits(32), fc.constantFrom(0xffffffff, 0xfffffff0)),
    flags: fc.constantFrom(0x10, 0x18, 0x11, 0x19, 0x90, 0x98),
    window: bits(16),
    hopLimit: fc.integer({ min: 1, max: 255 }),
    trafficClass: bits(8),
    options: fc
      .constantFrom(0, 4, 12, 40)
      .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  })
}

/** Bytes that differ from place to place. */
export function contents(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + seed) & 0xff)
}
