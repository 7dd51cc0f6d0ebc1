import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connectUnix, listenUnix, openFds, sendMessage } from '@vpnext/native'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectFds, makeFolder, serverAt, until } from '../test/sockets.ts'
import { VarlinkError } from './errors.ts'
import { type Call, type Handlers, implement } from './handler.ts'
import { defineInterface } from './interface.ts'
import { t } from './schema.ts'
import { type ServeOptions, serveVarlink } from './server.ts'

const example = defineInterface('io.example', {
  doc: 'For tests.',
  methods: {
    Ping: { doc: 'Says it back.', in: { text: t.string, delay: t.maybe(t.int) }, out: { text: t.string } },
    Count: { in: { to: t.int }, out: { value: t.int }, more: true },
    Hang: { in: {}, out: {} },
    Fail: { in: { how: t.oneOf('varlink', 'crash', 'mismatch') }, out: { text: t.string } },
  },
  errors: { Refused: { why: t.string } },
})

/** What a handler may do in spite of its types. */
const mismatch: { text: string } = JSON.parse('{"text":5}')
const hanging: Call[] = []
const handlers: Handlers<typeof example> = {
  Ping: async ({ text, delay }) => {
    await wait(delay ?? 0)
    return { text }
  },
  Count: ({ to }, call) => {
    for (let value = 1; value < to; value += 1) call.reply({ value })
    return to > 0 ? { value: to } : undefined
  },
  Hang: async (_, call) => {
    hanging.push(call)
    await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()))
    return {}
  },
  Fail: ({ how }) => {
    if (how === 'varlink') throw new VarlinkError('io.example.Refused', { why: 'so' })
    if (how === 'crash') throw new TypeError('a secret at /etc/shadow')
    return mismatch
  },
}

let folder: ReturnType<typeof makeFolder>
let before = 0
beforeEach(() => {
  folder = makeFolder()
  before = openFds()
  hanging.length = 0
})
afterEach(async () => {
  folder[Symbol.dispose]()
  await expectFds(before)
})

const reports: string[] = []
async function serve(options: Partial<ServeOptions> = {}): ReturnType<typeof serveVarlink> {
  reports.length = 0
  return await serveVarlink({
    ...serverAt(join(folder.path, 'socket')),
    interfaces: [implement(example, handlers)],
    onError: (error, where) => reports.push(`${where}: ${String(error)}`),
    ...options,
  })
}

/** An independent client: node's own socket, and what the Varlink pages say. */
class RawClient {
  readonly socket: Socket
  received = ''
  over = false

  constructor(path: string) {
    this.socket = connect({ path, allowHalfOpen: true })
    this.socket.setEncoding('utf8')
    this.socket.on('data', (text: string) => (this.received += text))
    this.socket.on('end', () => (this.over = true))
    this.socket.on('error', () => (this.over = true))
  }

  send(...messages: object[]): void {
    for (const message of messages) this.socket.write(`${JSON.stringify(message)}\0`)
  }

  /** The replies so far, once there are `count`. */
  async replies(count: number): Promise<unknown[]> {
    await until(() => this.received.split('\0').length > count)
    return this.received
      .split('\0')
      .slice(0, -1)
      .map((text) => JSON.parse(text) as unknown)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

describe('a server, seen by an independent client', () => {
  it('answers, and tells about itself', async () => {
    await using server = await serve()
    using client = new RawClient(server.path)
    client.send(
      { method: 'io.example.Ping', parameters: { text: 'hällo', unknown: 1 } },
      { method: 'org.varlink.service.GetInfo' },
      { method: 'org.varlink.service.GetInterfaceDescription', parameters: { interface: 'io.example' } },
    )
    const [ping, info, description] = await client.replies(3)
    expect(ping).toStrictEqual({ parameters: { text: 'hällo' } })
    expect(info).toStrictEqual({
      parameters: {
        vendor: 'v',
        product: 'p',
        version: '1',
        url: 'https://example.io',
        interfaces: ['org.varlink.service', 'io.example'],
      },
    })
    expect(JSON.stringify(description)).toContain('method Ping(text: string, delay: ?int) -> (text: string)')
  })

  it('answers in the order of the calls, however long each takes', async () => {
    await using server = await serve()
    using client = new RawClient(server.path)
    const texts = ['slow', ...Array.from({ length: 60 }, (_, index) => `${index}`)]
    client.send(
      ...texts.map((text) => ({
        method: 'io.example.Ping',
        parameters: { text, delay: text === 'slow' ? 30 : 0 },
      })),
    )
    expect(await client.replies(61)).toStrictEqual(texts.map((text) => ({ parameters: { text } })))
  })

  it('streams where more is asked for, and refuses to where it is not', async () => {
    await using server = await serve()
    using client = new RawClient(server.path)
    const parameters = { to: 3 }
    client.send(
      { method: 'io.example.Count', parameters, more: true },
      { method: 'io.example.Count', parameters },
      { method: 'io.example.Count', parameters: { to: 1 } },
      { method: 'io.example.Count', parameters: { to: 0 }, more: true },
    )
    expect(await client.replies(6)).toStrictEqual([
      { parameters: { value: 1 }, continues: true },
      { parameters: { value: 2 }, continues: true },
      { parameters: { value: 3 } },
      { error: 'org.varlink.service.ExpectedMore', parameters: {} },
      { parameters: { value: 1 } },
      { parameters: {} },
    ])
    expect(reports).toStrictEqual([])
  })

  it('does not answer what is oneway, not even with an error', async () => {
    await using server = await serve()
    using client = new RawClient(server.path)
    client.send(
      { method: 'io.example.Ping', parameters: { text: 'a' }, oneway: true },
      { method: 'io.example.Fail', parameters: { how: 'varlink' }, oneway: true },
      { method: 'io.example.Nothing', oneway: true },
      { method: 'io.example.Ping', parameters: { text: 'b' } },
    )
    expect(await client.replies(1)).toStrictEqual([{ parameters: { text: 'b' } }])
  })

  it.each([
    [{ method: 'io.other.Ping' }, 'InterfaceNotFound', { interface: 'io.other' }],
    [{ method: 'Ping' }, 'InterfaceNotFound', { interface: '' }],
    [{ method: 'io.example.Pong' }, 'MethodNotFound', { method: 'io.example.Pong' }],
    [{ method: 'io.example.constructor' }, 'MethodNotFound', { method: 'io.example.constructor' }],
    [{ method: 'io.example.Ping' }, 'InvalidParameter', { parameter: 'text' }],
    [
      { method: 'io.example.Ping', parameters: { text: '', delay: 'x' } },
      'InvalidParameter',
      { parameter: 'delay' },
    ],
  ])('answers %j with %s', async (call, error, parameters) => {
    await using server = await serve()
    using client = new RawClient(server.path)
    client.send(call)
    expect(await client.replies(1)).toStrictEqual([{ error: `org.varlink.service.${error}`, parameters }])
  })

  it('sends a handler’s own error, and keeps every other to itself', async () => {
    await using server = await serve()
    using client = new RawClient(server.path)
    for (const how of ['varlink', 'crash', 'mismatch'])
      client.send({ method: 'io.example.Fail', parameters: { how } })
    expect(await client.replies(3)).toStrictEqual([
      { error: 'io.example.Refused', parameters: { why: 'so' } },
      { error: 'org.varlink.service.InternalError', parameters: {} },
      { error: 'org.varlink.service.InternalError', parameters: {} },
    ])
    expect(reports).toStrictEqual([
      'io.example.Fail: TypeError: a secret at /etc/shadow',
      'io.example.Fail: InvalidValueError: reply.text must be a string',
    ])
  })

  it.each([
    ['garbage', 'nonsense\0'],
    ['a reply', '{"parameters":{}}\0'],
    ['a claim without descriptors', '{"method":"io.example.Ping","fds":1}\0'],
    ['too much', 'x'.repeat(5000)],
    ['too many values', `{"method":"io.example.Ping","x":[${'{},'.repeat(300_000)}{}]}\0`],
  ])('closes the connection on %s, after answering what came before', async (_, text) => {
    await using server = await serve(text.length < 10_000 ? { maxMessageBytes: 4000 } : {})
    using client = new RawClient(server.path)
    client.send({ method: 'io.example.Ping', parameters: { text: 'first' } })
    expect(await client.replies(1)).toHaveLength(1)
    client.socket.write(text)
    await until(() => client.over)
    expect(reports.join()).toContain('ConnectionError')
    expect(server.connections).toBe(0)
  })

  it('accepts a few connections in each turn of the event loop, however many wait', async () => {
    await using server = await serve()
    const clients = Array.from({ length: 60 }, () => connectUnix(server.path))
    let turns = 0
    for (let last = 0; server.connections < clients.length; last = server.connections) {
      await new Promise((resolve) => setImmediate(resolve))
      expect(server.connections - last).toBeLessThanOrEqual(16)
      if (server.connections > last) turns += 1
    }
    expect(turns).toBeGreaterThanOrEqual(4)
    for (const client of clients) client.close()
    await until(() => server.connections === 0)
  })

  it('begins one call of a user in each turn of the event loop, over however many connections they come', async () => {
    const begun = { count: 0 }
    const answers = implement(example, {
      ...handlers,
      Ping: ({ text }) => {
        begun.count += 1
        return { text }
      },
    })
    await using server = await serve({ interfaces: [answers] })
    const calls = Buffer.from('{"method":"io.example.Ping","parameters":{"text":"x"}}\0'.repeat(50))
    const clients = Array.from({ length: 10 }, () => connectUnix(server.path))
    for (const client of clients) expect(sendMessage(client, calls)).toBe(calls.length)
    for (let last = 0; begun.count < 500; last = begun.count) {
      await new Promise((resolve) => setImmediate(resolve))
      expect(begun.count - last).toBeLessThanOrEqual(2)
    }
    for (const client of clients) client.close()
    await until(() => server.connections === 0)
  })

  it('answers a client that has closed its sending side, as socat does', async () => {
    await using server = await serve()
    using client = new RawClient(server.path)
    client.socket.end(
      `${JSON.stringify({ method: 'io.example.Ping', parameters: { text: 'x'.repeat(2e6), delay: 50 } })}\0`,
    )
    await until(() => client.over)
    expect(client.received).toHaveLength(2e6 + '{"parameters":{"text":""}}\0'.length)
    await until(() => server.connections === 0)
  })

  it('aborts the handler when the client is gone, also behind calls that it has not read', async () => {
    await using server = await serve()
    using client = new RawClient(server.path)
    client.send(...Array.from({ length: 500 }, () => ({ method: 'io.example.Hang' })))
    await until(() => hanging.length === 1)
    const [call] = hanging
    expect(call?.signal.aborted).toBe(false)
    client.socket.destroy()
    await until(() => server.connections === 0)
    expect(call?.signal.reason).toMatchObject({ code: 'closed' })
    expect(hanging).toHaveLength(1)
  })

  it('knows its clients', async () => {
    const peers: number[] = []
    await using server = await serve({ onConnection: ({ uid }) => peers.push(uid) })
    using client = new RawClient(server.path)
    client.send({ method: 'io.example.Hang' })
    await until(() => hanging.length === 1)
    const peer = hanging[0]?.peer
    expect(peer).toMatchObject({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() })
    expect(peer?.groups).toStrictEqual(ownGroups())
    expect(peers).toStrictEqual([process.getuid?.()])
  })

  it('refuses whom onConnection throws at', async () => {
    let welcome = false
    const onConnection = (): void => {
      if (!welcome) throw new VarlinkError('org.varlink.service.PermissionDenied')
    }
    await using server = await serve({ onConnection })
    using refused = new RawClient(server.path)
    await until(() => refused.over)
    welcome = true
    using client = new RawClient(server.path)
    client.send({ method: 'io.example.Ping', parameters: { text: 'in' } })
    expect(await client.replies(1)).toHaveLength(1)
    expect(reports).toStrictEqual([])
  })

  it('limits the connections of one uid, and counts those that have ended no more', async () => {
    await using server = await serve({ maxConnectionsPerUid: 2 })
    using first = new RawClient(server.path)
    using second = new RawClient(server.path)
    await until(() => server.connections === 2)
    using third = new RawClient(server.path)
    await until(() => third.over)
    expect([first.over, second.over]).toStrictEqual([false, false])
    first.socket.destroy()
    await until(() => server.connections === 1)
    using fourth = new RawClient(server.path)
    fourth.send({ method: 'io.example.Ping', parameters: { text: 'in' } })
    expect(await fourth.replies(1)).toHaveLength(1)
  })
})

/** Not process.getgroups(), which adds the group id. */
function ownGroups(): number[] {
  const line = /^Groups:(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  return line
    .split(' ')
    .filter((word) => word.trim() !== '')
    .map(Number)
}

describe('the socket file', () => {
  it('has the mode asked for, and goes with the server', async () => {
    const server = await serve({ mode: 0o640 })
    expect(statSync(server.path).mode & 0o777).toBe(0o640)
    await server.close()
    await server.close()
    expect(existsSync(server.path)).toBe(false)
  })

  it('of a living server is left alone, that of a dead one is replaced', async () => {
    await using first = await serve()
    await expect(serve()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const dead = join(folder.path, 'dead')
    listenUnix(dead, { mode: 0o600 }).close()
    await using second = await serve({ path: dead })
    for (const { path } of [first, second]) {
      using client = new RawClient(path)
      client.send({ method: 'io.example.Ping', parameters: { text: 'in' } })
      expect(await client.replies(1)).toHaveLength(1)
    }
  })

  it('is never taken from somebody else', async () => {
    const file = join(folder.path, 'file')
    writeFileSync(file, 'mine')
    await expect(serve({ path: file })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('is closed by the signal', async () => {
    const controller = new AbortController()
    const server = await serve({ signal: controller.signal })
    using client = new RawClient(server.path)
    await until(() => server.connections === 1)
    controller.abort()
    await until(() => client.over)
    expect(existsSync(server.path)).toBe(false)
    await expect(serve({ signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})
