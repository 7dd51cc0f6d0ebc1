import { type Fd, openFds, receiveMessage, socketPair } from '@vpnext/native'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectFds, labelled, labelOf, receiveAll, sendAll, until } from '../test/sockets.ts'
import { ConnectionError } from './errors.ts'
import { type Call, implement, withFds } from './handler.ts'
import { defineInterface } from './interface.ts'
import { createPeer, type Peer, type PeerOptions } from './peer.ts'
import { t } from './schema.ts'

const host = defineInterface('io.example.Host', {
  methods: {
    Echo: { in: { text: t.string }, out: { text: t.string } },
    Wait: { in: {}, out: {} },
    Swap: { in: {}, out: {}, fdsIn: 1, fdsOut: 1 },
    Back: { in: { depth: t.int }, out: { depth: t.int } },
    Who: { in: {}, out: { uid: t.int } },
  },
})

const calls: Call[] = []
const finish: (() => void)[] = []
const logged: string[] = []

function answering(other: () => Peer): PeerOptions['interfaces'] {
  return [
    implement(host, {
      Echo: ({ text }, call) => {
        if (call.oneway) logged.push(text)
        return { text }
      },
      Wait: async (_, call) => {
        calls.push(call)
        await new Promise<void>((resolve) => finish.push(resolve))
        return {}
      },
      Swap: (_, call) => withFds({}, [labelled(`not ${labelOf(call.takeFd(0))}`)]),
      Back: async ({ depth }) => {
        if (depth === 0) return { depth: 0 }
        const { parameters } = await other().call(host, 'Back', { depth: depth - 1 })
        return { depth: parameters.depth + 1 }
      },
      Who: (_, call) => ({ uid: call.peer.uid }),
    }),
  ]
}

const reports: string[] = []
const onError = (error: unknown, where: string): void => {
  reports.push(`${where}: ${error instanceof ConnectionError ? error.code : String(error)}`)
}
let before = 0
beforeEach(() => {
  before = openFds()
  for (const list of [calls, finish, logged, reports]) list.length = 0
})
afterEach(async () => {
  await expectFds(before)
})

function pair(type: 'stream' | 'seqpacket' = 'seqpacket'): [Peer, Peer] {
  const [a, b] = socketPair(type)
  const identity = { pid: 1, uid: 20_010_000, gid: 5, groups: [], pidfd: undefined }
  const left: Peer = createPeer(a, { interfaces: answering(() => left), onError, identity })
  const right: Peer = createPeer(b, { interfaces: answering(() => right), onError })
  return [left, right]
}

describe.each(['stream', 'seqpacket'] as const)('two peers over %s', (type) => {
  it('call each other at the same time', async () => {
    const [left, right] = pair(type)
    const both = [left, right].flatMap((peer) =>
      Array.from(
        { length: 50 },
        async (_, n) => (await peer.call(host, 'Echo', { text: `${n}` })).parameters.text,
      ),
    )
    const expected = Array.from({ length: 50 }, (_, n) => `${n}`)
    expect(await Promise.all(both)).toStrictEqual([...expected, ...expected])
    expect((await left.call(host, 'Back', { depth: 20 })).parameters.depth).toBe(20)
    const big = 'x'.repeat(5 * 1024 * 1024)
    expect((await right.call(host, 'Echo', { text: big })).parameters.text).toBe(big)
    await left.close()
    await right.closed
  })

  it('let answers overtake each other, with the right descriptors', async () => {
    const [left, right] = pair(type)
    const slow = left.call(host, 'Wait', {})
    await until(() => finish.length === 1)
    const swaps = await Promise.all(
      ['a', 'b', 'c'].map(async (label) => {
        using fd = labelled(label)
        return await left.call(host, 'Swap', {}, { fds: [fd] })
      }),
    )
    expect(swaps.map(({ fds }) => fds.map(labelOf))).toStrictEqual([['not a'], ['not b'], ['not c']])
    finish[0]?.()
    expect((await slow).parameters).toStrictEqual({})
    await right.close()
    await left.closed
  })
})

describe('a peer', () => {
  it('tells the handler that a call was given up, and drops the late answer', async () => {
    const [left, right] = pair()
    const controller = new AbortController()
    const given = left.call(host, 'Wait', {}, { signal: controller.signal })
    const other = left.call(host, 'Wait', {})
    await until(() => finish.length === 2)
    controller.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    await until(() => calls[0]?.signal.aborted === true)
    expect(calls[1]?.signal.aborted).toBe(false)
    for (const one of finish) one()
    expect((await other).parameters).toStrictEqual({})
    expect((await left.call(host, 'Echo', { text: 'alive' })).parameters.text).toBe('alive')
    await left.close()
    await right.closed
  })

  it('fails what waits when the other end dies, and everything afterwards', async () => {
    const [left, right] = pair()
    const waiting = left.call(host, 'Wait', {})
    await until(() => calls.length === 1)
    await right.close()
    await expect(waiting).rejects.toMatchObject({ name: 'ConnectionError', code: 'closed' })
    await left.closed
    expect(calls[0]?.signal.aborted).toBe(true)
    expect(calls[0]?.connection.signal.aborted).toBe(true)
    using fd = labelled('x')
    await expect(left.call(host, 'Swap', {}, { fds: [fd] })).rejects.toMatchObject({ code: 'closed' })
    left.oneway(host, 'Echo', { text: 'x' })
    expect(reports).toStrictEqual([])
  })

  it('sends thousands of messages that want no answer', async () => {
    const [left, right] = pair()
    for (let n = 0; n < 10_000; n += 1) left.oneway(host, 'Echo', { text: `${n}` })
    await left.drained()
    await until(() => logged.length === 10_000)
    expect(logged.at(-1)).toBe('9999')
    await left.close()
    await right.closed
  })

  it('has the identity it was given, and invents none', async () => {
    const [left, right] = pair()
    expect((await right.call(host, 'Who', {})).parameters.uid).toBe(20_010_000)
    await expect(left.call(host, 'Who', {})).rejects.toMatchObject({
      error: 'org.varlink.service.InternalError',
    })
    expect(reports).toStrictEqual([
      'io.example.Host.Who: Error: peer: this channel was made without an identity',
    ])
    await left.close()
    await right.closed
  })

  it('is closed by its signal', async () => {
    const [a, b] = socketPair('seqpacket')
    const controller = new AbortController()
    const peer = createPeer(a, { interfaces: [], signal: controller.signal })
    controller.abort()
    await peer.closed
    expect(() => createPeer(b, { interfaces: [], signal: controller.signal })).toThrow('aborted')
    expect(b.closed).toBe(true)
  })

  it.each([
    ['garbage', 'garbage', 'malformed'],
    ['a reply to no call', '{"id":7,"parameters":{}}\0', 'malformed'],
    ['a call without an id', '{"method":"io.example.Host.Echo"}\0', 'malformed'],
    ['an id in use', '{"id":1,"method":"io.example.Host.Wait"}\0'.repeat(2), 'malformed'],
    ['a claim without descriptors', '{"id":1,"method":"io.example.Host.Swap","fds":1}\0', 'bad-descriptors'],
  ])('is closed by %s', async (_, text, code) => {
    const [a, b] = socketPair('seqpacket')
    const peer: Peer = createPeer(a, { interfaces: answering(() => peer), onError })
    await sendAll(b, '{"id":1,"cancel":true}\0')
    await sendAll(b, text.endsWith('\0') ? text : `${text}\0`)
    await peer.closed
    expect(reports).toStrictEqual([`connection: ${code}`])
    await receiveAll(b).catch(() => '')
    b.close()
    for (const one of finish) one()
  })

  it('is closed by too many bytes of calls at a time', async () => {
    const [a, b] = socketPair('seqpacket')
    const peer: Peer = createPeer(a, { interfaces: answering(() => peer), onError })
    const filler = 'x'.repeat(15 * 1024 * 1024)
    for (let id = 0; id < 4; id += 1) {
      await sendAll(b, `{"id":${id},"method":"io.example.Host.Wait","x":"${filler}"}\0`)
    }
    await until(() => calls.length === 4)
    // What has its answer counts no more.
    finish.shift()?.()
    await until(() => receiveMessage(b, Buffer.alloc(1000)) !== 'again')
    await sendAll(b, `{"id":5,"method":"io.example.Host.Wait","x":"${filler}"}\0`)
    await until(() => calls.length === 5)
    await sendAll(b, `{"id":6,"method":"io.example.Host.Wait","x":"${filler}"}\0`).catch(() => undefined)
    await peer.closed
    expect(reports).toStrictEqual(['connection: too-many-calls'])
    b.close()
    for (const one of finish) one()
  })

  it('is closed by too many calls at a time', async () => {
    const [a, b] = socketPair('seqpacket')
    const peer: Peer = createPeer(a, { interfaces: answering(() => peer), onError })
    const flood: Fd = b
    for (let id = 0; id <= 4096; id += 1) {
      await sendAll(flood, `{"id":${id},"method":"io.example.Host.Wait"}\0`)
    }
    await peer.closed
    expect(calls).toHaveLength(4096)
    expect(reports).toStrictEqual(['connection: too-many-calls'])
    b.close()
    for (const one of finish) one()
  })
})
