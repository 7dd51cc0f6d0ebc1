import type { Arena } from '../arena/arena.ts'
import { Endpoint } from './endpoint.ts'

// include/uapi/linux/in.h and in6.h: struct sockaddr_in (16 bytes) and sockaddr_in6 (28 bytes)
const AF_INET = 2
const AF_INET6 = 10
const portAt = 2
const address4At = 4
const address6At = 8
const scopeAt = 24

/** Bytes set aside for a socket address. */
export const socketAddressSize = 32

/**
 * Writes an endpoint as a struct sockaddr.
 *
 * @param family of the socket; an INET6 one gets IPv4 endpoints as mapped addresses
 * @returns its length in bytes
 * @throws RangeError for an IPv6 endpoint and an INET socket
 */
export function writeSocketAddress(arena: Arena, at: number, endpoint: Endpoint, family: 4 | 6): number {
  const { bytes, view } = arena
  view.setUint16(at + portAt, endpoint.port)
  if (family === 4) {
    if (endpoint.family !== 4)
      throw new RangeError(`endpoint: ${endpoint.toString()} does not fit an IPv4 socket`)
    view.setUint16(at, AF_INET, true)
    for (let index = 0; index < 4; index++) bytes[at + address4At + index] = endpoint.mapped[12 + index] ?? 0
    return 16
  }
  view.setUint16(at, AF_INET6, true)
  view.setUint32(at + 4, 0)
  bytes.set(endpoint.mapped, at + address6At)
  view.setUint32(at + scopeAt, endpoint.scope, true)
  return 28
}

/** Reads a struct sockaddr that the kernel wrote. @param local our own address that is spoken to there, 4 or 16 bytes */
export function readSocketAddress(arena: Arena, at: number, local?: Uint8Array): Endpoint {
  const { view } = arena
  const port = view.getUint16(at + portAt)
  if (view.getUint16(at, true) === AF_INET)
    return Endpoint.fromBytes(arena.slice(at + address4At, 4), port, 0, local)
  return Endpoint.fromBytes(arena.slice(at + address6At, 16), port, view.getUint32(at + scopeAt, true), local)
}

/** Whether the struct sockaddr is that of `endpoint`. */
export function isSocketAddress(arena: Arena, at: number, endpoint: Endpoint): boolean {
  const { bytes, view } = arena
  if (view.getUint16(at + portAt) !== endpoint.port) return false
  const { mapped } = endpoint
  if (view.getUint16(at, true) === AF_INET) {
    for (let index = 0; index < 4; index++) {
      if (bytes[at + address4At + index] !== mapped[12 + index]) return false
    }
    return endpoint.family === 4
  }
  for (let index = 15; index >= 0; index--) {
    if (bytes[at + address6At + index] !== mapped[index]) return false
  }
  return view.getUint32(at + scopeAt, true) === endpoint.scope
}
