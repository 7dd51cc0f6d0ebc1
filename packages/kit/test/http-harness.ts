import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { afterEach } from 'vitest'

import { httpNamespace } from '../src/http/http-namespace.ts'
import { permitAll } from '../src/permissions.ts'

type Call = (...args: unknown[]) => unknown
export interface Answer {
  readonly result: unknown
  readonly resultType: number
  readonly responseCode: number
  readonly header: Record<string, unknown>
  readonly cookies: string
  readonly performanceTiming: Record<string, number>
}

/** The sockets that requests were admitted by. */
export const admitted: number[] = []
export const http: Record<string, Call> = httpNamespace({
  // The service answers in a later turn.
  admit: async (fd) => {
    admitted.push(fd)
    await new Promise((resolve) => setTimeout(resolve, 5))
  },
  permit: permitAll,
}) as Record<string, Call>

/** An `HttpRequest`. */
export function createRequest(): Record<string, Call> {
  return http['createHttp']?.() as Record<string, Call>
}

/** One request by an object of its own. */
export async function ask(...args: unknown[]): Promise<Answer> {
  return (await createRequest()['request']?.(...args)) as Answer
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections()
  }
})

/** @returns the port of 127.0.0.1 that a server has until the test ends */
export async function listening(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** @returns the URL of a server that answers so */
export async function serving(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(handler))}`
}

/** Answers with what it was asked. */
export function echo(request: IncomingMessage, response: ServerResponse): void {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const { method, url, headers } = request
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(pieces).toString() }))
  })
}
