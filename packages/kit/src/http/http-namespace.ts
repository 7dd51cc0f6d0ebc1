import { provide } from '../provided.ts'
import { httpConstants } from './http-constants.ts'
import { type HttpParts, HttpRequest } from './http-request.ts'

/** `http` of `@kit.NetworkKit`: HTTP/1.1 by node, over sockets that are protected like all others. Nothing is kept in a cache. */
export function httpNamespace(parts: HttpParts): object {
  return provide('http', { createHttp: () => new HttpRequest(parts), ...httpConstants() })
}
