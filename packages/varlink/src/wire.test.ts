import { type Fd, openFds, sendMessage, socketPair } from '@vpnext/native'
import { describe, expect, it } from 'vitest'
import { expectFds, labelled, labelOf, receiveAll, sendAll, until } from '../test/sockets.ts'
import type { ConnectionError } from './errors.ts'
import type { Message } from './message.ts'
import { Wire, type WireLimits } from './wire.ts'

interface Recorder {
  readonly wire: Wire
  readonly messages: { message: Message; labels: string[] }[]
  readonly reasons: ConnectionError[]
  ended: number
}

function record(fd: Fd, limits: WireLimits = { maxMessageBytes: 1 << 24 }): Recorder {
  const recorder: Recorder = {
    messages: [],
    reasons: [],
    ended: 0,
    wire: new Wire(fd, limits, {
      message: (message, fds) => void recorder.messages.push({ message, labels: fds.map(labelOf) }),
      ended: () => (recorder.ended += 1),
      closed: (reason) => void recorder.reasons.push(reason),
    }),
  }
  return recorder
}

function end(recorder: Recorder): void {
  recorder.wire.close({ name: 'ConnectionError', code: 'closed', message: 'end of the test' })
}

function reply(text: string, fds = 0): Message {
  return { kind: 'reply', id: undefined, fds, error: undefined, parameters: { text }, continues: false }
}

const types = ['stream', 'seqpacket'] as const

describe.each(types)('a wire over a %s socket', (type) => {
  it('carries messages and their descriptors both ways', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a)
    const right = record(b)
    left.wire.send(reply('one', 2), [labelled('x'), labelled('y')])
    left.wire.send(reply('two'))
    right.wire.send(reply('three', 1), [labelled('z')])
    await until(() => right.messages.length === 2 && left.messages.length === 1)
    expect(right.messages).toStrictEqual([
      { message: reply('one', 2), labels: ['x', 'y'] },
      { message: reply('two'), labels: [] },
    ])
    expect(left.messages).toStrictEqual([{ message: reply('three', 1), labels: ['z'] }])
    end(left)
    await until(() => right.ended === 1)
    end(right)
    await expectFds(before)
  })

  it('carries 5 MiB in one message, with a descriptor', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a)
    const right = record(b)
    const text = 'ä'.repeat(2.5 * 1024 * 1024)
    left.wire.send(reply(text, 1), [labelled('big')])
    left.wire.send(reply('after'))
    await left.wire.drained()
    await until(() => right.messages.length === 2)
    expect(right.messages[0]?.labels).toStrictEqual(['big'])
    expect(Reflect.get(right.messages[0]?.message ?? {}, 'parameters')).toStrictEqual({ text })
    end(left)
    end(right)
    await expectFds(before)
  })

  it('keeps what a slow reader does not take yet, and closes when that is too much', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a, { maxMessageBytes: 1 << 24, maxWaitingBytes: 1 << 20 })
    const text = 'x'.repeat(1 << 19)
    let drained = false
    let count = 0
    void left.wire.drained().then(() => (drained = true))
    await until(() => drained)
    while (!left.wire.isClosed && count < 100) {
      left.wire.send(reply(text, 1), [labelled('f')])
      count += 1
    }
    // Positive control: more than one message waits before the limit is reached.
    expect(count).toBeGreaterThan(3)
    expect(left.reasons).toMatchObject([{ code: 'too-slow' }])
    b.close()
    await expectFds(before)
  })

  it('gives a slow reader everything in the end', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a)
    for (let index = 0; index < 20; index += 1) left.wire.send(reply(`${index}`.padEnd(100_000)))
    const sent = left.wire.drained()
    const received = receiveAll(b)
    await sent
    end(left)
    const texts = (await received).split('\0').slice(0, -1)
    expect(texts.map((one): unknown => JSON.parse(one))).toEqual(
      Array.from({ length: 20 }, (_, index) => ({ parameters: { text: `${index}`.padEnd(100_000) } })),
    )
    b.close()
    await expectFds(before)
  })

  it.each([
    ['garbage', 'hello\0', 'malformed'],
    ['a message over the limit', `{"a":"${'x'.repeat(2000)}"}\0`, 'too-large'],
    ['an endless message', 'x'.repeat(2000), 'too-large'],
    ['a claim without descriptors', '{"parameters":{},"fds":1}\0', 'bad-descriptors'],
  ])('is closed by %s', async (_, text, code) => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a, { maxMessageBytes: 1000 })
    await sendAll(b, '{"parameters":{}}\0')
    await sendAll(b, text)
    await until(() => left.reasons.length > 0)
    expect(left.reasons).toMatchObject([{ code }])
    expect(left.messages).toHaveLength(1)
    // The other end sees it too; what it sent and nobody read makes the kernel say so by ECONNRESET.
    expect(await receiveAll(b).catch(() => '')).toBe('')
    b.close()
    await expectFds(before)
  })

  it('closes descriptors that nobody claims, those still in the socket too', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a)
    const [inner, outer] = socketPair('stream')
    const [later, late] = socketPair('stream')
    await sendAll(b, '{"parameters":{}}\0', [inner])
    await sendAll(b, '{"parameters":{}}\0', [later])
    await until(() => left.reasons.length > 0)
    expect(left.reasons).toMatchObject([{ code: 'bad-descriptors' }])
    // The far ends see the end once the last copy is closed.
    expect(await receiveAll(outer)).toBe('')
    expect(await receiveAll(late)).toBe('')
    for (const fd of [outer, late, b]) fd.close()
    await expectFds(before)
  })

  it('is closed by more descriptors than one message may have', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a)
    const fds = Array.from({ length: 17 }, (_, index) => labelled(`${index}`))
    await sendAll(b, '{"parameters":{},"fds":16}\0', fds)
    await until(() => left.reasons.length > 0)
    expect(left.reasons).toMatchObject([{ code: 'bad-descriptors' }])
    b.close()
    await expectFds(before)
  })

  it('hears of the death of the other end in the middle of a message', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a)
    await sendAll(b, '{"parameters":{},"fds":1', [labelled('lost')])
    b.close()
    await until(() => left.ended === 1)
    expect(left.messages).toStrictEqual([])
    end(left)
    await expectFds(before)
  })

  it('sends nothing after close, and closes what it was given', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a)
    end(left)
    end(left)
    left.wire.send(reply('late', 1), [labelled('late')])
    await left.wire.drained()
    expect(left.reasons).toHaveLength(1)
    expect(await receiveAll(b)).toBe('')
    b.close()
    await expectFds(before)
  })

  it('refuses to send what is too large, and lives on', async () => {
    const before = openFds()
    const [a, b] = socketPair(type)
    const left = record(a, { maxMessageBytes: 100 })
    const right = record(b)
    const large = (): void => left.wire.send(reply('x'.repeat(100), 1), [labelled('large')])
    expect(large).toThrow(expect.objectContaining({ code: 'too-large' }))
    left.wire.send(reply('small'))
    await until(() => right.messages.length === 1)
    end(left)
    end(right)
    await expectFds(before)
  })
})

describe('a wire over a stream socket', () => {
  it('gives coalesced messages their own descriptors', async () => {
    const before = openFds()
    const [a, b] = socketPair('stream')
    // Everything lies in the socket before the first read.
    const parts: [string, string[]][] = [
      ['A', ['a1']],
      ['B', []],
      ['C', ['c1', 'c2']],
      ['D', []],
    ]
    for (const [name, labels] of parts) {
      const text = `{"parameters":{"name":"${name}"},"fds":${labels.length}}\0`
      const fds = labels.map(labelled)
      expect(sendMessage(b, Buffer.from(text), fds)).toBe(text.length)
      for (const fd of fds) fd.close()
    }
    const left = record(a)
    await until(() => left.messages.length === 4)
    expect(
      left.messages.map(({ message, labels }) => [Reflect.get(message, 'parameters'), labels]),
    ).toStrictEqual(parts.map(([name, labels]) => [{ name }, labels]))
    end(left)
    b.close()
    await expectFds(before)
  })

  it('reads nothing while paused, and everything afterwards', async () => {
    const before = openFds()
    const [a, b] = socketPair('stream')
    const left = record(a)
    const right = record(b)
    left.wire.pause()
    right.wire.send(reply('one'))
    left.wire.send(reply('back'))
    // The answer of the other direction proves that the loop has turned and the first message has arrived.
    await until(() => right.messages.length === 1)
    expect(left.messages).toStrictEqual([])
    left.wire.resume()
    await until(() => left.messages.length === 1)
    end(left)
    end(right)
    await expectFds(before)
  })

  it('tells a half-closed peer from one that is gone', async () => {
    const before = openFds()
    const [a, b] = socketPair('stream')
    const left = record(a)
    expect(left.wire.isPeerGone()).toBe(false)
    b.close()
    expect(left.wire.isPeerGone()).toBe(true)
    await until(() => left.ended === 1)
    end(left)
    await expectFds(before)
  })
})
