import { expect, test } from 'vitest'

import { put } from '../../test/arena-bytes.ts'
import { Arena } from '../arena/arena.ts'
import { isCongestionMark } from './traffic-class.ts'

/** A control message, with room behind it. */
function control(length: number, level: number, type: number, data: number): boolean {
  const bytes = Buffer.alloc(24, 0xff)
  bytes.writeUInt32LE(length, 0)
  bytes.writeUInt32LE(0, 4)
  bytes.writeUInt32LE(level, 8)
  bytes.writeUInt32LE(type, 12)
  bytes.writeUInt8(data, 16)
  const arena = Arena.create()
  return isCongestionMark(arena, put(arena, bytes))
}

test('of what the kernel tells only the two bits of congestion count, both of them', () => {
  const classes = [0, 1, 2, 3, 0xb8, 0xbb]
  const marks = [false, false, false, true, false, true]
  expect(classes.map((data) => control(17, 0, 1, data))).toEqual(marks)
  expect(classes.map((data) => control(20, 41, 67, data))).toEqual(marks)
})

test('other control messages are none', () => {
  // The size of datagrams, a time to live, and the addresses of packet information.
  for (const [length, level, type] of [
    [20, 17, 104],
    [20, 0, 2],
    [28, 0, 8],
    [36, 41, 50],
    [0, 0, 1],
  ] as const)
    expect(control(length, level, type, 3)).toBe(false)
})
