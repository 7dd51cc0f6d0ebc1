import { expect, test } from 'vitest'

import { Arena } from '../arena/arena.ts'
import { Endpoint } from './endpoint.ts'
import { isSocketAddress, readSocketAddress, writeSocketAddress } from './socket-address.ts'

const cases = [
  ['192.0.2.1', 4, 4, '192.0.2.1:7'],
  ['192.0.2.1', 6, 4, '192.0.2.1:7'],
  ['::ffff:192.0.2.1', 6, 4, '192.0.2.1:7'],
  ['2001:db8::1', 6, 6, '[2001:db8::1]:7'],
] as const

test.each(cases)('%s through an IPv%i socket', (address, socketFamily, family, text) => {
  const arena = Arena.create(65536)
  const endpoint = Endpoint.from(address, 7)
  expect([endpoint.family, endpoint.toString()]).toEqual([family, text])
  const length = writeSocketAddress(arena, 64, endpoint, socketFamily)
  expect(length).toBe(socketFamily === 4 ? 16 : 28)
  const read = readSocketAddress(arena, 64)
  expect(read.equals(endpoint)).toBe(true)
  expect(isSocketAddress(arena, 64, endpoint)).toBe(true)
  for (const other of [
    Endpoint.from(address, 8),
    Endpoint.from(family === 4 ? '192.0.2.2' : '2001:db8::2', 7),
    Endpoint.from('2001:db8::192.0.2.1', 7),
  ]) {
    expect(isSocketAddress(arena, 64, other)).toBe(false)
    expect(read.equals(other)).toBe(false)
  }
})

test('a link-local address keeps its interface', () => {
  const arena = Arena.create(65536)
  const endpoint = Endpoint.from('fe80::1', 7, 3)
  writeSocketAddress(arena, 0, endpoint, 6)
  expect(readSocketAddress(arena, 0)).toMatchObject({ address: 'fe80::1', scope: 3 })
  expect(isSocketAddress(arena, 0, Endpoint.from('fe80::1', 7, 4))).toBe(false)
  expect(endpoint.toString()).toBe('[fe80::1%3]:7')
})

test('wrong arguments are named, and IPv6 does not fit an IPv4 socket', () => {
  expect(() => Endpoint.from('1.2.3', 7)).toThrow('address')
  expect(() => Endpoint.from('fe80::1%lo', 7)).toThrow('address')
  expect(() => Endpoint.from('1.2.3.4', 0)).toThrow('port')
  expect(() => writeSocketAddress(Arena.create(65536), 0, Endpoint.from('::1', 7), 4)).toThrow('does not fit')
})
