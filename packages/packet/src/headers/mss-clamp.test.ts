import fc from 'fast-check'
import { expect, test } from 'vitest'

import { slowPacket, type SlowPacket } from '../../test/slow-packets.ts'
import { parsePacket } from './ip-packet.ts'
import { clampMss } from './mss-clamp.ts'

const syn = 0x02

/** A SYN whose options are `before`, the MSS and filling. */
function synWith(
  family: 4 | 6,
  mss: number,
  before: readonly number[],
  extra: Partial<SlowPacket> = {},
): Buffer {
  const options = [...before, 2, 4, mss >> 8, mss & 255]
  while (options.length % 4 !== 0) options.push(0)
  const flow = { family, protocol: 'tcp', payload: new Uint8Array(0), flags: syn } as const
  return slowPacket({ ...flow, options: Uint8Array.from(options), ...extra })
}

const clamp = (packet: Buffer, mtu: number): boolean => {
  const around = Buffer.concat([Buffer.alloc(3), packet])
  const view = new DataView(around.buffer, around.byteOffset, around.length)
  const changed = clampMss(view, 3, packet.length, mtu)
  around.copy(packet, 0, 3)
  return changed
}

test('a larger MSS is lowered, wherever the option stands, as if the sender had meant it', () => {
  const before = fc.constantFrom([], [1], [1, 1], [1, 3, 3, 7], [4, 2], [4, 2, 1])
  fc.assert(
    fc.property(
      fc.constantFrom(4, 6),
      fc.integer({ min: 0, max: 65535 }),
      fc.integer({ min: 576, max: 9000 }),
      before,
      (family, mss, mtu, options) => {
        const most = mtu - (family === 4 ? 40 : 60)
        const packet = synWith(family, mss, options)
        expect(clamp(packet, mtu)).toBe(mss > most)
        expect(Buffer.compare(packet, synWith(family, Math.min(mss, most), options))).toBe(0)
        expect(parsePacket(packet)?.checksumsAreRight).toBe(true)
      },
    ),
  )
})

test('only SYNs with the option are touched', () => {
  const untouched = [
    synWith(4, 9000, [], { flags: 0x10 }),
    slowPacket({ family: 4, protocol: 'tcp', payload: new Uint8Array(0), flags: syn }),
    slowPacket({ family: 6, protocol: 'udp', payload: new Uint8Array(20).fill(2) }),
    synWith(4, 9000, [0, 0, 0, 0]),
    synWith(4, 9000, [3, 1]),
  ]
  for (const packet of untouched) {
    const copy = Buffer.from(packet)
    expect(clamp(packet, 1000)).toBe(false)
    expect(Buffer.compare(packet, copy)).toBe(0)
  }
  expect(clamp(synWith(4, 9000, []), 1000)).toBe(true)
})

test('what has an IP header of less than 20 bytes is no packet, and is left alone', () => {
  const packet = synWith(4, 9000, [])
  // Where TCP then would begin, the header of IP looks like a SYN with the option.
  const short = Buffer.concat([packet.subarray(20), Buffer.alloc(20)])
  short.set([0x40, 0, 0, 40])
  short.set([0, 0, 0, 0, 0, 6], 4)
  short.set([0x70, syn], 12)
  expect(clamp(short, 1000)).toBe(false)
})

test('any bytes are left alone or changed, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), fc.constantFrom(0x45, 0x4f, 0x60), (bytes, first) => {
      if (bytes.length > 9) bytes.set([first], 0)
      if (bytes.length > 9) bytes.set([6], first === 0x60 ? 6 : 9)
      clampMss(new DataView(bytes.buffer), 0, bytes.length, 1000)
    }),
    { numRuns: 2000 },
  )
})
