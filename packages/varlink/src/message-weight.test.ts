import fc from 'fast-check'
import { expect, test } from 'vitest'

import { hasMoreValues } from './message-weight.ts'

/** Members, elements, lists and objects of a value, counted after the fact. */
function count(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members = Object.values(value)
  return 1 + Math.max(0, members.length - 1) + members.reduce<number>((sum, member) => sum + count(member), 0)
}

test('counts what JSON.parse would make, whatever its strings hold', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      // As long as its text, so that the length alone decides nothing.
      const text = Buffer.from(JSON.stringify(value).padEnd(1000))
      const values = count(value)
      expect(hasMoreValues(text, values)).toBe(false)
      if (values > 0) expect(hasMoreValues(text, values - 1)).toBe(true)
    }),
  )
})

test('commas, brackets and quotes in a string are no values', () => {
  const text = Buffer.from(JSON.stringify({ text: ',[{"\\'.repeat(1000) }))
  expect(hasMoreValues(text, 1)).toBe(false)
  expect(hasMoreValues(text, 0)).toBe(true)
})

test.each(['"', '"\\', '{"a":"', ',,,,'])('text that ends anywhere is no matter: %j', (text) => {
  expect(() => hasMoreValues(Buffer.from(text), 1)).not.toThrow()
})

test('what stands in texts of any length counts for nothing', () => {
  const text = fc.string({
    unit: fc.constantFrom('"', '\\', ',', '[', '{', 'a', 'é', 'aaaaaaaaaaaaaaaa'),
    maxLength: 60,
  })
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (texts) => {
      const bytes = new TextEncoder().encode(JSON.stringify(texts))
      // The list and each comma.
      expect(hasMoreValues(bytes, texts.length)).toBe(false)
      expect(hasMoreValues(bytes, texts.length - 1)).toBe(true)
    }),
  )
})
