import fc from 'fast-check'
import { expect, test } from 'vitest'

import { PcapngWriter } from './pcapng-writer.ts'

interface Block {
  readonly type: number
  readonly body: Buffer
}

/** Splits a little-endian pcapng file into blocks, as the draft's section 3.1 has it. */
function blocksOf(file: Uint8Array): Block[] {
  const bytes = Buffer.from(file)
  const blocks: Block[] = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 4)
    expect(length % 4).toBe(0)
    expect(bytes.readUInt32LE(at + length - 4)).toBe(length)
    blocks.push({ type: bytes.readUInt32LE(at), body: bytes.subarray(at + 8, at + length - 4) })
    at += length
  }
  return blocks
}

function optionsOf(bytes: Buffer): [number, Buffer][] {
  const options: [number, Buffer][] = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt16LE(at + 2)
    options.push([bytes.readUInt16LE(at), bytes.subarray(at + 4, at + 4 + length)])
    at += 4 + Math.ceil(length / 4) * 4
  }
  return options
}

test('a file begins with its section and its interfaces', () => {
  const file = new PcapngWriter([{ name: 'vpn-tun' }, { name: 'uplink' }]).header()
  const [section, first, second, ...rest] = blocksOf(file)
  expect(rest).toEqual([])
  expect(section?.type).toBe(0x0a0d0d0a)
  expect(section?.body.readUInt32LE(0)).toBe(0x1a2b3c4d)
  expect([section?.body.readUInt16LE(4), section?.body.readUInt16LE(6)]).toEqual([1, 0])
  for (const [block, name] of [
    [first, 'vpn-tun'],
    [second, 'uplink'],
  ] as const) {
    expect(block?.type).toBe(1)
    expect(block?.body.readUInt16LE(0)).toBe(101)
    const options = optionsOf(block?.body.subarray(8) ?? Buffer.alloc(0))
    expect(options).toEqual([
      [2, Buffer.from(name)],
      [9, Buffer.of(9)],
      [0, Buffer.alloc(0)],
    ])
  }
})

test('packets come back with time, comments and direction', () => {
  const writer = new PcapngWriter([{ name: 'a' }, { name: 'b' }])
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.bigInt({ min: 0n, max: 2n ** 63n }),
      fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 3 }),
      fc.constantFrom('inbound' as const, 'outbound' as const, undefined),
      fc.constantFrom(0, 1),
      (bytes, time, comments, direction, index) => {
        const given = { time, comments, interface: index, ...(direction === undefined ? {} : { direction }) }
        const [block, ...rest] = blocksOf(writer.packet(bytes, given))
        expect(rest).toEqual([])
        const body = block?.body ?? Buffer.alloc(0)
        expect([block?.type, body.readUInt32LE(0)]).toEqual([6, index])
        expect((BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8))).toBe(time)
        expect([body.readUInt32LE(12), body.readUInt32LE(16)]).toEqual([bytes.length, bytes.length])
        expect(Buffer.compare(body.subarray(20, 20 + bytes.length), bytes)).toBe(0)
        const options = optionsOf(body.subarray(20 + Math.ceil(bytes.length / 4) * 4))
        expect(options.filter(([code]) => code === 1).map(([, text]) => text)).toEqual(
          comments.map((comment) => Buffer.from(comment)),
        )
        expect(options.find(([code]) => code === 2)?.[1].readUInt32LE(0)).toBe(
          direction === undefined ? undefined : direction === 'inbound' ? 1 : 2,
        )
      },
    ),
    { numRuns: 30 },
  )
})

test('a cut packet keeps its length, and an unknown interface is refused', () => {
  const writer = new PcapngWriter([{ name: 'a' }])
  const [block] = blocksOf(writer.packet(new Uint8Array(10), { originalLength: 1400 }))
  expect([block?.body.readUInt32LE(12), block?.body.readUInt32LE(16)]).toEqual([10, 1400])
  expect(() => writer.packet(new Uint8Array(1), { interface: 1 })).toThrow('interface: 1')
  expect(() => new PcapngWriter([])).toThrow('interfaces')
})
