import * as fc from 'fast-check'
import JSON5 from 'json5'
import { describe, expect, test } from 'vitest'

import { formatKeyPath, json5Positions } from './json5-positions.ts'
import type { KeyPath } from './json5-positions.ts'

describe('json5Positions', () => {
  const text = `// a comment { with "marks"
{
  app: { 'bundle\\'name': "a, b", /* { */ n: -0x1F, },
  "list": [
    1, 'two',
    { deep: [ true, ] }
  ],
  list: [null]
}`
  const locate = json5Positions(text)

  test.each<[KeyPath, number, number]>([
    [[], 2, 1],
    [['app'], 3, 3],
    [['app', 'n'], 3, 42],
    [['list', 0], 8, 10],
    [['list', 2, 'deep', 0], 6, 15],
    [['app', 'missing'], 3, 3],
    [['nowhere', 0, 'x'], 2, 1],
  ])('%j is at %i:%i', (path, line, column) => {
    expect(locate(path)).toEqual({ line, column })
  })

  test('finds every value of any document, at a place where that value or its key begins', () => {
    const key = fc
      .string({ maxLength: 5 })
      .filter((name) => JSON.stringify(name) === `"${name}"` && name !== '__proto__')
    const document = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(document, fc.constantFrom('', '  ', '\t'), (value, indent) => {
        const written = JSON.stringify(value, null, indent)
        const find = json5Positions(written)
        const lines = written.split('\n')
        for (const { path, value: expected } of everyValue(value, [])) {
          const { line, column } = find(path)
          const rest = (lines[line - 1] ?? '').slice(column - 1)
          const last = path.at(-1)
          const start =
            JSON.stringify(typeof last === 'string' ? last : expected, null, indent).split('\n')[0] ?? ''
          expect(rest.startsWith(start)).toBe(true)
        }
      }),
    )
  })

  test('scans whatever json5 accepts without losing its way', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (json) => {
        const loose = JSON5.stringify(JSON.parse(json), null, 1)
        expect(() => json5Positions(loose)).not.toThrow()
      }),
    )
  })
})

test('formatKeyPath writes a path as code would', () => {
  expect(formatKeyPath(['module', 'abilities', 2, 'srcEntry'])).toBe('module.abilities[2].srcEntry')
  expect(formatKeyPath([])).toBe('')
})

function* everyValue(value: unknown, path: KeyPath): Generator<{ path: KeyPath; value: unknown }> {
  yield { path, value }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    yield* everyValue(inner, [...path, Array.isArray(value) ? Number(key) : key])
  }
}
