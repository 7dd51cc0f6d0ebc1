import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { visible, visibleLines } from './visible.ts'

test.each([
  ['plain text, ümlaut, 中文, 🙂', 'plain text, ümlaut, 中文, 🙂'],
  ['a\tb', 'a\tb'],
  ['\u001b[2J', '\\x1b[2J'],
  ['a\r\nb\0', 'a\\x0d\\x0ab\\x00'],
  ['\u009b31m', '\\x9b31m'],
  ['\u202egpj.exe', '\\u202egpj.exe'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown)
})

test('whatever the text, nothing in it steers the terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/[^\t\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u)
    }),
  )
})

test('of a message, every line is shown so, and one without end is cut', () => {
  expect(visibleLines('a\u001b[2J\n  b\u202e\n')).toBe('a\\x1b[2J\n  b\\u202e\n')
  expect(visibleLines('x'.repeat(100_000)).length).toBeLessThan(2000)
})
