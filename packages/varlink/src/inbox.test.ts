import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'
import { encodeMessage, type Message } from './message.ts'

function call(fds: number, id = 0): Message {
  return { kind: 'call', id, fds, method: 'io.example.Do', parameters: {}, mode: 'once' }
}

describe('Inbox', () => {
  it('gives each message its own descriptors, wherever the kernel cuts and joins', () => {
    const counts = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(counts, fc.array(fc.integer({ min: 1, max: 60 })), (fdCounts, sizes) => {
        const sent = fdCounts.map((fds, id) => ({
          bytes: encodeMessage(call(fds, id)),
          fds: numbers(id, fds),
        }))
        const inbox = new Inbox<string>(1000)
        const got: string[][] = []
        for (const { bytes, fds } of reads(sent, sizes)) {
          inbox.push(bytes, fds, (message, own) => {
            expect(message.id).toBe(got.length)
            got.push(own)
          })
        }
        expect(got).toStrictEqual(sent.map(({ fds }) => fds))
        expect(inbox.close()).toStrictEqual([])
      }),
    )
  })

  it('refuses descriptors that nobody claims, and claims without descriptors', () => {
    const bad = expect.objectContaining({ code: 'bad-descriptors' })
    expect(() => new Inbox(1000).push(encodeMessage(call(0)), [1], ignore)).toThrow(bad)
    expect(() => new Inbox(1000).push(encodeMessage(call(2)), [1], ignore)).toThrow(bad)
    expect(() => new Inbox(1000).push(Buffer.from('{'), Array.from({ length: 17 }), ignore)).toThrow(bad)
    expect(() => new Inbox(1000).push(Buffer.from('{'), Array.from({ length: 16 }), ignore)).not.toThrow()
  })

  it('delivers what came before an offence, and hands out what is left', () => {
    const inbox = new Inbox<string>(1000)
    const got: string[][] = []
    const bytes = Buffer.concat([encodeMessage(call(1)), Buffer.from('garbage\0'), encodeMessage(call(1))])
    expect(() => inbox.push(bytes, ['a', 'b'], (_, fds) => got.push(fds))).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    )
    expect(got).toStrictEqual([['a']])
    expect(inbox.close()).toStrictEqual(['b'])
  })

  it('delivers nothing after close', () => {
    const inbox = new Inbox<string>(1000)
    let count = 0
    inbox.push(Buffer.concat([encodeMessage(call(0)), encodeMessage(call(0))]), [], () => {
      count += 1
      inbox.close()
    })
    expect(count).toBe(1)
  })
})

function ignore(): void {}

function numbers(id: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${id}/${index}`)
}

/** What a stream socket may do: join a send to what came before it, and end a read within or after it. */
function* reads(
  sent: readonly { bytes: Uint8Array; fds: string[] }[],
  sizes: readonly number[],
): Generator<{ bytes: Uint8Array; fds: string[] }> {
  let turn = 0
  let joined: Uint8Array = new Uint8Array(0)
  for (const { bytes, fds } of sent) {
    const size = sizes[turn++ % Math.max(sizes.length, 1)] ?? bytes.length
    const first = bytes.subarray(0, size)
    joined = Buffer.concat([joined, first])
    if (fds.length > 0 || size % 2 === 0) {
      yield { bytes: joined, fds }
      joined = new Uint8Array(0)
    }
    joined = Buffer.concat([joined, bytes.subarray(size)])
  }
  if (joined.length > 0) yield { bytes: joined, fds: [] }
}
