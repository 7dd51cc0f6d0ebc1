import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type Fd, openFds } from '@vpnext/native'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { expectFds, labelled, labelOf, makeFolder, serverAt, until } from '../test/sockets.ts'
import { connectVarlink, type VarlinkClient } from './client.ts'
import { isVarlinkError, varlinkError } from './errors.ts'
import { type Call, implement, withFds } from './handler.ts'
import { defineInterface } from './interface.ts'
import { t } from './schema.ts'
import { serveVarlink, type VarlinkServer } from './server.ts'

const example = defineInterface('io.example', {
  methods: {
    Ping: { in: { text: t.string }, out: { text: t.string, note: t.maybe(t.string) } },
    Read: { in: { take: t.bool }, out: { labels: t.array(t.string) }, fdsIn: 3 },
    Open: { in: { labels: t.array(t.string) }, out: {}, fdsOut: 2 },
    Ticks: { in: { pause: t.bool }, out: { tick: t.int }, more: true, fdsOut: 1 },
    Hang: { in: {}, out: {} },
    Count: { in: { to: t.int }, out: { value: t.int }, more: true },
    Fail: { in: {}, out: {} },
  },
  errors: { Refused: { why: t.string }, Other: {} },
})

const calls: Call[] = []
const kept: Fd[] = []
const implementation = implement(example, {
  Ping: ({ text }, call) => {
    calls.push(call)
    return { text }
  },
  Read: ({ take }, call) => {
    const { fds } = call
    if (take) kept.push(...fds.map((_, index) => call.takeFd(index)))
    return { labels: take ? kept.splice(0).map(labelOf) : fds.map(() => 'left') }
  },
  Open: ({ labels }) => withFds({}, labels.map(labelled)),
  Ticks: async ({ pause }, call) => {
    calls.push(call)
    for (let tick = 0; !call.signal.aborted; tick += 1) {
      call.reply({ tick }, [labelled(`${tick}`)])
      if (pause) await call.drained()
      else if (tick === 4) break
      await new Promise((resolve) => setImmediate(resolve))
    }
    return undefined
  },
  Hang: async (_, call) => {
    calls.push(call)
    await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()))
    return {}
  },
  Count: ({ to }, call) => {
    for (let value = 1; value <= to; value += 1) call.reply({ value })
    return undefined
  },
  Fail: () => {
    throw varlinkError(example, 'Refused', { why: 'so' })
  },
})

let folder: ReturnType<typeof makeFolder>
let server: VarlinkServer
let client: VarlinkClient
let before = 0
const reports: string[] = []
beforeEach(async () => {
  folder = makeFolder()
  before = openFds()
  calls.length = 0
  reports.length = 0
  server = await serveVarlink({
    ...serverAt(join(folder.path, 'socket')),
    interfaces: [implementation],
    onError: (error, where) => reports.push(`${where}: ${String(error)}`),
  })
  client = await connectVarlink(server.path)
})
afterEach(async () => {
  await client.close()
  await server.close()
  folder[Symbol.dispose]()
  await expectFds(before)
  if (reports.length > 0) throw new Error(reports.join('\n'))
})

describe('a call', () => {
  it('is typed and answered', async () => {
    const { parameters, fds } = await client.call(example, 'Ping', { text: 'hello' })
    expectTypeOf(parameters).toEqualTypeOf<{ text: string; note?: string | undefined }>()
    expect(parameters).toStrictEqual({ text: 'hello' })
    expect(fds).toStrictEqual([])
    // @ts-expect-error -- text is missing
    await expect(client.call(example, 'Ping', {})).rejects.toMatchObject({
      name: 'InvalidValueError',
      field: 'text',
    })
    // @ts-expect-error -- there is no such method
    await expect(client.call(example, 'Pong', {})).rejects.toThrow('io.example has no method Pong')
  })

  it('carries 5 MiB each way', async () => {
    const text = 'x'.repeat(5 * 1024 * 1024)
    expect((await client.call(example, 'Ping', { text })).parameters.text).toBe(text)
  })

  it('above the limit fails before it is sent', async () => {
    const text = 'x'.repeat(17 * 1024 * 1024)
    await expect(client.call(example, 'Ping', { text })).rejects.toMatchObject({ code: 'too-large' })
    expect(calls).toHaveLength(0)
    expect((await client.call(example, 'Ping', { text: 'a' })).parameters.text).toBe('a')
  })

  it('brings typed errors', async () => {
    const error: unknown = await client.call(example, 'Fail', {}).catch((reason: unknown) => reason)
    expect(isVarlinkError(error, example, 'Refused') && error.parameters.why).toBe('so')
    expect(isVarlinkError(error, example, 'Other')).toBe(false)
    expect(isVarlinkError(new Error('x'), example, 'Other')).toBe(false)
  })

  it('does not wait for others', async () => {
    const hanging = client.call(example, 'Hang', {})
    await until(() => calls.length === 1)
    expect((await client.call(example, 'Ping', { text: 'past' })).parameters.text).toBe('past')
    const many = await Promise.all(
      Array.from(
        { length: 20 },
        async (_, index) => await client.call(example, 'Ping', { text: `${index}` }),
      ),
    )
    expect(many.map(({ parameters }) => parameters.text)).toStrictEqual(
      Array.from({ length: 20 }, (_, n) => `${n}`),
    )
    await client.close()
    await expect(hanging).rejects.toMatchObject({ name: 'ConnectionError', code: 'closed' })
    await expect(client.call(example, 'Ping', { text: '' })).rejects.toMatchObject({ code: 'closed' })
  })

  it('that is given up aborts its handler, and no other', async () => {
    const controller = new AbortController()
    const given = client.call(example, 'Hang', {}, { signal: controller.signal })
    const other = client.call(example, 'Hang', {})
    await until(() => calls.length === 2)
    controller.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    await until(() => calls.some(({ signal }) => signal.aborted))
    expect(calls.map(({ signal }) => signal.aborted).filter(Boolean)).toHaveLength(1)
    await expect(client.call(example, 'Ping', { text: '' }, { signal: controller.signal })).rejects.toThrow(
      'enough',
    )
    await server.close()
    await expect(other).rejects.toMatchObject({ code: 'closed' })
  })

  it('fails when the service goes, and works again when it is back', async () => {
    const hanging = client.call(example, 'Hang', {})
    await until(() => calls.length === 1)
    await server.close()
    await expect(hanging).rejects.toMatchObject({ name: 'ConnectionError', code: 'closed' })
    await expect(client.call(example, 'Ping', { text: '' })).rejects.toMatchObject({ code: 'ENOENT' })
    server = await serveVarlink({ ...serverAt(server.path), interfaces: [implementation] })
    expect((await client.call(example, 'Ping', { text: 'again' })).parameters.text).toBe('again')
  })

  it('without an answer returns once it is sent', async () => {
    await client.oneway(example, 'Ping', { text: 'x' })
    await until(() => calls.length === 1)
    expect(calls[0]?.oneway).toBe(true)
  })

  it('cannot be made where nobody listens', async () => {
    await expect(connectVarlink(join(folder.path, 'nobody'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(connectVarlink(server.path, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow(
      'no',
    )
  })
})

describe('descriptors', () => {
  it('go with a call, stay the caller’s, and are taken or closed by the other end', async () => {
    using a = labelled('a')
    using b = labelled('b')
    const taken = await client.call(example, 'Read', { take: true }, { fds: [a, b] })
    expect(taken.parameters.labels).toStrictEqual(['a', 'b'])
    const left = await client.call(example, 'Read', { take: false }, { fds: [a, b, a] })
    expect(left.parameters.labels).toStrictEqual(['left', 'left', 'left'])
    expect([a.closed, b.closed]).toStrictEqual([false, false])
  })

  it('come with a reply and are the caller’s', async () => {
    const { fds } = await client.call(example, 'Open', { labels: ['x', 'y'] })
    expect(fds.map(labelOf)).toStrictEqual(['x', 'y'])
  })

  it('that a method does not take are refused on both ends, and closed', async () => {
    using a = labelled('a')
    await expect(client.call(example, 'Ping', { text: '' }, { fds: [a] })).rejects.toThrow('takes 0 at most')
    const loose = defineInterface('io.example', {
      methods: { Ping: { in: { text: t.string }, out: {}, fdsIn: 1 } },
    })
    await expect(client.call(loose, 'Ping', { text: '' }, { fds: [a] })).rejects.toMatchObject({
      error: 'org.varlink.service.InvalidParameter',
      parameters: { parameter: 'fds' },
    })
    await expect(client.call(example, 'Open', { labels: ['x', 'y', 'z'] })).rejects.toMatchObject({
      error: 'org.varlink.service.InternalError',
    })
    expect(reports.splice(0)).toStrictEqual([
      'io.example.Open: RangeError: io.example.Open: 3 descriptors in a reply',
    ])
  })

  it('of a client that expects fewer, or other parameters, are closed', async () => {
    const none = defineInterface('io.example', {
      methods: { Open: { in: { labels: t.array(t.string) }, out: {} } },
    })
    await expect(client.call(none, 'Open', { labels: ['x'] })).rejects.toMatchObject({
      code: 'invalid-reply',
    })
    const other = defineInterface('io.example', {
      methods: { Open: { in: { labels: t.array(t.string) }, out: { size: t.int }, fdsOut: 1 } },
    })
    await expect(client.call(other, 'Open', { labels: ['x'] })).rejects.toThrow(
      'io.example.Open: in the reply, size must be an integer',
    )
  })
})

describe('a stream', () => {
  it('yields every item, and ends with the handler', async () => {
    const ticks: string[] = []
    for await (const { parameters, fds } of client.stream(example, 'Ticks', { pause: false })) {
      ticks.push(`${parameters.tick}=${fds.map(labelOf).join()}`)
    }
    expect(ticks).toStrictEqual(['0=0', '1=1', '2=2', '3=3', '4=4'])
    // @ts-expect-error -- Ping is no stream
    expect(await client.stream(example, 'Ping', { text: 'once' }).next()).toMatchObject({ done: false })
  })

  it('ends at the other end when its reader leaves', async () => {
    for await (const { parameters, fds } of client.stream(example, 'Ticks', { pause: true })) {
      fds.forEach(labelOf)
      if (parameters.tick === 3) break
    }
    await until(() => calls[0]?.signal.aborted === true)
    expect(calls).toHaveLength(1)
  })

  it('ends by its signal, also while nobody asks for the next item', async () => {
    const controller = new AbortController()
    const ticks = client.stream(example, 'Ticks', { pause: true }, { signal: controller.signal })
    const first = await ticks.next()
    if (first.done !== true) first.value.fds.forEach(labelOf)
    controller.abort(new Error('enough'))
    await until(() => calls[0]?.signal.aborted === true)
    await expect(ticks.next()).rejects.toThrow('enough')
  })

  it('fails when the connection is lost', async () => {
    const ticks = client.stream(example, 'Ticks', { pause: true })
    const first = await ticks.next()
    if (first.done !== true) first.value.fds.forEach(labelOf)
    await server.close()
    await expect(
      (async () => {
        for await (const { fds } of ticks) fds.forEach(labelOf)
      })(),
    ).rejects.toMatchObject({ code: 'closed' })
  })

  it('holds a slow reader’s items back in the kernel and the server, and loses none', async () => {
    let next = 1
    for await (const { parameters } of client.stream(example, 'Count', { to: 50_000 })) {
      expect(parameters.value).toBe(next)
      next += 1
    }
    expect(next).toBe(50_001)
  })
})

describe('a client of a strange server', () => {
  it.each([
    ['garbage', 'garbage\0', 'malformed'],
    ['the end', '', 'closed'],
    ['half a reply', '{"parameters":{"te', 'closed'],
    ['a stream where one reply was asked for', '{"parameters":{"text":"a"},"continues":true}\0', 'malformed'],
    ['a call', '{"method":"io.example.Ping","parameters":{}}\0', 'malformed'],
    ['another type', '{"parameters":{"text":1}}\0', 'invalid-reply'],
    ['descriptors that do not come', '{"parameters":{"text":""},"fds":1}\0', 'bad-descriptors'],
  ])('fails at %s', async (_, answer, code) => {
    const sockets: Socket[] = []
    const strange = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    })
    const path = join(folder.path, 'strange')
    await new Promise<void>((resolve) => strange.listen(path, resolve))
    await using victim = await connectVarlink(path)
    await expect(victim.call(example, 'Ping', { text: '' })).rejects.toMatchObject({
      name: 'ConnectionError',
      code,
    })
    for (const socket of sockets) socket.destroy()
    strange.close()
  })
})
