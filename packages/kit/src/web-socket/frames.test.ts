import { expect, test } from 'vitest'

import { FrameReader, clientFrame, closePayload, opcodes, readClose } from './frames.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const read = (...pieces: Buffer[]): (string | number)[][] => {
  const reader = new FrameReader()
  return pieces
    .flatMap((piece) => reader.push(piece))
    .map(({ opcode, payload }) => [opcode, payload.toString()])
}

test('frames of a server, as in the examples of RFC 6455, section 5.7', () => {
  expect(read(bytes('81 05 48 65 6c 6c 6f'))).toEqual([[opcodes.text, 'Hello']])
  expect(read(bytes('01 03 48 65 6c'), bytes('80 02 6c 6f'))).toEqual([[opcodes.text, 'Hello']])
  expect(read(bytes('89 05 48 65 6c 6c 6f'))).toEqual([[opcodes.ping, 'Hello']])
  const long = Buffer.alloc(256, 'x')
  expect(read(Buffer.concat([bytes('82 7E 01 00'), long]))).toEqual([[opcodes.binary, long.toString()]])
  const longer = Buffer.alloc(65_536, 'y')
  expect(read(Buffer.concat([bytes('82 7F 00 00 00 00 00 01 00 00'), longer]))[0]?.[1]).toHaveLength(65_536)
})

test('however the bytes are cut, and with control frames between the parts of a message', () => {
  const all = bytes('01 03 48 65 6c  89 01 21  80 02 6c 6f  82 00  88 02 03 e8')
  const expected = [
    [opcodes.ping, '!'],
    [opcodes.text, 'Hello'],
    [opcodes.binary, ''],
    [opcodes.close, '\u0003\ufffd'],
  ]
  expect(read(all)).toEqual(expected)
  expect(read(...Array.from(all, (_, index) => all.subarray(index, index + 1)))).toEqual(expected)
})

test.each([
  ['a masked frame', '81 85 37 fa 21 3d 7f 9f 4d 51 58', 1002],
  ['bits of extensions', 'c1 00', 1002],
  ['an unknown opcode', '83 00', 1002],
  ['an unknown control opcode', '8b 00', 1002],
  ['a long ping', '89 7e 00 80', 1002],
  ['a ping in parts', '09 00', 1002],
  ['a part of nothing', '80 00', 1002],
  ['a message within another', '01 00 81 00', 1002],
  ['a message without end', '82 7f 00 00 00 00 7f ff ff ff', 1009],
  ['one of more than any number', '82 7f ff ff ff ff ff ff ff ff', 1009],
  ['one without end in parts', '02 7f 00 00 00 00 04 00 00 01', 1009],
])('%s is an error with its code', (_name, hex, code) => {
  expect(() => read(bytes(hex))).toThrow(expect.objectContaining({ code }))
})

test.each([0, 5, 125, 126, 65_535, 65_536])('a client masks its %d bytes, each time otherwise', (length) => {
  const payload = Buffer.alloc(length, 'payload')
  const frame = clientFrame(opcodes.binary, payload)
  expect(frame[0]).toBe(0x82)
  expect((frame[1] ?? 0) & 0x80).toBe(0x80)
  const start = frame.length - length
  const mask = frame.subarray(start - 4, start)
  const plain = frame.subarray(start).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  expect(Buffer.from(plain).equals(payload)).toBe(true)
  const masks = Array.from({ length: 8 }, () =>
    clientFrame(opcodes.text, Buffer.of(0)).subarray(2, 6).toString('hex'),
  )
  expect(new Set(masks).size).toBeGreaterThan(1)
})

test('many small pieces of a large message take no time to put together', () => {
  const reader = new FrameReader()
  const total = 16 * 1024 * 1024
  const head = Buffer.alloc(10)
  head[0] = 0x82
  head[1] = 127
  head.writeBigUInt64BE(BigInt(total), 2)
  reader.push(head)
  const piece = Buffer.alloc(1024)
  let messages = 0
  for (let sent = 0; sent < total; sent += piece.length) messages += reader.push(piece).length
  expect(messages).toBe(1)
})

test('what a close frame says, and says no more than fits', () => {
  expect(readClose(closePayload(4000, 'änd'))).toEqual({ code: 4000, reason: 'änd' })
  expect(readClose(Buffer.alloc(0))).toEqual({ code: 1000, reason: '' })
  const long = closePayload(1000, 'ä'.repeat(100))
  expect(long.length).toBeLessThanOrEqual(125)
  expect(readClose(long).reason).toBe('ä'.repeat(61))
})
