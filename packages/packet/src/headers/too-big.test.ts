import fc from 'fast-check'
import { expect, test } from 'vitest'

import { slowPacket } from '../../test/slow-packets.ts'
import { formatPacket, parsePacket } from './ip-packet.ts'
import { packetTooBig } from './too-big.ts'

const long = new Uint8Array(3000).fill(7)

test('IPv4: fragmentation needed, with the MTU and the start of the packet', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1500 }), fc.integer({ min: 68, max: 65535 }), (payload, mtu) => {
      const packet = slowPacket({ family: 4, protocol: 'udp', payload })
      const answer = parsePacket(packetTooBig(packet, mtu) ?? new Uint8Array(0))
      expect(answer).toMatchObject({
        checksumsAreRight: true,
        ip: { family: 4, source: '10.2.0.2', destination: '10.1.0.1', protocol: 1 },
        payload: { kind: 'icmp', type: 3, code: 4, rest: mtu },
      })
      const quoted = answer?.payload.data ?? new Uint8Array(0)
      expect(quoted.length).toBe(Math.min(packet.length, 548))
      expect(Buffer.compare(quoted, packet.subarray(0, quoted.length))).toBe(0)
    }),
  )
})

test('IPv6: packet too big, no longer than 1280 bytes', () => {
  const packet = slowPacket({ family: 6, protocol: 'tcp', payload: long })
  const bytes = packetTooBig(packet, 1280, { from: 'fd00::99' })
  expect(bytes?.length).toBe(1280)
  const answer = parsePacket(bytes ?? new Uint8Array(0))
  expect(answer).toMatchObject({
    checksumsAreRight: true,
    ip: { family: 6, source: 'fd00::99', destination: 'fd01::1', protocol: 58 },
    payload: { kind: 'icmp', type: 2, code: 0, rest: 1280 },
  })
  expect(Buffer.compare(answer?.payload.data ?? long, packet.subarray(0, 1232))).toBe(0)
})

test('what must not be answered is not, and its neighbour is', () => {
  const v4 = slowPacket({ family: 4, protocol: 'udp', payload: long })
  expect(packetTooBig(v4, 1400)).toBeDefined()
  expect(
    packetTooBig(slowPacket({ family: 4, protocol: 'udp', payload: long, dontFragment: false }), 1400),
  ).toBeUndefined()
  for (const [source, answered] of [
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['127.0.0.1', false],
    ['0.0.0.0', false],
    ['223.0.0.1', true],
  ] as const) {
    const packet = Buffer.from(v4)
    packet.set(source.split('.').map(Number), 12)
    expect([source, packetTooBig(packet, 1400) !== undefined]).toEqual([source, answered])
  }
  const parsed = parsePacket(v4)
  if (parsed?.ip.family !== 4) throw new Error('not IPv4')
  for (const [type, answered] of [
    [3, false],
    [11, false],
    [8, true],
  ] as const) {
    const icmp = formatPacket({
      ip: { ...parsed.ip, protocol: 1 },
      payload: { kind: 'icmp', type, code: 0, rest: 0, data: long },
    })
    expect([type, packetTooBig(icmp, 1400) !== undefined]).toEqual([type, answered])
  }
  const v6 = parsePacket(slowPacket({ family: 6, protocol: 'udp', payload: long }))
  if (v6?.ip.family !== 6) throw new Error('not IPv6')
  for (const [type, answered] of [
    [2, false],
    [127, false],
    [128, true],
  ] as const) {
    const icmp = formatPacket({
      ip: { ...v6.ip, protocol: 58 },
      payload: { kind: 'icmp', type, code: 0, rest: 0, data: long },
    })
    expect([type, packetTooBig(icmp, 1400) !== undefined]).toEqual([type, answered])
  }
  expect(packetTooBig(Uint8Array.of(1, 2, 3), 1400)).toBeUndefined()
  expect(() => packetTooBig(v4, 67)).toThrow('mtu')
})
