import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { readMessages } from '../netlink/message-reader.ts'
import { encodeNft } from './batch.ts'
import type { NftCommand, NftSet } from './command.ts'
import { intervalKeys } from './element.ts'

const table = 'guard'

function messages(commands: readonly NftCommand[]): { type: number; sequence: number; size: number }[] {
  const bytes = Buffer.from(encodeNft(commands))
  const read = [...readMessages(bytes, bytes.length)]
  expect(read.at(-1)?.end).toBe(bytes.length)
  return read.map(({ type, sequence, start, end }) => ({ type: type & 0xff, sequence, size: end - start }))
}

test('the messages of a command carry its position; begin and end of the batch carry none', () => {
  const set: NftSet = { name: 'covered', type: 'ipv6_addr', interval: true }
  const elements = Array.from({ length: 3000 }, (_, at) => `2001:db8:${at.toString(16)}::/49`)
  const read = messages([
    { op: 'addTable', table },
    { op: 'addSet', table, set },
    { op: 'addElements', table, set, elements },
    { op: 'deleteTable', table },
  ])
  expect(read.map(({ type }) => type)).toEqual([16, 0, 9, 12, 12, 12, 12, 2, 17])
  expect(read.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 3, 3, 3, 4, 0])
  expect(Math.max(...read.map(({ size }) => size))).toBeLessThan(65_536)
})

test('what is copied from an earlier batch is what would be written', () => {
  const set: NftSet = { name: 'marks', type: 'mark' }
  const shared: readonly NftCommand[] = [
    { op: 'addTable', table },
    { op: 'addSet', table, set },
    {
      op: 'addRule',
      table,
      chain: 'out',
      rule: [{ kind: 'icmpv6', types: ['echo-request', 'nd-router-solicit'] }],
    },
    { op: 'addElements', table, set, elements: ['0x1', '2'] },
  ]
  const other: readonly NftCommand[] = [
    { op: 'addSet', table, set: { name: 'uids', type: 'uid' } },
    { op: 'deleteTable', table },
  ]
  const copied = fc.array(fc.constantFrom(...shared.keys()), { maxLength: 4 })
  fc.assert(
    fc.property(fc.nat(shared.length), fc.nat(shared.length), copied, (first, second, more) => {
      encodeNft([...shared.slice(0, first), ...other])
      const commands = [...shared.slice(0, second), ...more.flatMap((at) => shared[at] ?? []), ...other]
      const bytes = Buffer.from(encodeNft(commands))
      expect(bytes).toEqual(Buffer.from(encodeNft(structuredClone(commands))))
    }),
  )
})

test('no elements are no message', () => {
  const set: NftSet = { name: 'uids', type: 'uid' }
  expect(messages([{ op: 'addElements', table, set, elements: [] }])).toHaveLength(2)
})

test.each([
  ['ipv4_addr', '10.0.0'],
  ['ipv6_addr', '10.0.0.1'],
  ['mark', '4294967296'],
  ['uid', '-1'],
  ['uid', 'root'],
  ['ifname', ''],
  ['ifname', 'x'.repeat(16)],
  ['ipv4_addr . inet_service . inet_service', '10.0.0.1 . 70000 . 1'],
  ['ipv4_addr . inet_service . inet_service', '10.0.0.1 . 70'],
  ['ipv6_addr . inet_proto . inet_service', '::1 . icmp . 1'],
] as const)('what is no %s is refused: %j', (type, element) => {
  const set: NftSet = { name: 'set', type }
  expect(() => encodeNft([{ op: 'addElements', table, set, elements: [element] }])).toThrow(RangeError)
})

test.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/x', '10.0.0.0/1.5'])('no prefix: %s', (prefix) => {
  expect(() => intervalKeys('ipv4_addr', prefix)).toThrow(RangeError)
})

test('a prefix becomes its first address and the one behind its last', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.nat(128), (address, length) => {
      const groups = address.toString(16).padStart(32, '0').match(/.{4}/g)?.join(':') ?? ''
      const { from, behind } = intervalKeys('ipv6_addr', `${groups}/${length}`)
      const size = 2n ** BigInt(128 - length)
      const first = (address / size) * size
      const last = first + size
      expect(BigInt(`0x${from.toString('hex')}`)).toBe(first)
      expect(behind === undefined ? 2n ** 128n : BigInt(`0x${behind.toString('hex')}`)).toBe(last)
    }),
  )
})
