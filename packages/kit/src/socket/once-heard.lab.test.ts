import { openFds } from '@vpnext/native'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, expect, test, vi } from 'vitest'

import { authority, serverCertificate, serverKey } from '../../test/certificates.ts'
import { type SocketNamespace, socketNamespace } from './socket-namespace.ts'

type Methods = Record<string, (...args: unknown[]) => unknown>

const socket = socketNamespace(() => Promise.resolve())
const folder = mkdtempSync(join(tmpdir(), 'vpnext-heard-'))
const secureOptions = { cert: serverCertificate, key: serverKey, ca: authority }
const make = (name: keyof SocketNamespace): Methods => (socket as unknown as Methods)[name]?.() as Methods

afterAll(() => rmSync(folder, { recursive: true }))
afterEach(async () => {
  await vi.waitFor(() => expect(openFds()).toBe(0))
})

/** 0 of a local server, which has a path. */
async function portOf(server: Methods): Promise<number> {
  const address = (await server['getLocalAddress']?.()) as { port?: number }
  return address.port ?? 0
}

interface Case {
  readonly kind: 'TCP' | 'TLS' | 'Local'
  readonly listen: object
  readonly to: (port: number) => object
  readonly wrap: (data: string) => unknown
}
const loopback = '127.0.0.1'
const cases: Case[] = [
  {
    kind: 'TCP',
    listen: { address: loopback },
    to: (port) => ({ address: { address: loopback, port } }),
    wrap: (data) => ({ data }),
  },
  {
    kind: 'TLS',
    listen: { address: { address: loopback }, secureOptions },
    to: (port) => ({ address: { address: loopback, port }, secureOptions: { ca: [authority] } }),
    wrap: (data) => data,
  },
  {
    kind: 'Local',
    listen: { address: join(folder, 'server') },
    to: () => ({ address: { address: join(folder, 'server') } }),
    wrap: (data) => ({ data }),
  },
]

test.each(cases)(
  '$kind: what a client has sent waits for the first listener',
  async ({ kind, listen, to, wrap }) => {
    const server = make(`construct${kind}SocketServerInstance`)
    const connections: Methods[] = []
    server['on']?.('connect', (connection: Methods) => connections.push(connection))
    await server['listen']?.(listen)
    const port = await portOf(server)
    const client = make(`construct${kind}SocketInstance`)
    await client['connect']?.(to(port))
    const text = 'x'.repeat(100_000)
    await client['send']?.(wrap('first '))
    await vi.waitFor(() => expect(connections).toHaveLength(1))
    const [connection] = connections
    // Long enough for the bytes to have come, and, without anybody who waits for them, to be gone.
    await wait(50)
    const heard: string[] = []
    connection?.['on']?.('message', ({ message }: { message: ArrayBuffer }) =>
      heard.push(Buffer.from(message).toString()),
    )
    await client['send']?.(wrap(text))
    await vi.waitFor(() => expect(heard.join('').length).toBe(text.length + 6))
    expect(heard.join('').startsWith('first x')).toBe(true)
    const closed = vi.fn()
    connection?.['on']?.('close', closed)
    await client['close']?.()
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    await server['close']?.()
  },
)

test('the end of a connection is told though nobody listens to messages, when none came', async () => {
  const server = make('constructTCPSocketServerInstance')
  const closed = vi.fn()
  const connected = vi.fn((connection: Methods) => connection['on']?.('close', closed))
  server['on']?.('connect', connected)
  await server['listen']?.({ address: loopback })
  const port = await portOf(server)
  const client = make('constructTCPSocketInstance')
  await client['connect']?.({ address: { address: loopback, port } })
  await vi.waitFor(() => expect(connected).toHaveBeenCalledOnce())
  await client['close']?.()
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
  await server['close']?.()
})
