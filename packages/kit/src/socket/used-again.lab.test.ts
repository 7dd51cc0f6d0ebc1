import { openFds } from '@vpnext/native'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { authority, serverCertificate, serverKey } from '../../test/certificates.ts'
import { type SocketNamespace, socketNamespace } from './socket-namespace.ts'

type Methods = Record<string, (...args: unknown[]) => unknown>

const socket = socketNamespace(() => Promise.resolve())
const code = (number: number): unknown => expect.objectContaining({ code: number })
const address = '127.0.0.1'

const open: Methods[] = []
const kept = (name: keyof SocketNamespace): Methods => {
  const made = (socket as unknown as Methods)[name]?.() as Methods
  open.push(made)
  return made
}
afterEach(async () => {
  for (const each of open.splice(0)) await each['close']?.()
  await vi.waitFor(() => expect(openFds()).toBe(0))
})

/** Sends a word, and waits until it has come back. */
async function echoed(client: Methods, word: string, send: (word: string) => unknown): Promise<void> {
  const heard: string[] = []
  const listener = ({ message }: { message: ArrayBuffer }): number =>
    heard.push(Buffer.from(message).toString())
  client['on']?.('message', listener)
  await send(word)
  await vi.waitFor(() => expect(heard.join('')).toBe(word))
  client['off']?.('message', listener)
}

/** A server that says what it hears. */
async function echoServer(name: keyof SocketNamespace, options: object): Promise<Methods> {
  const server = kept(name)
  server['on']?.('connect', (client: Methods) => {
    client['on']?.('message', ({ message }: { message: ArrayBuffer }) => client['send']?.({ data: message }))
  })
  await server['listen']?.(options)
  return server
}
async function portOf(server: Methods): Promise<number> {
  const at = (await server['getLocalAddress']?.()) as { port: number }
  return at.port
}

describe('a socket that was closed is used again', () => {
  test('TCP: bound, or connected at once', async () => {
    const port = await portOf(await echoServer('constructTCPSocketServerInstance', { address }))
    const client = kept('constructTCPSocketInstance')
    const send = (data: string): unknown => client['send']?.({ data })
    await client['connect']?.({ address: { address, port } })
    await echoed(client, 'first', send)
    await client['close']?.()
    expect(await client['getState']?.()).toMatchObject({ isClose: true })
    await client['bind']?.({ address })
    expect(await client['getState']?.()).toEqual({ isBound: true, isClose: false, isConnected: false })
    await client['connect']?.({ address: { address, port } })
    await echoed(client, 'second', send)
    void client['close']?.()
    await client['connect']?.({ address: { address, port } })
    await echoed(client, 'third', send)
  })

  test('TCP: connected once the server is there', async () => {
    const probe = createServer().listen(0, address)
    await once(probe, 'listening')
    const { port } = probe.address() as { port: number }
    probe.close()
    await once(probe, 'close')
    const client = kept('constructTCPSocketInstance')
    await expect(client['connect']?.({ address: { address, port } })).rejects.toEqual(code(2301111))
    await echoServer('constructTCPSocketServerInstance', { address, port })
    await client['connect']?.({ address: { address, port } })
    await echoed(client, 'at last', (data) => client['send']?.({ data }))
  })

  test('UDP', async () => {
    const [client, server] = [kept('constructUDPSocketInstance'), kept('constructUDPSocketInstance')]
    server['on']?.(
      'message',
      ({ message, remoteInfo }: { message: ArrayBuffer; remoteInfo: { port: number } }) =>
        server['send']?.({ data: message, address: { address, port: remoteInfo.port } }),
    )
    await server['bind']?.({ address })
    const to = { address, port: await portOf(server) }
    for (const word of ['first', 'second']) {
      await client['bind']?.({ address })
      await echoed(client, word, (data) => client['send']?.({ data, address: to }))
      await client['close']?.()
    }
    await expect(client['send']?.({ data: 'x', address: to })).rejects.toEqual(code(2301009))
  })

  test('TLS', async () => {
    const secureOptions = { cert: serverCertificate, key: serverKey, ca: authority }
    const server = await echoServer('constructTLSSocketServerInstance', {
      address: { address },
      secureOptions,
    })
    const options = { address: { address, port: await portOf(server) }, secureOptions: { ca: [authority] } }
    const client = kept('constructTLSSocketInstance')
    for (const word of ['first', 'second']) {
      await client['connect']?.(options)
      await echoed(client, word, (data) => client['send']?.(data))
      await client['close']?.()
    }
  })
})

test('a UDP socket that is closed and bound again while it binds is bound once', async () => {
  const client = kept('constructUDPSocketInstance')
  const first = client['bind']?.({ address }) as Promise<void>
  await client['close']?.()
  const second = client['bind']?.({ address }) as Promise<void>
  await expect(first).rejects.toEqual(code(2301009))
  await second
  expect(await client['getState']?.()).toMatchObject({ isBound: true })
  await expect(client['bind']?.({ address })).rejects.toEqual(code(2301022))
})

describe('servers', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vpnext-again-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('a server listens again, and is connected while it has clients', async () => {
    const server = await echoServer('constructTCPSocketServerInstance', { address })
    const client = kept('constructTCPSocketInstance')
    await client['connect']?.({ address: { address, port: await portOf(server) } })
    await vi.waitFor(async () => expect(await server['getState']?.()).toMatchObject({ isConnected: true }))
    await client['close']?.()
    await server['close']?.()
    await server['listen']?.({ address })
    await client['connect']?.({ address: { address, port: await portOf(server) } })
    await echoed(client, 'hello', (data) => client['send']?.({ data }))
  })

  test('a local server and its client, again at the same path', async () => {
    const path = join(folder, 'server')
    const server = await echoServer('constructLocalSocketServerInstance', { address: path })
    const client = kept('constructLocalSocketInstance')
    await client['connect']?.({ address: { address: path } })
    await echoed(client, 'first', (data) => client['send']?.({ data }))
    await client['close']?.()
    await server['close']?.()
    await server['listen']?.({ address: path })
    await client['connect']?.({ address: { address: path } })
    await echoed(client, 'second', (data) => client['send']?.({ data }))
  })

  test('a socket that an ended process has left is replaced; another file is not', async () => {
    const path = join(folder, 'server')
    // As after SIGKILL: the name stays when the socket is gone.
    const left = kept('constructLocalSocketInstance')
    await left['bind']?.({ address: path })
    await left['close']?.()
    expect(statSync(path).isSocket()).toBe(true)
    await echoServer('constructLocalSocketServerInstance', { address: path })
    const client = kept('constructLocalSocketInstance')
    await client['connect']?.({ address: { address: path } })
    await echoed(client, 'hello', (data) => client['send']?.({ data }))
    const file = join(folder, 'file')
    writeFileSync(file, 'precious')
    const other = kept('constructLocalSocketServerInstance')
    await expect(other['listen']?.({ address: file })).rejects.toEqual(code(2301098))
    expect(statSync(file).size).toBe(8)
  })
})
