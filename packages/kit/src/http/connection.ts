import { createHash } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type Socket, isIP } from 'node:net'
import { type TLSSocket, connect as connectTls } from 'node:tls'

import { inetSocket } from '@vpnext/native'

import { customAddresses } from '../connection/custom-dns.ts'
import { unconnectedSocket } from '../socket/unconnected-socket.ts'
import { basicAuthentication } from './basic-authentication.ts'
import { asHttpError, httpError } from './http-error.ts'
import type { Proxy, RequestOptions } from './request-options.ts'

/** When what was reached, milliseconds of `performance.now()`. */
export interface Marks {
  dns: number
  tcp: number
  tls: number
}

/** How a server is reached. */
export interface Route {
  readonly url: URL
  readonly options: RequestOptions
  /** Called with the descriptor before anything leaves by it. */
  readonly admit: (fd: number) => Promise<void>
  readonly signal: AbortSignal
  readonly marks: Marks
  /** A proxy is asked for a way to the server also when nothing is secured. */
  readonly alwaysTunnel?: boolean
}

/** The proxy that a server is reached by; undefined: directly. */
export function proxyFor({ url, options }: Pick<Route, 'url' | 'options'>): Proxy | undefined {
  const { proxy } = options
  const host = bareHost(url)
  return proxy?.exclusionList.some((name) => host === name || host.endsWith(`.${name}`)) === true
    ? undefined
    : proxy
}

/**
 * Connects to a server or its proxy, and begins TLS where the address says so.
 *
 * @throws BusinessError 23000xx
 */
export async function connectTo(route: Route): Promise<Socket> {
  const { url, options, marks, signal } = route
  const isSecure = url.protocol === 'https:'
  const proxy = proxyFor(route)
  const port = Number(url.port) || (isSecure ? 443 : 80)
  const limit = new AbortController()
  const stop = (): void => limit.abort(signal.reason)
  const timer =
    options.connectTimeout > 0
      ? setTimeout(
          () => limit.abort(httpError(2300028, `no connection within ${options.connectTimeout} ms`)),
          options.connectTimeout,
        )
      : undefined
  signal.addEventListener('abort', stop)
  let socket: Socket | undefined
  try {
    const target = proxy ?? { host: bareHost(url), port }
    socket = await connectTcp(target, route, limit.signal)
    marks.tcp = performance.now()
    if (proxy !== undefined && (isSecure || route.alwaysTunnel === true))
      await tunnel(socket, `${url.hostname}:${port}`, proxy, limit.signal)
    if (!isSecure) return socket
    const secured = await secure(socket, route, limit.signal)
    marks.tls = performance.now()
    return secured
  } catch (error) {
    socket?.destroy()
    if (limit.signal.aborted) throw limit.signal.reason
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** Tries the addresses of a name one after another. */
async function connectTcp(
  { host, port }: { readonly host: string; readonly port: number },
  { options, admit, marks }: Route,
  signal: AbortSignal,
): Promise<Socket> {
  const addresses = await addressesOf(host, options)
  marks.dns = performance.now()
  let failure: unknown = httpError(
    options.proxy === undefined ? 2300006 : 2300005,
    `${host} has no such address`,
  )
  for (const address of addresses) {
    signal.throwIfAborted()
    const fd = inetSocket(isIP(address) === 6 ? 6 : 4, 'stream', { nonBlocking: true }).release()
    const socket = unconnectedSocket(fd)
    try {
      await admit(fd)
      const connected = once(socket, 'connect', { signal })
      socket.connect({ host: address, port })
      await connected
      return socket
    } catch (error) {
      socket.on('error', () => undefined)
      socket.destroy()
      failure = asHttpError(error, 2300007)
    }
  }
  throw failure
}

async function addressesOf(host: string, options: RequestOptions): Promise<string[]> {
  const { family } = options
  const fits = (address: string): boolean => family === 0 || isIP(address) === family
  const known = isIP(host) === 0 ? customAddresses(host) : [host]
  if (known !== undefined) return known.filter(fits)
  try {
    const found = await lookup(host, { all: true, verbatim: true, family })
    return found.map(({ address }) => address)
  } catch (error) {
    throw asHttpError(error, options.proxy === undefined ? 2300006 : 2300005)
  }
}

/** Asks a proxy for a way to a server; RFC 9110, section 9.3.6. */
async function tunnel(socket: Socket, target: string, proxy: Proxy, signal: AbortSignal): Promise<void> {
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, ...proxyLines(proxy)]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let head = Buffer.alloc(0)
  while (!head.includes('\r\n\r\n')) {
    const piece: Buffer | null = socket.read(1)
    if (piece === null) {
      if (socket.readableEnded) throw httpError(2300056, 'the proxy ended the connection')
      await once(socket, 'readable', { signal })
      continue
    }
    head = Buffer.concat([head, piece])
    if (head.length > 65_536) throw httpError(2300056, 'the proxy answers without end')
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1'))?.[1]
  if (status === '407') throw httpError(2300094, 'the proxy wants to know who asks')
  if (status?.startsWith('2') !== true) throw httpError(2300056, `the proxy answers ${status ?? 'nonsense'}`)
}

/** What a proxy is told about who asks. */
export function proxyLines({ credentials }: Proxy): string[] {
  if (credentials === undefined) return []
  return [`Proxy-Authorization: ${basicAuthentication(credentials)}`]
}

async function secure(socket: Socket, { url, options }: Route, signal: AbortSignal): Promise<TLSSocket> {
  const host = options.serverName ?? bareHost(url)
  let tls: TLSSocket
  try {
    tls = connectTls({
      socket,
      host,
      ...(isIP(host) === 0 && { servername: host }),
      ...options.tls,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: !options.trustAnybody,
    })
  } catch (error) {
    throw asHttpError(error, options.tls.cert === undefined ? 2300077 : 2300058)
  }
  tls.on('error', () => undefined)
  try {
    await once(tls, 'secureConnect', { signal })
  } catch (error) {
    tls.destroy()
    throw asHttpError(error, 2300060)
  }
  const key = tls.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' })
  const hash = key === undefined ? '' : createHash('sha256').update(key).digest('base64')
  if (options.pins.length > 0 && !options.pins.includes(hash)) {
    tls.destroy()
    throw httpError(2300060, 'the server has another key than those that were named')
  }
  return tls
}

/** The name or address in an address, without the brackets of IPv6. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}
