import type { Readable } from 'node:stream'

import { isCallback, settle } from '../async-forms.ts'
import { Listeners } from '../listeners.ts'
import { parameterError, textParameter } from '../parameters.ts'
import type { Permit } from '../permissions.ts'
import { missingMembers } from '../provided.ts'
import { receivedBuffer } from '../socket/socket-data.ts'
import type { Marks } from './connection.ts'
import { cookieLines } from './cookies.ts'
import { type Answer, exchange } from './exchange.ts'
import { dataTypes } from './http-constants.ts'
import { asHttpError, httpError } from './http-error.ts'
import { type RequestBody, formBody, plainBody, withQuery } from './request-body.ts'
import { type RequestOptions, readRequestOptions } from './request-options.ts'

/** What requests need of the process. */
export interface HttpParts {
  readonly admit: (fd: number) => Promise<void>
  readonly permit: Permit
}

const withBody: ReadonlySet<string> = new Set(['POST', 'PUT'])

/** What one server must not hear that was meant for another. */
const ownHeaders = ['authorization', 'cookie', 'proxy-authorization'] as const

/** `http.createHttp()` (HarmonyOS, `HttpRequest`). Sockets are treated like those of the socket kit. */
export class HttpRequest {
  readonly #parts: HttpParts
  readonly #listeners = new Listeners(
    ['headerReceive', 'headersReceive', 'dataReceive', 'dataEnd', 'dataReceiveProgress', 'dataSendProgress'],
    'last',
  )
  readonly #onces = new Set<unknown>()
  readonly #running = new Set<AbortController>()
  #destroyed = false

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('HttpRequest'))
  }

  constructor(parts: HttpParts) {
    this.#parts = parts
  }

  /** `request(url, options?, callback?)`: the whole answer. @throws BusinessError 401; rejects 201, 23000xx */
  request(...args: unknown[]): Promise<unknown> | undefined {
    return this.#start(args, async (answer, { options, url, started, marks }) => {
      const bytes = await collect(answer.body, options.maxLimit)
      const cookies = answer.header['set-cookie'] ?? []
      return {
        ...resultOf(bytes, options.expect, String(answer.header['content-type'] ?? '')),
        responseCode: answer.status,
        header: answer.header,
        cookies: cookieLines(Array.isArray(cookies) ? cookies : [cookies], url, Date.now()),
        performanceTiming: timing(started, marks),
      }
    })
  }

  /** `requestInStream(url, options?, callback?)`: the body goes to `dataReceive`; gives the response code once it is over. */
  requestInStream(...args: unknown[]): Promise<unknown> | undefined {
    return this.#start(args, async (answer) => {
      let received = 0
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        received += piece.length
        this.#listeners.emit('dataReceive', receivedBuffer(piece))
        const totalSize = answer.size < 0 ? 0 : answer.size
        this.#listeners.emit('dataReceiveProgress', { receiveSize: received, totalSize })
      }
      this.#listeners.emit('dataEnd')
      return answer.status
    })
  }

  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  /** `once('headersReceive', callback)`. */
  once(type: unknown, callback: unknown): void {
    if (type !== 'headersReceive') throw parameterError('type', 'is not headersReceive')
    this.#listeners.on(type, callback)
    this.#onces.add(callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  /** Ends what runs, with 2300023; nobody hears of it any more, and the object is of no further use. */
  destroy(): void {
    this.#listeners.clear()
    this.#destroyed = true
    for (const controller of this.#running) controller.abort(httpError(2300023, 'the request was destroyed'))
  }

  #start(
    args: readonly unknown[],
    take: (answer: Answer, request: Started) => Promise<unknown>,
  ): Promise<unknown> | undefined {
    const last = args.at(-1)
    const callback = isCallback<unknown>(last) ? last : undefined
    const text = textParameter(args[0], 'url')
    const options = callback !== undefined && args.length === 2 ? undefined : args[1]
    return settle(this.#run(text, options, take), callback)
  }

  async #run(
    text: string,
    given: unknown,
    take: (answer: Answer, request: Started) => Promise<unknown>,
  ): Promise<unknown> {
    this.#parts.permit('ohos.permission.INTERNET')
    if (this.#destroyed) throw httpError(2300999, 'the request was destroyed before')
    const options = readRequestOptions(given)
    const controller = new AbortController()
    this.#running.add(controller)
    const started = performance.now()
    const marks: Timing = { dns: 0, tcp: 0, tls: 0, headers: 0, redirect: 0 }
    try {
      const { answer, url } = await this.#follow(readUrl(text), options, controller.signal, marks)
      marks.headers = performance.now()
      this.#tellHeaders(answer)
      try {
        return await take(answer, { options, url, started, marks })
      } finally {
        answer.end()
      }
    } catch (error) {
      if (controller.signal.aborted) throw controller.signal.reason
      throw asHttpError(error, 2300056)
    } finally {
      this.#running.delete(controller)
    }
  }

  /** Sends the request to where it belongs in the end. */
  async #follow(
    first: URL,
    options: RequestOptions,
    signal: AbortSignal,
    marks: Timing,
  ): Promise<{ readonly answer: Answer; readonly url: URL }> {
    const headers = new Map(options.headers)
    let method: string = options.method
    let body = bodyOf(options)
    let url = withBody.has(method) ? first : withQuery(first, options.extraData)
    for (let redirects = 0; ; redirects++) {
      const answer = await exchange({
        url,
        options,
        admit: this.#parts.admit,
        signal,
        marks,
        method,
        body,
        headers,
      })
      const { sent } = answer
      if (sent > 0) this.#listeners.emit('dataSendProgress', { sendSize: sent, totalSize: sent })
      const next = redirectOf(answer, url)
      if (next === undefined) return { answer, url }
      answer.end()
      if (redirects >= options.redirects) throw httpError(2300047, `${options.redirects} redirections`)
      marks.redirect = performance.now()
      if (next.host !== url.host || next.protocol !== url.protocol)
        for (const name of ownHeaders) headers.delete(name)
      // RFC 9110, section 15.4: what was posted is asked for, but after 307 and 308.
      if (answer.status < 304 && withBody.has(method)) [method, body] = ['GET', { bytes: undefined }]
      url = next
    }
  }

  #tellHeaders({ header }: Answer): void {
    this.#listeners.emit('headersReceive', header)
    for (const callback of this.#onces) this.#listeners.off('headersReceive', callback)
    this.#onces.clear()
    // Of API 6: an AsyncCallback.
    this.#listeners.emit('headerReceive', undefined, header)
  }
}

interface Started {
  readonly options: RequestOptions
  readonly url: URL
  readonly started: number
  readonly marks: Timing
}

interface Timing extends Marks {
  headers: number
  redirect: number
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw httpError(2300003, `${JSON.stringify(text.slice(0, 200))} is no address`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw httpError(2300001, `${url.protocol} is neither http nor https`)
  return url
}

function bodyOf(options: RequestOptions): RequestBody {
  if (!withBody.has(options.method)) return { bytes: undefined }
  const type = options.headers.get('content-type') ?? ''
  if (options.form !== undefined && type.startsWith('multipart/form-data')) return formBody(options.form)
  return plainBody(options.extraData, type)
}

function redirectOf({ status, location }: Answer, from: URL): URL | undefined {
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined
  return URL.canParse(location, from.href) ? readUrl(new URL(location, from).href) : undefined
}

async function collect(body: Readable, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of body as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > limit) throw httpError(2300023, `the answer has more than ${limit} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function resultOf(
  bytes: Buffer,
  expected: number | undefined,
  contentType: string,
): { readonly result: unknown; readonly resultType: number } {
  const isBinary = /^(application\/octet-stream|image\/)/i.test(contentType)
  if (expected === dataTypes.ARRAY_BUFFER || (expected === undefined && isBinary))
    return { result: receivedBuffer(bytes), resultType: dataTypes.ARRAY_BUFFER }
  const text = bytes.toString('utf8')
  if (expected === dataTypes.OBJECT) {
    try {
      return { result: JSON.parse(text) as unknown, resultType: dataTypes.OBJECT }
    } catch {
      return { result: text, resultType: dataTypes.STRING }
    }
  }
  return { result: text, resultType: dataTypes.STRING }
}

function timing(started: number, marks: Timing): object {
  const now = performance.now()
  const since = (mark: number): number => (mark === 0 ? 0 : mark - started)
  return {
    dnsTiming: since(marks.dns),
    tcpTiming: since(marks.tcp),
    tlsTiming: since(marks.tls),
    firstSendTiming: since(Math.max(marks.tcp, marks.tls)),
    firstReceiveTiming: since(marks.headers),
    totalFinishTiming: since(now),
    redirectTiming: since(marks.redirect),
    responseHeaderTiming: since(marks.headers),
    responseBodyTiming: since(now),
    totalTiming: since(now),
  }
}
