import { type ClientRequest, type IncomingMessage, request as nodeRequest } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

import { type Route, connectTo, proxyFor, proxyLines } from './connection.ts'
import { asHttpError, httpError } from './http-error.ts'
import type { RequestBody } from './request-body.ts'

/** What a server has answered, before its body. */
export interface Answer {
  readonly status: number
  /** By names in small letters; `set-cookie` is a list. */
  readonly header: Readonly<Record<string, string | string[]>>
  readonly location: string | undefined
  /** Bytes that are still to come, as the header says: -1 when it does not. */
  readonly size: number
  /** The body, unpacked. It fails with node's errors. */
  readonly body: Readable
  /** Bytes of the request's body. */
  readonly sent: number
  end(): void
}

/** One request and its answer. */
export interface Exchange extends Route {
  readonly method: string
  readonly body: RequestBody
  readonly headers: ReadonlyMap<string, string>
}

/**
 * Sends one request.
 *
 * @throws BusinessError 23000xx
 */
export async function exchange(route: Exchange): Promise<Answer> {
  const { url, options, signal, method, body } = route
  const socket = await connectTo(route)
  const proxy = url.protocol === 'http:' ? proxyFor(route) : undefined
  const headers = new Map<string, string>([
    ['host', url.host],
    ['accept', '*/*'],
    ['accept-encoding', 'gzip, deflate'],
    ['connection', 'close'],
    ...route.headers,
  ])
  if (body.contentType !== undefined) headers.set('content-type', body.contentType)
  if (body.bytes !== undefined) headers.set('content-length', String(body.bytes.length))
  for (const line of proxy === undefined ? [] : proxyLines(proxy)) {
    const [name = '', value = ''] = line.split(': ')
    headers.set(name.toLowerCase(), value)
  }
  const path = `${url.pathname}${url.search}`
  const request = nodeRequest({
    createConnection: () => socket,
    method,
    path: proxy === undefined ? path : `${url.origin}${path}`,
    headers: Object.fromEntries(headers),
    setHost: false,
    ...(url.username !== '' && {
      auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
    }),
  })
  const end = (): void => void request.destroy()
  const stop = (): void => void request.destroy(toError(signal.reason))
  signal.addEventListener('abort', stop, { once: true })
  request.once('close', () => signal.removeEventListener('abort', stop))
  if (options.readTimeout > 0) {
    socket.setTimeout(options.readTimeout, () =>
      request.destroy(httpError(2300028, `nothing came for ${options.readTimeout} ms`)),
    )
  }
  request.end(body.bytes)
  try {
    const message = await responseTo(request)
    request.on('error', (error) => message.destroy(error))
    return answerOf(message, method, body, end)
  } catch (error) {
    end()
    signal.throwIfAborted()
    const hungUp = error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
    throw hungUp ? httpError(2300052, 'the server ended the connection', error) : asHttpError(error, 2300056)
  }
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
}

function answerOf(message: IncomingMessage, method: string, body: RequestBody, end: () => void): Answer {
  const header: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(message.headers)) if (value !== undefined) header[name] = value
  const status = message.statusCode ?? 0
  header['status-line'] = `HTTP/${message.httpVersion} ${status} ${message.statusMessage ?? ''}`.trimEnd()
  const size = Number(message.headers['content-length'] ?? -1)
  return {
    status,
    header,
    location: message.headers.location,
    size,
    body: method === 'HEAD' ? message : unpacked(message),
    sent: body.bytes?.length ?? 0,
    end,
  }
}

function unpacked(message: IncomingMessage): Readable {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase()
  const unpack =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined
  if (unpack === undefined) return message
  message.on('error', (error) => unpack.destroy(error))
  return message.pipe(unpack)
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
