import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { dnsAnswer, parseDnsQuery } from './dns-message.ts'

const label = fc.stringMatching(/^[a-z0-9-]{1,63}$/)

test('reads back the name and type of any query', () => {
  fc.assert(
    fc.property(fc.array(label, { maxLength: 6 }), fc.integer({ min: 0, max: 65535 }), (labels, type) => {
      const name = labels.flatMap((text) => [text.length, ...Buffer.from(text)])
      const query = Buffer.from([7, 8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, type >> 8, type & 255, 0, 1])
      expect(parseDnsQuery(query)).toMatchObject({ id: 0x0708, name: labels.join('.'), type })
    }),
  )
})

test('takes any bytes without an exception, and answers what it took', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const question = parseDnsQuery(bytes)
      if (question === undefined) return
      expect(parseDnsQuery(dnsAnswer(question, 'empty'))).toBeUndefined() // an answer is no query
    }),
  )
})

test.each([
  ['nothing', []],
  ['an answer', [0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]],
  ['two questions', [0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]],
  ['a name that ends too early', [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 65, 66]],
  ['a compressed name', [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]],
  ['no type', [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
])('refuses %s', (_what, bytes) => {
  expect(parseDnsQuery(Uint8Array.from(bytes))).toBeUndefined()
})
