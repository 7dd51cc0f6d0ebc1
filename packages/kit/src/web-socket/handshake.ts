import { createHash, randomBytes } from 'node:crypto'
import { type IncomingMessage, request as nodeRequest } from 'node:http'
import type { Socket } from 'node:net'

import { connectTo } from '../http/connection.ts'
import type { RequestOptions } from '../http/request-options.ts'

/** How a server is asked. */
export interface Handshake {
  /** `http:` for `ws:`, `https:` for `wss:`. */
  readonly url: URL
  readonly options: RequestOptions
  /** `Sec-WebSocket-Protocol`, `''` for none. */
  readonly protocol: string
  readonly admit: (fd: number) => Promise<void>
  readonly signal: AbortSignal
}

/** A connection over which frames go from now on. */
export interface Opened {
  readonly socket: Socket
  readonly status: number
  readonly message: string
  /** By names in small letters. */
  readonly header: Readonly<Record<string, string | string[]>>
  /** What the server has sent already. */
  readonly head: Buffer
}

/** RFC 6455, section 1.3. */
const acceptText = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Asks a server for a WebSocket (RFC 6455, section 4.1). @throws BusinessError 23000xx, and an Error that says what the server answered */
export async function openWebSocket({ url, options, protocol, admit, signal }: Handshake): Promise<Opened> {
  const marks = { dns: 0, tcp: 0, tls: 0 }
  const socket = await connectTo({ url, options, admit, signal, marks, alwaysTunnel: true })
  const key = randomBytes(16).toString('base64')
  try {
    const request = nodeRequest({
      createConnection: () => socket,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        ...Object.fromEntries(options.headers),
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': key,
        'sec-websocket-version': '13',
        ...(protocol !== '' && { 'sec-websocket-protocol': protocol }),
      },
      setHost: false,
      signal,
      ...(url.username !== '' && {
        auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
      }),
    })
    const { response, head } = await new Promise<{ response: IncomingMessage; head: Buffer }>(
      (resolve, reject) => {
        request.once('upgrade', (answer, _socket, first: Buffer) =>
          resolve({ response: answer, head: first }),
        )
        request.once('response', (answer) =>
          reject(new Error(`the server answers ${answer.statusCode ?? 0}`)),
        )
        request.once('error', reject)
        request.end()
      },
    )
    checkAnswer(response, key, protocol)
    return {
      socket,
      status: response.statusCode ?? 101,
      message: response.statusMessage ?? '',
      header: headerOf(response),
      head,
    }
  } catch (error) {
    socket.on('error', () => undefined)
    socket.destroy()
    throw error
  }
}

function checkAnswer({ headers }: IncomingMessage, key: string, protocol: string): void {
  const accept = createHash('sha1').update(`${key}${acceptText}`).digest('base64')
  if (headers.upgrade?.toLowerCase() !== 'websocket' || headers['sec-websocket-accept'] !== accept)
    throw new Error('the server has answered something else than a WebSocket')
  if (headers['sec-websocket-extensions'] !== undefined)
    throw new Error('the server wants extensions that nobody asked for')
  const chosen = headers['sec-websocket-protocol']
  if (chosen !== undefined && !protocol.split(',').some((one) => one.trim() === chosen))
    throw new Error(`the server wants the protocol ${chosen}`)
}

function headerOf({ headers }: IncomingMessage): Record<string, string | string[]> {
  const header: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) header[name] = value
  return header
}
