import { Fd, openFds, socketBuffer, socketFlag } from '@vpnext/native'
import { mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  authority,
  clientCertificate,
  clientKey,
  serverCertificate,
  serverKey,
} from '../../test/certificates.ts'
import { socketNamespace } from './socket-namespace.ts'

type Methods = Record<string, (...args: unknown[]) => unknown>

const freely = (): Promise<void> => Promise.resolve()
const socket = socketNamespace(freely)
const make = (name: keyof typeof socket, ...args: unknown[]): Methods =>
  (socket as unknown as Methods)[name]?.(...args) as Methods
const code = (number: number): unknown => expect.objectContaining({ code: number })
const text = ({ message }: { message: ArrayBuffer }): string => Buffer.from(message).toString()
const heard = (of: Methods | undefined, event: string): Promise<unknown> =>
  new Promise((resolve) => of?.['on']?.(event, resolve))
const portOf = async (server: Methods): Promise<number> => {
  const address = (await server['getLocalAddress']?.()) as { port: number }
  return address.port
}
function inspect<T>(number: unknown, look: (fd: Fd) => T): T {
  const fd = Fd.adopt(Number(number))
  try {
    return look(fd)
  } finally {
    fd.release()
  }
}

const open: Methods[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each['close']?.()
  expect(openFds()).toBe(0)
})
const kept = (name: keyof typeof socket, ...args: unknown[]): Methods => {
  const made = make(name, ...args)
  open.push(made)
  return made
}

describe.each([
  { loopback: '127.0.0.1', family: 1 },
  { loopback: '::1', family: 2 },
])('a TCP server on $loopback', ({ loopback, family }) => {
  test('has clients, which send and receive', async () => {
    const server = kept('constructTCPSocketServerInstance')
    expect(await server['getSocketFd']?.()).toBe(-1)
    await server['listen']?.({ address: loopback, family, port: 0 })
    expect(await server['getState']?.()).toEqual({ isBound: true, isClose: false, isConnected: false })
    const port = await portOf(server)
    expect(readlinkSync(`/proc/self/fd/${String(await server['getSocketFd']?.())}`)).toMatch(/^socket:/)
    const connected = heard(server, 'connect') as Promise<Methods>
    const client = kept('constructTCPSocketInstance')
    await client['connect']?.({ address: { address: loopback, port } })
    const connection = await connected
    open.push(connection)
    expect(connection['clientId']).toBe(1)
    const question = heard(connection, 'message')
    await client['send']?.({ data: 'hello' })
    expect(text((await question) as never)).toBe('hello')
    const answer = heard(client, 'message')
    await connection['send']?.({ data: Buffer.from('hi') })
    expect(text((await answer) as never)).toBe('hi')
    expect(await connection['getRemoteAddress']?.()).toEqual(await client['getLocalAddress']?.())
    expect(await connection['getLocalAddress']?.()).toMatchObject({ address: loopback, port })
    expect(await connection['getSocketFd']?.()).toBeGreaterThan(2)
    const ended = heard(connection, 'close')
    await client['close']?.()
    await ended
    await server['close']?.()
    expect(await server['getState']?.()).toMatchObject({ isClose: true })
  })

  test('a port that is taken: 2301098, and the server can listen elsewhere', async () => {
    const first = kept('constructTCPSocketServerInstance')
    await first['listen']?.({ address: loopback, family })
    const port = await portOf(first)
    const second = kept('constructTCPSocketServerInstance')
    await expect(second['listen']?.({ address: loopback, family, port })).rejects.toEqual(code(2301098))
    await second['listen']?.({ address: loopback, family })
    await expect(second['listen']?.({ address: loopback, family })).rejects.toEqual(code(2301022))
  })
})

test('options reach the kernel, before and after connect', async () => {
  const server = kept('constructTCPSocketServerInstance')
  await server['listen']?.({ address: '127.0.0.1' })
  const client = kept('constructTCPSocketInstance')
  await expect(client['setExtraOptions']?.({ keepAlive: true })).rejects.toEqual(code(2301009))
  await client['bind']?.({ address: '127.0.0.1' })
  await client['setExtraOptions']?.({ receiveBufferSize: 20_000, keepAlive: true, TCPNoDelay: true })
  const fd = await client['getSocketFd']?.()
  expect(inspect(fd, (descriptor) => socketBuffer(descriptor, 'receive'))).toBe(40_000)
  await client['connect']?.({ address: { address: '127.0.0.1', port: await portOf(server) } })
  await client['setExtraOptions']?.({
    reuseAddress: true,
    socketLinger: { on: true, linger: 5 },
    socketTimeout: 100,
  })
  expect(
    inspect(fd, (descriptor) => [
      socketFlag(descriptor, 'keepAlive'),
      socketFlag(descriptor, 'reuseAddress'),
    ]),
  ).toEqual([true, true])
  expect(() => client['setExtraOptions']?.({ TCPNoDelay: 1 })).toThrow(code(401))
  const udp = kept('constructUDPSocketInstance')
  await udp['bind']?.({ address: '127.0.0.1' })
  await udp['setExtraOptions']?.({
    broadcast: true,
    reuseAddress: true,
    sendBufferSize: 10_000,
    socketTimeout: 5,
  })
  expect(inspect(await udp['getSocketFd']?.(), (descriptor) => socketFlag(descriptor, 'broadcast'))).toBe(
    true,
  )
})

describe('TLS', () => {
  const own = { cert: serverCertificate, key: serverKey, ca: authority }
  const theirs = { ca: [authority] }
  let server: Methods
  let port: number
  async function listen(options: object = {}, secure: object = {}): Promise<void> {
    server = kept('constructTLSSocketServerInstance')
    await server['listen']?.({
      address: { address: '127.0.0.1' },
      secureOptions: { ...own, ...secure },
      ...options,
    })
    port = await portOf(server)
  }
  const connectOptions = (more: object = {}, secure: object = {}): object => ({
    address: { address: '127.0.0.1', port },
    secureOptions: { ...theirs, ...secure },
    ...more,
  })

  test('the descriptor exists before anything is sent; both ends tell what was agreed', async () => {
    await listen({ ALPNProtocols: ['vpn'] })
    const admitted: number[] = []
    const client = socketNamespace((fd) => {
      admitted.push(fd)
      return Promise.resolve()
    }).constructTLSSocketInstance() as unknown as Methods
    open.push(client)
    await client['bind']?.({ address: '127.0.0.1' })
    const fd = await client['getSocketFd']?.()
    expect(admitted).toEqual([fd])
    const connected = heard(server, 'connect') as Promise<Methods>
    await client['connect']?.(connectOptions({ ALPNProtocols: ['vpn'] }))
    const connection = await connected
    open.push(connection)
    expect(await client['getSocketFd']?.()).toBe(fd)
    expect(await client['getProtocol']?.()).toBe('TLSv1.3')
    expect(await client['getCipherSuite']?.()).toEqual([expect.stringMatching(/^TLS_/)])
    const shown = (await client['getRemoteCertificate']?.()) as { data: Uint8Array }
    expect(shown.data.length).toBeGreaterThan(100)
    await expect(client['getCertificate']?.()).rejects.toEqual(code(2301061))
    expect(await client['getState']?.()).toEqual({ isBound: true, isClose: false, isConnected: true })
    const question = heard(connection, 'message')
    await client['send']?.('secret')
    expect(text((await question) as never)).toBe('secret')
    const answer = heard(client, 'message')
    await connection['send']?.({ data: 'found' })
    expect(text((await answer) as never)).toBe('found')
    expect(await connection['getCipherSuite']?.()).toEqual(await client['getCipherSuite']?.())
  })

  test('a certificate that nobody has signed is refused, unless it is not looked at', async () => {
    await listen()
    const wary = kept('constructTLSSocketInstance')
    server['on']?.('error', () => undefined)
    await expect(wary['connect']?.(connectOptions({}, { ca: [] }))).rejects.toEqual(code(2303504))
    expect(await wary['getState']?.()).toMatchObject({ isClose: true })
    const careless = kept('constructTLSSocketInstance')
    await careless['connect']?.(connectOptions({ skipRemoteValidation: true }, { ca: [] }))
    const other = kept('constructTLSSocketInstance')
    const wrongName = { ...connectOptions(), address: { address: '127.0.0.2', port } }
    await expect(other['connect']?.(wrongName)).rejects.toMatchObject({ code: expect.any(Number) })
  })

  test('a server may want a certificate too', async () => {
    await listen({}, { isBidirectionalAuthentication: true, protocols: socket.Protocol.TLSv12 })
    const failed = heard(server, 'error')
    const nameless = kept('constructTLSSocketInstance')
    await expect(nameless['connect']?.(connectOptions())).rejects.toMatchObject({ code: expect.any(Number) })
    expect(await failed).toMatchObject({ code: expect.any(Number) })
    const known = kept('constructTLSSocketInstance')
    const connected = heard(server, 'connect') as Promise<Methods>
    await known['connect']?.(connectOptions({}, { cert: clientCertificate, key: clientKey }))
    expect(await known['getProtocol']?.()).toBe('TLSv1.2')
    const seen = (await (await connected)['getRemoteCertificate']?.()) as { data: Uint8Array }
    expect(seen).toEqual(await known['getCertificate']?.())
  })

  test('a chain of certificates may be a list, on both sides', async () => {
    await listen({}, { cert: [serverCertificate, authority], isBidirectionalAuthentication: true })
    const client = kept('constructTLSSocketInstance')
    const connected = heard(server, 'connect') as Promise<Methods>
    await client['connect']?.(connectOptions({}, { cert: [clientCertificate, authority], key: clientKey }))
    const seen = (await (await connected)['getRemoteCertificate']?.()) as { data: Uint8Array }
    expect(seen).toEqual(await client['getCertificate']?.())
    const wrong = (cert: unknown) => (): unknown => client['connect']?.(connectOptions({}, { cert }))
    expect(wrong([1])).toThrow(code(401))
    expect(wrong(1)).toThrow(code(401))
  })

  test('goes over a TCP socket that is connected already', async () => {
    await listen()
    const tcp = kept('constructTCPSocketInstance')
    await tcp['connect']?.({ address: { address: '127.0.0.1', port } })
    const fd = await tcp['getSocketFd']?.()
    const tls = kept('constructTLSSocketInstance', tcp)
    await tls['connect']?.(connectOptions())
    expect(await tls['getSocketFd']?.()).toBe(fd)
    expect(await tcp['getState']?.()).toMatchObject({ isClose: true })
    expect(() => make('constructTLSSocketInstance', {})).toThrow(code(401))
  })

  test('keys and options that cannot be are refused at once, without telling the key', async () => {
    await listen()
    const client = kept('constructTLSSocketInstance')
    const bad = (): unknown =>
      client['connect']?.(connectOptions({}, { key: 'not a key', cert: clientCertificate }))
    expect(bad).toThrow(code(401))
    expect(() => client['connect']?.(connectOptions({ proxy: {} }))).toThrow(code(401))
    expect(() => client['connect']?.({ address: { address: '127.0.0.1' } })).toThrow(code(401))
    expect(() => make('constructTLSSocketServerInstance')['listen']?.(connectOptions())).toThrow(code(401))
  })
})

describe('local sockets', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vpnext-local-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('a server and its client talk; the file is for the bundle alone, and goes', async () => {
    const path = join(folder, 'server')
    const server = kept('constructLocalSocketServerInstance')
    await server['listen']?.({ address: path })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await server['getLocalAddress']?.()).toBe(path)
    const connected = heard(server, 'connect') as Promise<Methods>
    const client = kept('constructLocalSocketInstance')
    await client['bind']?.({ address: join(folder, 'client') })
    await client['connect']?.({ address: { address: path } })
    const connection = await connected
    open.push(connection)
    const question = heard(connection, 'message')
    await client['send']?.({ data: 'hello' })
    expect(text((await question) as never)).toBe('hello')
    const answer = heard(client, 'message')
    await connection['send']?.({ data: 'hi' })
    expect(await answer).toEqual({ message: expect.any(ArrayBuffer), address: path, size: 2 })
    await client['setExtraOptions']?.({ sendBufferSize: 30_000 })
    expect(await client['getExtraOptions']?.()).toMatchObject({ sendBufferSize: 60_000, reuseAddress: false })
    expect(await client['getState']?.()).toEqual({ isBound: true, isClose: false, isConnected: true })
    await client['close']?.()
    await server['close']?.()
    expect(() => statSync(path)).toThrow()
  })

  test('where nobody listens: 2301002, 2301111; a file that is there: 2301098', async () => {
    const client = kept('constructLocalSocketInstance')
    await expect(client['connect']?.({ address: { address: join(folder, 'none') } })).rejects.toEqual(
      code(2301002),
    )
    writeFileSync(join(folder, 'file'), '')
    await expect(client['connect']?.({ address: { address: join(folder, 'file') } })).rejects.toEqual(
      code(2301111),
    )
    const server = kept('constructLocalSocketServerInstance')
    await expect(server['listen']?.({ address: join(folder, 'file') })).rejects.toEqual(code(2301098))
    expect(() => client['connect']?.({ address: { address: 'x'.repeat(200) } })).toThrow(code(401))
  })
})
