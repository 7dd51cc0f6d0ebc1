import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { Attributes } from './attributes.ts'
import { NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_ERROR } from './constants.ts'
import { readAcknowledgement, readMessages } from './message-reader.ts'
import { MessageWriter } from './message-writer.ts'

const u16 = fc.nat(0xffff)
const u32 = fc.nat({ max: 0xffff_ffff })
const attribute = fc.record({
  type: fc.integer({ min: 1, max: 60 }),
  value: fc.uint8Array({ maxLength: 300 }),
})
const anyMessage = fc.record({
  type: u16,
  flags: u16,
  sequence: u32,
  attributes: fc.uniqueArray(attribute, { selector: ({ type }) => type, maxLength: 12 }),
})

test('messages are read as they were written, however often the buffer grew', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 30 }), (messages) => {
      const writer = new MessageWriter()
      for (const { type, flags, sequence, attributes } of messages) {
        writer.begin(type, flags, sequence)
        for (const { type: attributeType, value } of attributes) writer.attributeBytes(attributeType, value)
        writer.end()
      }
      const bytes = Buffer.from(writer.messages(0, writer.count))
      const read = [...readMessages(bytes, bytes.length)].map(
        ({ type, flags, sequence, source, start, end }) => {
          const found = new Attributes(60).read(source, start, end)
          const attributes = Array.from({ length: 61 }, (_, kind) => kind)
            .filter((kind) => found.size(kind) >= 0)
            .map((kind) => ({
              type: kind,
              value: Uint8Array.from(
                source.subarray(found.offset(kind), found.offset(kind) + found.size(kind)),
              ),
            }))
          return { type, flags, sequence, attributes }
        },
      )
      const sorted = messages.map((one) => ({
        ...one,
        attributes: one.attributes.toSorted((a, b) => a.type - b.type),
      }))
      expect(read).toEqual(sorted)
    }),
  )
})

test('any window of the written messages holds exactly these', () => {
  const writer = new MessageWriter()
  for (let sequence = 0; sequence < 500; sequence++) {
    writer.begin(1, 0, sequence)
    writer.attributeText(3, 'x'.repeat(sequence % 7))
    writer.end()
  }
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (a, b) => {
      const [first, last] = a < b ? [a, b] : [b, a]
      const bytes = writer.messages(first, last)
      const sequences = [...readMessages(bytes, bytes.length)].map(({ sequence }) => sequence)
      expect(sequences).toEqual(Array.from({ length: last - first }, (_, index) => first + index))
    }),
  )
})

test('nested attributes are found inside their parent only', () => {
  const writer = new MessageWriter()
  writer.begin(1, 0, 1)
  const nested = writer.beginNested(7)
  writer.attributeU32(3, 42)
  writer.endAttribute(nested)
  writer.end()
  const bytes = writer.messages(0, 1)
  const outer = new Attributes(10).read(bytes, 16, bytes.length)
  expect(outer.u32(3)).toBeUndefined()
  expect(new Attributes(10).readNested(outer, 7).u32(3)).toBe(42)
  expect(new Attributes(10).readNested(outer, 8).u32(3)).toBeUndefined()
})

test('garbage is read without an error and never past its end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, length) => {
      const source = Buffer.from(bytes)
      const end = Math.min(length, source.length)
      for (const { start, end: messageEnd } of readMessages(source, end)) {
        expect(messageEnd).toBeLessThanOrEqual(end)
        const found = new Attributes(60).read(source, start, messageEnd)
        for (let type = 0; type <= 60; type++) {
          const attributeEnd = found.size(type) < 0 ? 0 : found.offset(type) + found.size(type)
          expect(attributeEnd).toBeLessThanOrEqual(messageEnd)
          found.u8(type)
          found.u32(type)
          found.u64(type)
          found.text(type)
          found.ip(type, 6)
        }
      }
    }),
    { numRuns: 2000 },
  )
})

test('an acknowledgement has its errno, and the text behind a copied or a capped request', () => {
  const text = 'Nexthop has invalid gateway'
  for (const capped of [true, false]) {
    const writer = new MessageWriter()
    writer.begin(NLMSG_ERROR, NLM_F_ACK_TLVS | (capped ? NLM_F_CAPPED : 0), 9)
    writer.u32(-101 >>> 0)
    writer.u32(capped ? 5000 : 28)
    writer.zeros(capped ? 12 : 24)
    writer.attributeText(1, text)
    writer.end()
    const bytes = writer.messages(0, 1)
    const [message] = [...readMessages(bytes, bytes.length)]
    expect(message && readAcknowledgement(message, true)).toEqual({ errno: 101, text })
  }
})
