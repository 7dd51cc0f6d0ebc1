import { addressToBytes, parseAddress } from '@vpnext/ip'
import { errorText } from '@vpnext/native'
import type { Socket } from 'node:net'

import { connectSocket } from './connect-socket.ts'
import type { SocksProxy } from './proxy-options.ts'
import { readExactly } from './read-exactly.ts'
import type { SocketAddress } from './socket-address.ts'
import { socksError } from './socks-error.ts'

const version = 5
const connectCommand = 1
/** Ways to log in (RFC 1928, RFC 1929). */
const methods = { none: 0, password: 2 } as const
/** RFC 1929's own version. */
const loginVersion = 1
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const
/** What a proxy answers with, in words (RFC 1928 §6). */
const refusals = [
  '',
  'general failure',
  'not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'time to live expired',
  'it does not connect',
  'it does not know this kind of address',
]

/**
 * Connects a socket, which has a descriptor already, through a SOCKS5 proxy (RFC 1928, RFC 1929). A name is looked up by the proxy, never here.
 * What the other end says with the proxy's answer stays in the socket, to be read.
 *
 * @param way.timeout milliseconds, for the connection to the proxy and again for its answers; 0: `otherwise`
 * @throws BusinessError 2301206 to 2301213; the socket is destroyed then
 */
export async function connectThroughSocks(
  socket: Socket,
  proxy: SocksProxy,
  way: {
    readonly remote: SocketAddress
    readonly local: SocketAddress
    readonly timeout: number
    readonly otherwise: number
  },
): Promise<void> {
  try {
    await connectSocket(socket, { ...way, remote: proxy.address })
  } catch (error) {
    throw socksError(2301206, errorText(error), error)
  }
  const time = way.timeout > 0 ? way.timeout : way.otherwise
  const late = new Error(`the proxy did not answer within ${time} ms`)
  const timer = setTimeout(() => socket.destroy(late), time)
  socket.on('error', heardByCaller)
  try {
    await logIn(socket, proxy)
    await request(socket, way.remote)
    socket.off('error', heardByCaller)
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** What a socket fails with meanwhile is what reading and writing reject with. */
function heardByCaller(): void {}

/** Agrees on a way to log in, and logs in. */
async function logIn(socket: Socket, { username, password }: SocksProxy): Promise<void> {
  const offered = username === undefined ? [methods.none] : [methods.none, methods.password]
  await say(socket, [version, offered.length, ...offered])
  const [answered, method] = await hear(socket, 2)
  if (answered !== version) throw socksError(2301213, `the proxy speaks version ${answered}`)
  if (method === methods.none) return
  if (method !== methods.password || username === undefined)
    throw socksError(2301209, `the proxy wants method ${method}`)
  await say(socket, [loginVersion, ...shortText(username), ...shortText(password)])
  const [, status] = await hear(socket, 2)
  if (status !== 0) throw socksError(2301207, `the proxy answered ${status}`)
}

/** Asks for the connection, and reads the answer to its end. */
async function request(socket: Socket, { host, port }: SocketAddress): Promise<void> {
  await say(socket, [version, connectCommand, 0, ...destination(host), port >> 8, port & 0xff])
  const [answered, status = 0, , type] = await hear(socket, 4)
  if (answered !== version) throw socksError(2301213, `the proxy speaks version ${answered}`)
  if (status !== 0) throw socksError(2301208, refusals[status] ?? `the proxy answered ${status}`)
  const length = await boundLength(socket, type)
  await hear(socket, length + 2)
}

/** Bytes of the address that the proxy connected from. */
async function boundLength(socket: Socket, type: number | undefined): Promise<number> {
  if (type === addressTypes.ipv4) return 4
  if (type === addressTypes.ipv6) return 16
  if (type !== addressTypes.name) throw socksError(2301213, `the proxy told an address of type ${type}`)
  const [length = 0] = await hear(socket, 1)
  return length
}

function destination(host: string): number[] {
  const address = parseAddress(host)
  if (address === undefined) return [addressTypes.name, ...shortText(host)]
  return [address.family === 4 ? addressTypes.ipv4 : addressTypes.ipv6, ...addressToBytes(address)]
}

/** A byte of length and the text. */
function shortText(text: string): number[] {
  const bytes = Buffer.from(text)
  if (bytes.length > 255) throw socksError(2301212, 'a name, a user or a password is longer than 255 bytes')
  return [bytes.length, ...bytes]
}

async function say(socket: Socket, bytes: readonly number[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.write(Uint8Array.from(bytes), (error) =>
      error === null || error === undefined
        ? resolve()
        : reject(socksError(2301210, errorText(error), error)),
    )
  })
}

async function hear(socket: Socket, count: number): Promise<Uint8Array> {
  try {
    return await readExactly(socket, count)
  } catch (error) {
    throw socksError(2301211, errorText(error), error)
  }
}
