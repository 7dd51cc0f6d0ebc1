import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLater, TimestampSource } from './tai64n.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('counts TAI seconds from 1970 as 2^62 + 10, and nanoseconds in steps of 2^24', () => {
  expect(hex(new TimestampSource().next(0))).toBe('400000000000000a00000000')
  // 0.5 s = 500,000,000 ns = 29 × 2^24 + rest
  expect(hex(new TimestampSource().next(1_700_000_000_500))).toBe('400000006553f10a1d000000')
})

test('every timestamp is later than the one before, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 2 }), (times) => {
      const source = new TimestampSource()
      const stamps = times.map((time) => source.next(time))
      for (const [index, stamp] of stamps.slice(1).entries()) {
        expect(isLater(stamp, stamps[index] ?? stamp)).toBe(true)
      }
    }),
  )
})
