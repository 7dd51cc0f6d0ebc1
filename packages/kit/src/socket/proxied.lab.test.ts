import { once } from 'node:events'
import { type AddressInfo, type Server, createServer } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { type SocksBehaviour, type SocksProxy, startSocksProxy } from '../../test/socks-proxy.ts'
import { TcpSocket } from './tcp-socket.ts'
import { TlsSocket } from './tls-socket.ts'
import { UdpSocket } from './udp-socket.ts'

const code = (number: number, reason = ''): unknown =>
  expect.objectContaining({
    code: number,
    data: expect.objectContaining({ reason: expect.stringContaining(reason) }),
  })
const freely = (): Promise<void> => Promise.resolve()
const socks5 = 1

let server: Server
let target: number
let clients: number
let proxy: SocksProxy | undefined
const tcp: TcpSocket[] = []

beforeEach(async () => {
  clients = 0
  server = createServer((accepted) => {
    clients++
    accepted.on('error', () => undefined)
    accepted.write('welcome')
    accepted.on('data', (bytes) => accepted.end(`you said ${bytes.toString()}`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  target = (server.address() as AddressInfo).port
})
afterEach(async () => {
  for (const socket of tcp.splice(0)) await socket.close()
  await proxy?.[Symbol.asyncDispose]()
  proxy = undefined
  server.close()
  await once(server, 'close')
})

function client(): TcpSocket {
  const socket = new TcpSocket(freely)
  tcp.push(socket)
  return socket
}

/** Options that lead to a proxy of this behaviour. */
async function through(behaviour: SocksBehaviour = {}, options: object = {}): Promise<object> {
  proxy = await startSocksProxy(target, behaviour)
  const address = { address: '127.0.0.1', port: proxy.port }
  return { type: socks5, address, ...options }
}

test('a TCP connection goes through the proxy it names, which looks the name up', async () => {
  const socket = client()
  const said: string[] = []
  socket.on('message', ({ message }: { message: ArrayBuffer }) => said.push(Buffer.from(message).toString()))
  const address = { address: 'marker.invalid', port: 8080, family: 3 }
  await socket.connect({ address, proxy: await through() })
  expect(proxy?.asked).toEqual(['marker.invalid:8080'])
  expect(await socket.getRemoteAddress()).toMatchObject({ address: '127.0.0.1', port: proxy?.port })
  await socket.send({ data: 'hello' })
  await vi.waitFor(() => expect(said.join('')).toBe('welcomeyou said hello'))
})

test('an address is told as it is, in its own family', async () => {
  const options = await through()
  await client().connect({ address: { address: '192.0.2.7', port: 443 }, proxy: options })
  await client().connect({ address: { address: '2001:db8::7', port: 258 }, proxy: options })
  expect(proxy?.asked).toEqual(['192.0.2.7:443', '32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.7:258'])
})

test('a proxy that asks for a login gets it', async () => {
  const login = { username: 'ann', password: 'secret' }
  const address = { address: '192.0.2.7', port: 443 }
  await client().connect({ address, proxy: await through({ login }, login) })
  expect(clients).toBe(1)
  const wrong = { ...(await through({ login }, login)), password: 'guess' }
  const refused = client().connect({ address, proxy: wrong })
  await expect(refused).rejects.toEqual(code(2301207))
})

test.each([
  { what: 'a refusal', behaviour: { refusal: 5 }, error: code(2301208, 'connection refused') },
  { what: 'a refusal of another kind', behaviour: { refusal: 99 }, error: code(2301208, 'answered 99') },
  { what: 'a way to log in that nobody offered', behaviour: { method: 2 }, error: code(2301209) },
  { what: 'silence', behaviour: { silent: true }, error: code(2301211, 'within 1000 ms') },
])('$what of the proxy is an error, and the socket can be used again', async ({ behaviour, error }) => {
  const socket = client()
  const address = { address: '192.0.2.7', port: 443 }
  const timeout = 'silent' in behaviour ? 1000 : 0
  await expect(socket.connect({ address, timeout, proxy: await through(behaviour) })).rejects.toEqual(error)
  expect(await socket.getState()).toMatchObject({ isClose: true })
  await socket.connect({ address: { address: '127.0.0.1', port: target } })
})

test('nobody is connected to past a proxy that is not there or not provided', async () => {
  const address = { address: '127.0.0.1', port: target }
  const proxied = await through()
  await proxy?.[Symbol.asyncDispose]()
  proxy = undefined
  await expect(client().connect({ address, proxy: proxied })).rejects.toEqual(code(2301206))
  expect(() => client().connect({ address, proxy: { ...proxied, type: 2 } })).toThrow(code(801))
  expect(() => client().connect({ address, proxy: { ...proxied, type: 3 } })).toThrow(code(401))
  expect(() => client().connect({ address, proxy: { type: socks5 } })).toThrow(code(401))
  const udp = new UdpSocket(freely)
  expect(() => udp.send({ data: 'x', address, proxy: proxied })).toThrow(code(801))
  expect(clients).toBe(0)
  await client().connect({ address, proxy: { type: 0 } })
})

test('TLS goes through a proxy too', async () => {
  const socket = new TlsSocket(freely)
  const address = { address: 'marker.invalid', port: 443 }
  const proxied = await through()
  // What this server says is no TLS: the connection got as far as that.
  await expect(socket.connect({ address, secureOptions: {}, proxy: proxied })).rejects.toEqual(code(2303505))
  expect(proxy?.asked).toEqual(['marker.invalid:443'])
  await socket.close()
})
