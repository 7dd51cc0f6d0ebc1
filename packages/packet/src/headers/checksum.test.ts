import fc from 'fast-check'
import { expect, test } from 'vitest'

import { slowSum } from '../../test/slow-packets.ts'
import { internetChecksum, onesSum, updateChecksum, updateChecksum32 } from './checksum.ts'

const bytes = fc.uint8Array({ maxLength: 300 })

test('the example of RFC 1071, section 3', () => {
  const example = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)
  expect(onesSum(new DataView(example.buffer), 0, 8)).toBe(0xddf2)
  expect(internetChecksum(example)).toBe(0x220d)
})

test('sums like RFC 1071 word by word', () => {
  fc.assert(
    fc.property(bytes, fc.nat(9), fc.integer({ min: 0, max: 0xffff }), (content, offset, initial) => {
      const padded = Buffer.concat([Buffer.alloc(offset, 0xee), content])
      const view = new DataView(padded.buffer, padded.byteOffset, padded.length)
      expect(onesSum(view, offset, content.length, initial)).toBe(slowSum(content, initial))
    }),
  )
})

test('data with its own checksum sums to nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 300 }), (content) => {
      content.set([0, 0], 2)
      new DataView(content.buffer).setUint16(2, internetChecksum(content))
      expect(internetChecksum(content)).toBe(0)
    }),
  )
})

test('updating gives a checksum that the changed data accept', () => {
  const word = fc.integer({ min: 0, max: 0xffff })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 60 }), word, (content, changed) => {
      const view = new DataView(content.buffer)
      view.setUint16(2, 0)
      view.setUint16(2, internetChecksum(content))
      view.setUint16(2, updateChecksum(view.getUint16(2), view.getUint16(6), changed))
      view.setUint16(6, changed)
      expect(slowSum(content)).toBe(0xffff)
    }),
  )
})

test('updating a field of 32 bits', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat(0xffffffff), (content, changed) => {
      const view = new DataView(content.buffer)
      view.setUint16(0, 0)
      view.setUint16(0, internetChecksum(content))
      view.setUint16(0, updateChecksum32(view.getUint16(0), view.getUint32(4), changed))
      view.setUint32(4, changed)
      expect(slowSum(content)).toBe(0xffff)
    }),
  )
})

test('the example of RFC 1624, section 4', () => {
  expect(updateChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0x0000)
})
