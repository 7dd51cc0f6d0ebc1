import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { put, take } from '../../test/arena-bytes.ts'
import { contents } from '../../test/packet-arbitraries.ts'
import { slowPacket, type SlowPacket, slowSegments } from '../../test/slow-packets.ts'
import { Arena } from '../arena/arena.ts'
import { Coalescer } from './coalescer.ts'
import { Segmenter } from './segmenter.ts'
import { gsoNone, readVirtioHeader, virtioHeaderSize } from './virtio-header.ts'

interface Result {
  /** How many packets each delivery was made of; 1 for those that were not taken. */
  readonly counts: number[]
  /** All packets after cutting again, in order. */
  readonly packets: Buffer[]
}

/** Joins, and cuts again by the segmenter, which has tests of its own. */
function joinAndCut(packets: readonly Buffer[], joinsUdp = true, arena = Arena.create(1 << 21)): Result {
  const segmenter = new Segmenter(arena)
  const result: Result = { counts: [], packets: [] }
  const coalescer = new Coalescer(arena, joinsUdp, (offset, length, count) => {
    result.counts.push(count)
    const header = readVirtioHeader(arena, offset)
    if (header.gsoType === gsoNone) {
      expect([count, header.flags]).toEqual([1, 0])
      result.packets.push(take(arena, offset + virtioHeaderSize, length - virtioHeaderSize))
      return
    }
    expect(segmenter.begin(offset + virtioHeaderSize, length - virtioHeaderSize, header)).toBe(true)
    while (segmenter.next()) result.packets.push(take(arena, segmenter.offset, segmenter.length))
  })
  for (const packet of packets) {
    if (coalescer.take(put(arena, packet), packet.length)) continue
    result.counts.push(1)
    result.packets.push(packet)
  }
  coalescer.flush()
  return result
}

const base: SlowPacket = {
  family: 4,
  protocol: 'tcp',
  payload: contents(1000, 1),
  flags: 0x10,
  sequence: 0xfffff000,
}

describe.each([
  ['TCP over IPv4', { ...base }],
  [
    'TCP over IPv6, with options',
    { ...base, family: 6, options: Uint8Array.from({ length: 12 }, (_, i) => i) },
  ],
  ['UDP over IPv4', { ...base, protocol: 'udp' }],
  ['UDP over IPv6', { ...base, family: 6, protocol: 'udp' }],
] as [string, SlowPacket][])('%s', (_name, flow) => {
  test('neighbours become one packet, which cuts into the same packets', () => {
    const packets = slowSegments({ ...flow, payload: contents(20_500, 3), identification: 0xfffa }, 1000)
    expect(joinAndCut(packets)).toEqual({ counts: [21], packets })
  })

  test('a shorter packet is the last one', () => {
    const first = slowSegments({ ...flow, payload: contents(2500, 3) }, 1000)
    const second = slowSegments(
      { ...flow, payload: contents(2000, 4), sequence: 0xfffff000 + 2500, identification: 3 },
      1000,
    )
    expect(joinAndCut([...first, ...second])).toEqual({ counts: [3, 2], packets: [...first, ...second] })
  })

  test('a wrong checksum is not covered up', () => {
    for (const broken of [0, 1, 2]) {
      const packets = slowSegments({ ...flow, payload: contents(3000, 3) }, 1000)
      packets[broken]?.writeUInt8(packets[broken].readUInt8(200) ^ 4, 200)
      const result = joinAndCut(packets)
      expect(result.packets).toEqual(packets)
      expect(result.counts).toEqual(
        [
          [1, 2],
          [1, 1, 1],
          [2, 1],
        ][broken],
      )
    }
  })

  test.each<[string, Partial<SlowPacket>]>([
    ['hop limit', { hopLimit: 9 }],
    ['traffic class', { trafficClass: 2 }],
    ['ports', { ports: [5, 6] }],
    ['addresses', { hosts: [1, 3] }],
  ])('packets with another %s stay apart', (_field, change) => {
    const [first, second] = slowSegments({ ...flow, payload: contents(2000, 3) }, 1000)
    const [, other] = slowSegments({ ...flow, ...change, payload: contents(2000, 3) }, 1000)
    if (first === undefined || second === undefined || other === undefined) throw new Error('no packets')
    expect(joinAndCut([first, second]).counts).toEqual([2])
    expect(joinAndCut([first, other])).toEqual({ counts: [1, 1], packets: [first, other] })
  })
})

test.each<[string, Partial<SlowPacket>]>([
  ['acknowledgement', { acknowledgement: 78 }],
  ['window', { window: 501 }],
  ['gap in the sequence', { sequence: 2001 }],
  ['flag (FIN)', { flags: 0x11 }],
  ['flag (ECE)', { flags: 0x50 }],
  ['option', { options: Uint8Array.of(1, 1, 1, 1) }],
  ['identification', { identification: 7, dontFragment: false }],
])('TCP packets with another %s stay apart', (_field, change) => {
  const first = slowPacket({ ...base, sequence: 1000, dontFragment: false })
  const next = slowPacket({ ...base, sequence: 2000, identification: 1, dontFragment: false })
  const other = slowPacket({ ...base, sequence: 2000, identification: 1, dontFragment: false, ...change })
  expect(joinAndCut([first, next]).counts).toEqual([2])
  expect(joinAndCut([first, other])).toEqual({ counts: [1, 1], packets: [first, other] })
})

test('PSH ends a packet and is kept', () => {
  const packets = slowSegments({ ...base, payload: contents(3000, 3), flags: 0x18 }, 1000)
  const more = slowPacket({
    ...base,
    payload: contents(1000, 3),
    sequence: 0xfffff000 + 3000,
    identification: 3,
  })
  expect(joinAndCut([...packets, more])).toEqual({ counts: [3, 1], packets: [...packets, more] })
})

test('an acknowledgement does not overtake the data of its flow', () => {
  const data = slowSegments({ ...base, payload: contents(2000, 3) }, 1000)
  const lone = slowPacket({ ...base, payload: new Uint8Array(0), sequence: 0xfffff000 + 2000 })
  expect(joinAndCut([...data, lone])).toEqual({ counts: [2, 1], packets: [...data, lone] })
})

test('nothing overtakes a fragment or what cannot be read', () => {
  const data = slowSegments({ ...base, payload: contents(2000, 3) }, 1000)
  const fragment = slowPacket({ ...base, dontFragment: false, hosts: [9, 9] })
  fragment.writeUInt16BE(0x2000, 6)
  for (const barrier of [fragment, Buffer.alloc(30, 0x99), slowPacket(base).subarray(0, 900)]) {
    expect(joinAndCut([...data, barrier])).toEqual({ counts: [2, 1], packets: [...data, barrier] })
  }
})

test('datagrams without a checksum, and all where the kernel takes no long ones, stay apart', () => {
  const packets = slowSegments({ ...base, protocol: 'udp', payload: contents(2000, 3) }, 1000)
  expect(joinAndCut(packets, false)).toEqual({ counts: [1, 1], packets })
  for (const packet of packets) packet.writeUInt16BE(0, 26)
  expect(joinAndCut(packets)).toEqual({ counts: [1, 1], packets })
})

test('64 datagrams and 65,535 bytes are the most', () => {
  const small = slowSegments({ ...base, protocol: 'udp', payload: contents(700, 3) }, 10)
  expect(joinAndCut(small).counts).toEqual([64, 6])
  const large = slowSegments({ ...base, payload: contents(100_000, 3) }, 1400)
  expect(joinAndCut(large)).toEqual({ counts: [46, 26], packets: large })
})

test('of any mixture of flows, each keeps its packets and their order', () => {
  const choice = fc.record({
    flow: fc.integer({ min: 0, max: 11 }),
    length: fc.constantFrom(0, 1, 500, 500, 500, 1000, 1000, 1000, 1000),
    flags: fc.constantFrom(0x10, 0x10, 0x10, 0x10, 0x18, 0x11),
    broken: fc.constantFrom(false, false, false, false, true),
  })
  let joined = 0
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 60 }), (choices) => {
      const sequences = new Map<number, number>()
      const packets = choices.map(({ flow, length, flags, broken }, index) => {
        const sequence = sequences.get(flow) ?? 0xffffff00
        sequences.set(flow, (sequence + length) >>> 0)
        const packet = slowPacket({
          family: flow % 2 === 0 ? 4 : 6,
          protocol: flow % 3 === 0 ? 'udp' : 'tcp',
          ports: [flow, 1],
          payload: contents(length, index),
          sequence,
          flags,
        })
        if (broken) packet.writeUInt8(packet.readUInt8(packet.length - 1) ^ 1, packet.length - 1)
        return packet
      })
      const result = joinAndCut(packets, true, Arena.create(1 << 21))
      joined += result.counts.filter((count) => count > 1).length
      for (let flow = 0; flow < 12; flow++) {
        const isOf = (packet: Buffer): boolean =>
          packet.readUInt16BE((packet[0] ?? 0) >> 4 === 4 ? 20 : 40) === flow
        // Equal headers but the identification, which means nothing where fragmenting is forbidden (RFC 6864, 4.1).
        expect(result.packets.filter(isOf).map(withoutIdentification)).toEqual(
          packets.filter(isOf).map(withoutIdentification),
        )
      }
    }),
    { numRuns: 60 },
  )
  expect(joined).toBeGreaterThan(0)
})

function withoutIdentification(packet: Buffer): string {
  const copy = Buffer.from(packet)
  if ((copy[0] ?? 0) >> 4 === 4) copy.fill(0, 4, 6).fill(0, 10, 12)
  return copy.toString('hex')
}
