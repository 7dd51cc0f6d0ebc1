import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCookieReply, encodeCookieReply } from './cookie-reply-message.ts'
import { readCounter, readUint32, writeTransportHeader } from './fields.ts'
import { decodeInitiation, decodeResponse, encodeInitiation, encodeResponse } from './handshake-messages.ts'
import { MessageType, messageType } from './message-layout.ts'

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const offset = fc.integer({ min: 0, max: 7 })

test.each([
  [1, 148, MessageType.initiation],
  [2, 92, MessageType.response],
  [3, 64, MessageType.cookieReply],
  [4, 32, MessageType.transport],
  [4, 33, MessageType.transport],
  [4, 65_507, MessageType.transport],
  [4, 65_508, 0],
  [4, 31, 0],
  [1, 147, 0],
  [1, 149, 0],
  [2, 91, 0],
  [3, 65, 0],
  [0, 148, 0],
  [5, 148, 0],
])('a datagram of type %i and %i bytes is a message of type %i', (first, length, expected) => {
  const datagram = new Uint8Array(length + 3)
  datagram[3] = first
  expect(messageType(datagram, 3, length)).toBe(expected)
  datagram[5] = 1
  expect(messageType(datagram, 3, length), 'reserved bytes must be zero').toBe(0)
})

test('initiations, responses and cookie replies come out as they went in, and their type is told', () => {
  fc.assert(
    fc.property(
      offset,
      uint32,
      uint32,
      bytes(32),
      bytes(48),
      bytes(28),
      (at, sender, receiver, key, static_, rest) => {
        const buffer = new Uint8Array(200).fill(0xaa)
        const initiation = { sender, ephemeral: key, sealedStatic: static_, sealedTimestamp: rest }
        encodeInitiation(buffer, at, initiation)
        expect(messageType(buffer, at, 148)).toBe(MessageType.initiation)
        expect(decodeInitiation(buffer, at)).toEqual(initiation)
        expect([buffer[at - 1] ?? 0xaa, buffer[at + 148]]).toEqual([0xaa, 0xaa])

        const response = { sender, receiver, ephemeral: key, sealedEmpty: rest.slice(0, 16) }
        encodeResponse(buffer, at, response)
        expect(messageType(buffer, at, 92)).toBe(MessageType.response)
        expect(decodeResponse(buffer, at)).toEqual(response)

        const reply = { receiver, nonce: rest.slice(0, 24), sealedCookie: key }
        encodeCookieReply(buffer, at, reply)
        expect(messageType(buffer, at, 64)).toBe(MessageType.cookieReply)
        expect(decodeCookieReply(buffer, at)).toEqual(reply)
      },
    ),
  )
})

test('transport headers hold receiver and counter, least significant byte first', () => {
  fc.assert(
    fc.property(offset, uint32, fc.maxSafeNat(), (at, receiver, counter) => {
      const buffer = new Uint8Array(40)
      writeTransportHeader(buffer, at, receiver, counter)
      const view = new DataView(buffer.buffer, at)
      expect([view.getUint32(0, true), view.getUint32(4, true), view.getBigUint64(8, true)]).toEqual([
        4,
        receiver,
        BigInt(counter),
      ])
      expect([readUint32(buffer, at + 4), readCounter(buffer, at)]).toEqual([receiver, counter])
    }),
  )
})

test('the greatest counters a stranger can send are read as no smaller than they are', () => {
  const message = new Uint8Array(16).fill(0xff)
  expect(readCounter(message, 0)).toBeGreaterThanOrEqual(2 ** 53)
})
