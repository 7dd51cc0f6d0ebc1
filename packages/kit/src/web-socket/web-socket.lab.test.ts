import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, type Server, createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, type Socket, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { authority, serverCertificate, serverKey } from '../../test/certificates.ts'
import { testAbility } from '../../test/test-runtime.ts'
import { permitAll, permitOf } from '../permissions.ts'
import { webSocketNamespace } from './web-socket-namespace.ts'

type Call = (...args: unknown[]) => unknown
const code = (number: number): unknown => expect.objectContaining({ code: number })

const admitted: number[] = []
const admit = async (fd: number): Promise<void> => void admitted.push(fd)
const create = (permit = permitAll): Record<string, Call> =>
  (webSocketNamespace({ admit, permit }) as Record<string, Call>)['createWebSocket']?.() as Record<
    string,
    Call
  >

/** One client, as the server sees it. */
interface Accepted {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** Frames of the client, without their masks. */
  readonly frames: { opcode: number; payload: Buffer }[]
  send(opcode: number, payload: string | Buffer, final?: boolean): void
}

let folder: string
const servers: Server[] = []
const sockets = new Set<Duplex>()
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-websocket-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  for (const server of servers.splice(0)) server.close()
  admitted.length = 0
})

/** A server of WebSockets of our own: RFC 6455, sections 4.2 and 5. */
async function serve(
  onClient: (client: Accepted) => void = () => undefined,
  server: Server = createServer(),
  answer: Readonly<Record<string, string>> = {},
): Promise<number> {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const headers = {
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Accept': createHash('sha1').update(key).digest('base64'),
      ...answer,
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`
    const client: Accepted = {
      request,
      socket,
      frames: [],
      send: (opcode, payload, final = true) => {
        const data = Buffer.from(payload as string)
        const length = data.length < 126 ? [data.length] : [126, data.length >> 8, data.length & 0xff]
        socket.write(Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, ...length]), data]))
      },
    }
    // The first frame comes along with the answer.
    socket.cork()
    socket.write(head)
    onClient(client)
    socket.uncork()
    let rest = Buffer.alloc(0)
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes])
      for (let frame = unmask(rest); frame !== undefined; frame = unmask(rest)) {
        rest = rest.subarray(frame.end)
        client.frames.push(frame)
        socket.emit('frame', frame)
      }
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function unmask(rest: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (rest.length < 6) return undefined
  const short = (rest[1] ?? 0) & 0x7f
  const start = short === 126 ? 8 : 6
  const length = short === 126 ? rest.readUInt16BE(2) : short
  if (rest.length < start + length) return undefined
  const mask = rest.subarray(start - 4, start)
  const payload = rest.subarray(start, start + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return { opcode: (rest[0] ?? 0) & 0x0f, payload: Buffer.from(payload), end: start + length }
}

/** Everything that a WebSocket tells, in its order. */
function heardBy(ws: Record<string, Call>): unknown[][] {
  const heard: unknown[][] = []
  for (const event of ['open', 'message', 'dataEnd', 'close', 'error'])
    ws['on']?.(event, (...values: unknown[]) => heard.push([event, ...values]))
  return heard
}
/** Says back what it hears, and goodbye when it hears that. */
const echo = (client: Accepted): void => {
  client.socket.on('frame', ({ opcode, payload }: { opcode: number; payload: Buffer }) => {
    if (opcode < 8) client.send(opcode, payload)
    if (opcode === 8) {
      client.send(8, payload)
      client.socket.end()
    }
  })
}

test('text and bytes go and come, and both ends say goodbye', async () => {
  const clients: Accepted[] = []
  const port = await serve((client) => {
    clients.push(client)
    echo(client)
    client.send(1, 'welcome')
  })
  const ws = create()
  const heard = heardBy(ws)
  const headers = new Promise((resolve) => ws['on']?.('headerReceive', resolve))
  const answer = await ws['connect']?.(`ws://127.0.0.1:${port}/chat?room=1`, {
    header: { name1: 'value1' },
    protocol: 'chat, other',
  })
  expect(answer).toBe(true)
  expect(await headers).toMatchObject({ upgrade: 'websocket' })
  await vi.waitFor(() =>
    expect(heard).toEqual([
      ['open', undefined, { status: 101, message: 'Switching Protocols' }],
      ['message', undefined, 'welcome'],
      ['dataEnd'],
    ]),
  )
  expect(admitted).toHaveLength(1)
  const { url, headers: sent } = clients[0]?.request ?? {}
  expect([url, sent?.['name1'], sent?.['sec-websocket-protocol'], sent?.['content-type']]).toEqual([
    '/chat?room=1',
    'value1',
    'chat, other',
    undefined,
  ])
  heard.length = 0
  const long = 'ä'.repeat(10_000)
  expect(
    await new Promise((resolve) => ws['send']?.(long, (...values: unknown[]) => resolve(values))),
  ).toEqual([undefined, true])
  await ws['send']?.(Uint8Array.of(1, 2, 255).buffer)
  await vi.waitFor(() => expect(heard).toHaveLength(4))
  expect(heard[0]).toEqual(['message', undefined, long])
  expect(heard[2]?.[2]).toEqual(Uint8Array.of(1, 2, 255).buffer)
  heard.length = 0
  expect(await ws['close']?.({ code: 4001, reason: 'done' })).toBe(true)
  await vi.waitFor(() => expect(heard).toEqual([['close', undefined, { code: 4001, reason: 'done' }]]))
  expect(clients[0]?.frames.at(-1)).toMatchObject({
    opcode: 8,
    payload: Buffer.from('\u000f\xa1done', 'latin1'),
  })
})

test('it can be connected again; one connection at a time', async () => {
  const port = await serve(echo)
  const ws = create()
  const heard = heardBy(ws)
  await expect(ws['send']?.('too early')).rejects.toEqual(code(2302999))
  await expect(ws['close']?.()).rejects.toEqual(code(2302999))
  for (let round = 0; round < 2; round++) {
    await ws['connect']?.(`ws://127.0.0.1:${port}`)
    await expect(ws['connect']?.(`ws://127.0.0.1:${port}`)).rejects.toEqual(code(2302003))
    await vi.waitFor(() => expect(heard.map(([event]) => event)).toEqual(['open']))
    await ws['close']?.()
    await vi.waitFor(() => expect(heard.map(([event]) => event)).toEqual(['open', 'close']))
    heard.length = 0
  }
})

test('the server pings, sends in parts, and closes', async () => {
  const clients: Accepted[] = []
  const port = await serve((client) => {
    clients.push(client)
    client.send(9, 'are you there')
    client.send(1, 'one, ', false)
    client.send(0, 'two')
    client.send(8, Buffer.from('\u0003\xe9going', 'latin1'))
    client.socket.on('frame', ({ opcode }: { opcode: number }) => {
      if (opcode === 8) client.socket.end()
    })
  })
  const ws = create()
  const heard = heardBy(ws)
  await ws['connect']?.(`ws://127.0.0.1:${port}`)
  await vi.waitFor(() => expect(heard.at(-1)?.[0]).toBe('close'))
  expect(heard.slice(1)).toEqual([
    ['message', undefined, 'one, two'],
    ['dataEnd'],
    ['close', undefined, { code: 1001, reason: 'going' }],
  ])
  expect(clients[0]?.frames.map(({ opcode, payload }) => [opcode, payload.toString('latin1')])).toEqual([
    [10, 'are you there'],
    [8, '\u0003\xe9going'],
  ])
})

test.each<[string, (client: Accepted) => void, number]>([
  ['a connection that breaks', ({ socket }) => socket.destroy(), 1006],
  ['what is no frame', ({ socket }) => void socket.write(Buffer.of(0xff, 0xff)), 1002],
  ['a text that is none', (client) => client.send(1, Buffer.of(0xff)), 1007],
])('%s is told by error and close', async (_name, misbehave, closed) => {
  const port = await serve((client) => {
    client.socket.on('frame', () => client.socket.end())
    setImmediate(() => misbehave(client))
  })
  const ws = create()
  const heard = heardBy(ws)
  await ws['connect']?.(`ws://127.0.0.1:${port}`)
  await vi.waitFor(() => expect(heard.at(-1)?.[0]).toBe('close'))
  expect(heard.map(([event]) => event)).toEqual(['open', 'error', 'close'])
  expect(heard[1]?.[1]).toEqual(code(200))
  expect(heard[2]?.[2]).toMatchObject({ code: closed })
})

test('what cannot be connected to is told by error, and the object is as before', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port: free } = closed.address() as AddressInfo
  closed.close()
  await once(closed, 'close')
  // Without a listener of upgrades node's server answers as to any request.
  const page = createServer((_request, response) => response.writeHead(403).end('no'))
  servers.push(page)
  page.listen(0, '127.0.0.1')
  await once(page, 'listening')
  const ports = [
    free,
    (page.address() as AddressInfo).port,
    await serve(undefined, createServer(), { 'Sec-WebSocket-Accept': 'nonsense' }),
    await serve(undefined, createServer(), { 'Sec-WebSocket-Protocol': 'unasked' }),
    await serve(undefined, createServer(), { 'Sec-WebSocket-Extensions': 'permessage-deflate' }),
  ]
  const ws = create()
  const heard = heardBy(ws)
  for (const port of ports) {
    expect(await ws['connect']?.(`ws://127.0.0.1:${port}`)).toBe(true)
    await vi.waitFor(() => expect(heard).toEqual([['error', code(200)]]))
    heard.length = 0
  }
})

test('closed while it connects', async () => {
  const silent = createServer()
  silent.on('upgrade', (_request, socket) => void sockets.add(socket))
  servers.push(silent)
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const ws = create()
  const heard = heardBy(ws)
  await ws['connect']?.(`ws://127.0.0.1:${(silent.address() as AddressInfo).port}`)
  await ws['close']?.({ reason: 'no time' })
  await vi.waitFor(() => expect(heard).toEqual([['close', undefined, { code: 1000, reason: 'no time' }]]))
})

test('by TLS: the authorities that were named, or anybody', async () => {
  const server = createSecureServer({ cert: serverCertificate, key: serverKey })
  const port = await serve(echo, server)
  const caPath = join(folder, 'ca')
  writeFileSync(caPath, authority)
  const address = `wss://127.0.0.1:${port}`
  const outcome = async (options?: object): Promise<unknown> => {
    const ws = create()
    const heard = heardBy(ws)
    await ws['connect']?.(address, options)
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    return heard[0]?.[0]
  }
  expect(await outcome({ caPath })).toBe('open')
  expect(await outcome()).toBe('error')
  expect(await outcome({ skipServerCertVerification: true })).toBe('open')
  await expect(create()['connect']?.(address, { caPath: join(folder, 'none') })).rejects.toEqual(
    code(2302002),
  )
})

test('through a proxy by a tunnel', async () => {
  const port = await serve(echo)
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? '')
    sockets.add(socket)
    const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    socket.pipe(onward).pipe(socket)
  })
  servers.push(proxy)
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const host = { host: '127.0.0.1', port: (proxy.address() as AddressInfo).port, exclusionList: [] }
  const ws = create()
  const heard = heardBy(ws)
  await ws['connect']?.('ws://behind.invalid/x', { proxy: host })
  await vi.waitFor(() => expect(heard[0]?.[0]).toBe('open'))
  expect(asked).toEqual(['behind.invalid:80'])
})

test('what cannot be an argument or an address has its code', async () => {
  const ws = create()
  expect(() => ws['connect']?.(1)).toThrow(code(401))
  expect(() => ws['send']?.({})).toThrow(code(401))
  expect(() => ws['close']?.({ code: 'x' })).toThrow(code(401))
  expect(() => ws['on']?.('nonsense', () => undefined)).toThrow(code(401))
  for (const address of ['', 'nonsense', 'ftp://a.example', 'ws://'])
    await expect(ws['connect']?.(address), address).rejects.toEqual(code(2302001))
  const denied = create(permitOf({ ...testAbility, permissions: [] }))
  await expect(denied['connect']?.('ws://127.0.0.1:1')).rejects.toEqual(code(201))
  const error = await new Promise((resolve) => denied['send']?.('x', resolve))
  expect(error).toEqual(code(201))
})
