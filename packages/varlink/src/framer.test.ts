import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConnectionError } from './errors.ts'
import { Framer } from './framer.ts'

/** A message has no NUL in it. */
const message = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.filter((byte) => byte !== 0))

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [
    ...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length]),
  ].toSorted((a, b) => a - b)
  return sorted.slice(1).map((end, index) => bytes.slice(sorted[index], end))
}

describe('Framer', () => {
  it('finds the same messages however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(message), message, fc.array(fc.nat()), (messages, rest, places) => {
        const stream = Buffer.concat([...messages.flatMap((one) => [one, new Uint8Array(1)]), rest])
        const framer = new Framer(1000)
        const found = cut(stream, places).flatMap((chunk) =>
          [...framer.push(chunk)].map((one) => Buffer.from(one)),
        )
        expect(found).toStrictEqual(messages.map((one) => Buffer.from(one)))
        expect(framer.unfinished).toBe(rest.length)
      }),
    )
  })

  it('takes a message of exactly the limit, and not one byte more, finished or not', () => {
    for (const size of [1, 7, 10]) {
      const chunks = (length: number): Uint8Array[] => cut(new Uint8Array(length).fill(65), [size])
      const framer = new Framer(10)
      for (const chunk of chunks(10)) expect([...framer.push(chunk)]).toStrictEqual([])
      expect([...framer.push(Uint8Array.of(0))].map((one) => one.length)).toStrictEqual([10])
      const over = new Framer(10)
      expect(() => {
        for (const chunk of chunks(11)) over.push(chunk).next()
      }).toThrow(ConnectionError)
      expect(() => [...new Framer(10).push(Buffer.from('AAAAAAAAAAA\0'))]).toThrow('longer than 10 bytes')
    }
  })

  it('keeps single bytes in one buffer', () => {
    const framer = new Framer(1 << 20)
    for (let count = 0; count < 1 << 17; count += 1) framer.push(Uint8Array.of(65)).next()
    expect(framer.unfinished).toBe(1 << 17)
    expect([...framer.push(Uint8Array.of(0))].map((one) => one.length)).toStrictEqual([1 << 17])
  })
})
