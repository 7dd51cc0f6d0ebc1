import fc from 'fast-check'
import { expect, test } from 'vitest'

import { slowPacket } from '../../test/slow-packets.ts'
import { formatPacket, type IpPacket, type IpPayload, parsePacket } from './ip-packet.ts'
import type { Ipv4Header } from './ipv4-header.ts'
import type { Ipv6Extension, Ipv6Header } from './ipv6-header.ts'

const bits = (count: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** count - 1 })
const data = fc.uint8Array({ maxLength: 200 })
const words = fc.nat(10).chain((count) => fc.uint8Array({ minLength: count * 4, maxLength: count * 4 }))
const payload: fc.Arbitrary<IpPayload> = fc.oneof(
  fc.record({
    kind: fc.constant('tcp' as const),
    header: fc.record({
      sourcePort: bits(16),
      destinationPort: bits(16),
      sequence: bits(32),
      acknowledgement: bits(32),
      flags: bits(8),
      window: bits(16),
      urgentPointer: bits(16),
      options: words,
    }),
    data,
  }),
  fc.record({ kind: fc.constant('udp' as const), sourcePort: bits(16), destinationPort: bits(16), data }),
  fc.record({ kind: fc.constant('icmp' as const), type: bits(8), code: bits(8), rest: bits(32), data }),
  fc.record({ kind: fc.constant('other' as const), data }),
)
const numbers = { tcp: [6, 6], udp: [17, 17], icmp: [1, 58], other: [99, 99] } as const

const ipv4 = fc.record({
  family: fc.constant(4 as const),
  trafficClass: bits(8),
  identification: bits(16),
  dontFragment: fc.boolean(),
  moreFragments: fc.constant(false),
  fragmentOffset: fc.constant(0),
  hopLimit: bits(8),
  source: fc.ipV4(),
  destination: fc.ipV4(),
  options: words,
})
/** An options header of 8, 16 or 24 bytes; a used-up routing header; an authentication header. */
const extension: fc.Arbitrary<Ipv6Extension> = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 60), fc.nat(2))
    .chain(([number, size]) => bytesOf(number, 8 * (size + 1), { 0: 0, 1: size })),
  bytesOf(43, 24, { 0: 0, 1: 2, 2: 4, 3: 0 }),
  bytesOf(51, 24, { 0: 0, 1: 4 }),
  bytesOf(44, 8, { 0: 0, 2: 0, 3: 0 }),
)
const ipv6 = fc.record({
  family: fc.constant(6 as const),
  trafficClass: bits(8),
  flowLabel: bits(20),
  hopLimit: bits(8),
  source: fc.constantFrom('::1', 'fd00::1', '2001:db8::a:b'),
  destination: fc.constantFrom('fe80::1', 'ff02::1', '2001:db8:1:2:3:4:5:6'),
  extensions: fc.array(extension, { maxLength: 3 }),
})
const packets: fc.Arbitrary<IpPacket> = fc.tuple(fc.oneof(ipv4, ipv6), payload).map(([ip, carried]) => ({
  ip: { ...ip, protocol: numbers[carried.kind][ip.family === 4 ? 0 : 1] } as Ipv4Header | Ipv6Header,
  payload: carried,
}))

function bytesOf(number: number, length: number, fixed: Record<number, number>): fc.Arbitrary<Ipv6Extension> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => {
    for (const [at, value] of Object.entries(fixed)) bytes[Number(at)] = value
    return { number, bytes }
  })
}

/** The first byte of each extension header names the next one, which the writer fills in. */
function unlinked({ ip, payload: carried }: IpPacket): IpPacket {
  if (ip.family === 4) return { ip, payload: carried }
  const extensions = ip.extensions.map(({ number, bytes }) => ({
    number,
    bytes: Uint8Array.from(bytes).fill(0, 0, 1),
  }))
  return { ip: { ...ip, extensions }, payload: carried }
}

test('what is written is read again, with right checksums', () => {
  fc.assert(
    fc.property(packets, fc.uint8Array({ maxLength: 20 }), (packet, trailer) => {
      const parsed = parsePacket(Buffer.concat([formatPacket(packet), trailer]))
      if (parsed === undefined) throw new Error('not read')
      expect(parsed.checksumsAreRight).toBe(true)
      expect(unlinked(parsed)).toEqual(unlinked(packet))
    }),
  )
})

test.each([4, 6] as const)(
  'IPv%i packets made elsewhere are read with right checksums, and written the same',
  (family) => {
    fc.assert(
      fc.property(data, fc.constantFrom('tcp', 'udp'), bits(16), (content, protocol, identification) => {
        const bytes = slowPacket({ family, protocol, payload: content, identification })
        const parsed = parsePacket(bytes)
        expect(parsed?.checksumsAreRight).toBe(true)
        expect(parsed?.payload.data).toEqual(new Uint8Array(content))
        if (parsed !== undefined) expect(Buffer.compare(formatPacket(parsed), bytes)).toBe(0)
      }),
    )
  },
)

test('one changed byte of the transport part is noticed', () => {
  fc.assert(
    fc.property(
      data,
      fc.constantFrom(4, 6),
      fc.constantFrom('tcp', 'udp'),
      fc.nat(),
      (content, family, protocol, where) => {
        const bytes = slowPacket({ family, protocol, payload: content })
        const start = family === 4 ? 20 : 40
        const at = start + (where % (bytes.length - start))
        // Not the length fields, which decide what is read at all.
        fc.pre(
          !(protocol === 'tcp' && at === start + 12) &&
            !(protocol === 'udp' && (at === start + 4 || at === start + 5)),
        )
        fc.pre(!(protocol === 'udp' && at >= start + 6 && at < start + 8))
        bytes[at] = (bytes[at] ?? 0) ^ 1
        expect(parsePacket(bytes)?.checksumsAreRight).toBe(false)
      },
    ),
  )
})

test('any bytes are read or refused, never an exception', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 120 }),
      fc.constantFrom(0x45, 0x4f, 0x60, undefined),
      (bytes, first) => {
        if (first !== undefined && bytes.length > 0) bytes[0] = first
        parsePacket(bytes)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a routing header that is not used up changes the address that is summed', () => {
  const routing = new Uint8Array(24)
  routing.set([0, 2, 4, 1])
  routing.set([0xfd, 9], 8)
  routing[23] = 9
  const ip: Ipv6Header = {
    family: 6,
    trafficClass: 0,
    flowLabel: 0,
    hopLimit: 9,
    source: 'fd00::1',
    destination: 'fd00::2',
    extensions: [{ number: 43, bytes: routing }],
    protocol: 17,
  }
  const carried: IpPayload = { kind: 'udp', sourcePort: 1, destinationPort: 2, data: Uint8Array.of(1) }
  const direct = { ...ip, destination: 'fd09::9', extensions: [] }
  const checksum = (packet: Uint8Array, at: number): number => Buffer.from(packet).readUInt16BE(at + 6)
  expect(checksum(formatPacket({ ip, payload: carried }), 64)).toBe(
    checksum(formatPacket({ ip: direct, payload: carried }), 40),
  )
})

test.each([
  ['source', { source: '1.2.3' }],
  ['hopLimit', { hopLimit: 256 }],
  ['identification', { identification: -1 }],
  ['fragmentOffset', { fragmentOffset: 7 }],
  ['options', { options: new Uint8Array(3) }],
])('a wrong %s is named', (field, wrong) => {
  const ip: Ipv4Header = {
    family: 4,
    trafficClass: 0,
    identification: 0,
    dontFragment: false,
    moreFragments: false,
    fragmentOffset: 0,
    hopLimit: 1,
    protocol: 1,
    source: '1.2.3.4',
    destination: '1.2.3.4',
    options: new Uint8Array(0),
    ...wrong,
  }
  expect(() => formatPacket({ ip, payload: { kind: 'other', data: new Uint8Array(0) } })).toThrow(field)
})
