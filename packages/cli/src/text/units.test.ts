import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAge, formatBytes } from './units.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1024 ** 2, '1.0 MiB'],
  [5.25 * 1024 ** 3, '5.3 GiB'],
  [1024 ** 4, '1.0 TiB'],
  [9000 * 1024 ** 4, '9000.0 TiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

const factors: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 }

test('bytes read back from the text are right to half a tenth of the unit', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      const [value, unit = ''] = formatBytes(bytes).split(' ')
      const factor = factors[unit] ?? Number.NaN
      expect(Math.abs(Number(value) * factor - bytes)).toBeLessThanOrEqual(factor * 0.0501)
    }),
  )
})

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [86_399_999, '23 h'],
  [86_400_000, '1 d'],
  [400 * 86_400_000, '400 d'],
])('%i ms are %s', (milliseconds, text) => {
  expect(formatAge(milliseconds)).toBe(text)
})
