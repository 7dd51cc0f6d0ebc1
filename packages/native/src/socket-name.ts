import type { Fd } from './fd.ts'
import { check, declareRaw, type Pointer } from './libc.ts'
import { errnoNumber } from './system-error.ts'

type GetName = [fd: number, address: Uint8Array, length: Uint8Array]
const getSocketName = declareRaw<GetName>('int getsockname(int, void *, void *)')
const getPeerName = declareRaw<GetName>('int getpeername(int, void *, void *)')
const toText = declareRaw<[family: number, address: Pointer, text: Uint8Array, size: number]>(
  'intptr_t inet_ntop(int, const void *, void *, uint32_t)',
)

/** sizeof(struct sockaddr_storage). */
const STORAGE = 128
const ENOTCONN = errnoNumber('ENOTCONN')
const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10

/** The address a socket has on one side. `scope` is an interface index, 0 for none. */
export type SocketName =
  | { readonly family: 4; readonly address: string; readonly port: number }
  | { readonly family: 6; readonly address: string; readonly port: number; readonly scope: number }
  /** `path` is `''` for an unnamed socket and starts with NUL for an abstract one. */
  | { readonly family: 'unix'; readonly path: string }
  /** Another address family, by its number. */
  | { readonly family: 'other'; readonly number: number }

/** The socket's own address (getsockname); port 0 and `0.0.0.0` or `::` while unbound. @throws SystemError ENOTSOCK */
export function localName(fd: Fd): SocketName {
  const bytes = Buffer.alloc(STORAGE)
  const length = lengthField()
  check(getSocketName(fd.number, bytes, length), 'getsockname')
  return decodeSocketName(bytes, length.readUInt32LE(0))
}

/** The address of the other side (getpeername), or undefined while not connected. @throws SystemError ENOTSOCK */
export function peerName(fd: Fd): SocketName | undefined {
  const bytes = Buffer.alloc(STORAGE)
  const length = lengthField()
  const result = getPeerName(fd.number, bytes, length)
  if (result === -ENOTCONN) return undefined
  check(result, 'getpeername')
  return decodeSocketName(bytes, length.readUInt32LE(0))
}

/**
 * Reads a `struct sockaddr_*` (include/uapi/linux/{un,in,in6}.h).
 *
 * @param length valid bytes, as the kernel returned them
 */
function decodeSocketName(bytes: Buffer, length: number): SocketName {
  const family = length < 2 ? 0 : bytes.readUInt16LE(0)
  switch (family) {
    case AF_INET:
      return { family: 4, address: addressText(AF_INET, bytes.subarray(4, 8)), port: bytes.readUInt16BE(2) }
    case AF_INET6:
      return {
        family: 6,
        address: addressText(AF_INET6, bytes.subarray(8, 24)),
        port: bytes.readUInt16BE(2),
        scope: bytes.readUInt32LE(24),
      }
    case AF_UNIX:
      return { family: 'unix', path: unixPath(bytes.subarray(2, Math.min(length, STORAGE))) }
    default:
      return { family: 'other', number: family }
  }
}

/** A path ends at its NUL; an abstract name starts with one and has the length it has. */
function unixPath(field: Buffer): string {
  const end = field.indexOf(0)
  return field.subarray(0, end > 0 ? end : field.length).toString('utf8')
}

function addressText(family: number, address: Uint8Array): string {
  const text = Buffer.alloc(46)
  toText(family, address, text, text.length)
  return text.toString('latin1', 0, text.indexOf(0))
}

function lengthField(): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(STORAGE)
  return length
}
