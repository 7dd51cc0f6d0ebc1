import fc from 'fast-check'
import { expect, test } from 'vitest'

import { take } from '../../test/arena-bytes.ts'
import { dataPackets } from '../../test/packet-arbitraries.ts'
import { type SlowPacket, slowOffloaded, slowPacket, slowSegments } from '../../test/slow-packets.ts'
import { Arena } from '../arena/arena.ts'
import { completeChecksum, Segmenter } from './segmenter.ts'
import { gsoEcn, readVirtioHeader, virtioHeaderSize } from './virtio-header.ts'

const arena = Arena.create(1 << 20)
const segmenter = new Segmenter(arena)
const place = arena.allocate(70_000) + 600

/** Cuts what the kernel would hand over; undefined when it is refused. */
function cut(offloaded: Buffer, change: (header: Buffer) => void = () => {}): Buffer[] | undefined {
  change(offloaded)
  arena.bytes.set(offloaded, place)
  const header = readVirtioHeader(arena, place)
  if (!segmenter.begin(place + virtioHeaderSize, offloaded.length - virtioHeaderSize, header))
    return undefined
  const pieces: Buffer[] = []
  while (segmenter.next()) pieces.push(take(arena, segmenter.offset, segmenter.length))
  return pieces
}

test('a long packet is cut into what a sender without offload would send, byte for byte', () => {
  fc.assert(
    fc.property(dataPackets(9000), fc.integer({ min: 100, max: 1500 }), (packet, size) => {
      fc.pre(packet.payload.length > size)
      expect(cut(slowOffloaded(packet, size))).toEqual(slowSegments(packet, size))
    }),
    { numRuns: 50 },
  )
})

test('the longest packets', () => {
  for (const family of [4, 6] as const) {
    const payload = new Uint8Array(65_535 - 60).fill(0xff)
    const packet: SlowPacket = {
      family,
      protocol: 'tcp',
      payload,
      sequence: 0xfffffff0,
      identification: 0xfff0,
    }
    expect(cut(slowOffloaded(packet, 16))?.length).toBe(Math.ceil(payload.length / 16))
    expect(cut(slowOffloaded(packet, 1380))).toEqual(slowSegments(packet, 1380))
  }
})

test('the flag for congestion stays with the first piece', () => {
  const packet: SlowPacket = { family: 4, protocol: 'tcp', payload: new Uint8Array(300), flags: 0x90 }
  const pieces = cut(slowOffloaded(packet, 100), (bytes) => bytes.writeUInt8((bytes[1] ?? 0) | gsoEcn, 1))
  expect(pieces?.map((piece) => piece[33])).toEqual([0x90, 0x10, 0x10])
})

test('a checksum left to us is completed', () => {
  fc.assert(
    fc.property(dataPackets(1400), (packet) => {
      const offloaded = slowOffloaded(packet, 2000)
      arena.bytes.set(offloaded, place)
      const length = offloaded.length - virtioHeaderSize
      const header = readVirtioHeader(arena, place)
      expect(completeChecksum(arena, place + virtioHeaderSize, length, header)).toBe(true)
      const complete = take(arena, place + virtioHeaderSize, length)
      const expected = slowPacket(packet)
      // 0 and 0xffff are the same; the kernel writes the latter for every protocol.
      const at = (packet.family === 4 ? 20 : 40) + (packet.protocol === 'tcp' ? 16 : 6)
      if (expected.readUInt16BE(at) === 0) expected.writeUInt16BE(0xffff, at)
      expect(complete).toEqual(expected)
    }),
  )
})

test.each<[string, (header: Buffer) => void]>([
  ['an unknown kind', (bytes) => bytes.writeUInt8(3, 1)],
  ['IPv6 for an IPv4 packet', (bytes) => bytes.writeUInt8(4, 1)],
  ['no checksum to complete', (bytes) => bytes.writeUInt8(0, 0)],
  ['pieces of 0 bytes', (bytes) => bytes.writeUInt16LE(0, 4)],
  ['a transport header inside the IP header', (bytes) => bytes.writeUInt16LE(19, 6)],
  ['a transport header behind the end', (bytes) => bytes.writeUInt16LE(60_000, 6)],
  ['a checksum somewhere else', (bytes) => bytes.writeUInt16LE(6, 8)],
  ['a TCP header longer than the packet', (bytes) => bytes.writeUInt8(0xf0, virtioHeaderSize + 32)],
])('%s is refused', (_name, change) => {
  const packet: SlowPacket = { family: 4, protocol: 'tcp', payload: new Uint8Array(30) }
  expect(cut(slowOffloaded(packet, 10))).toHaveLength(3)
  expect(cut(slowOffloaded(packet, 10), change)).toBeUndefined()
})
