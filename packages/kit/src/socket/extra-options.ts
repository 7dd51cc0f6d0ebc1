import { businessError } from '@vpnext/api'
import { type Fd, setLinger, setSocketBuffer, setSocketFlag, setSocketTimeout } from '@vpnext/native'
import type { Socket } from 'node:net'

import { withBorrowed } from '../file/borrowed-fd.ts'
import { booleanParameter, integerParameter, objectParameter, optionalMember } from '../parameters.ts'
import { asSocketError } from './socket-error.ts'

/** Options of a socket; those that were not given are absent. Sizes in bytes, times in ms, `linger` in seconds. */
export interface ExtraOptions {
  readonly receiveBufferSize?: number
  readonly sendBufferSize?: number
  readonly reuseAddress?: boolean
  readonly socketTimeout?: number
  readonly broadcast?: boolean
  readonly keepAlive?: boolean
  readonly OOBInline?: boolean
  readonly TCPNoDelay?: boolean
  readonly socketLinger?: { readonly on: boolean; readonly linger: number }
}

const common: readonly (keyof ExtraOptions)[] = [
  'receiveBufferSize',
  'sendBufferSize',
  'reuseAddress',
  'socketTimeout',
]
type SocketKind = 'local' | 'udp' | 'tcp'

const names: Readonly<Record<SocketKind, readonly (keyof ExtraOptions)[]>> = {
  local: common,
  udp: [...common, 'broadcast'],
  tcp: [...common, 'keepAlive', 'OOBInline', 'TCPNoDelay', 'socketLinger'],
}

const maxInt = 2 ** 31 - 1
const maxLinger = 65_535

/**
 * Reads the options of `setExtraOptions`.
 *
 * @throws BusinessError 401 for a wrong type; 801 for an option that is not provided, because a socket that quietly does
 * without it would surprise
 */
export function readExtraOptions(value: unknown, kind: SocketKind): ExtraOptions {
  const given = objectParameter(value, 'options')
  const provided: readonly string[] = names[kind]
  const entries: [string, unknown][] = Object.entries(given)
  for (const [name, option] of entries) {
    if (option !== undefined && !provided.includes(name))
      throw businessError(801, { field: `options.${name}`, reason: 'is not provided' })
  }
  const flag = <Name extends string>(name: Name): Partial<Record<Name, boolean>> =>
    named(name, optionalMember(given, name, 'options', booleanParameter))
  const number = <Name extends string>(name: Name): Partial<Record<Name, number>> =>
    named(
      name,
      optionalMember(given, name, 'options', (size, field) => integerParameter(size, field, 0, maxInt)),
    )
  return {
    ...number('receiveBufferSize'),
    ...number('sendBufferSize'),
    ...number('socketTimeout'),
    ...flag('reuseAddress'),
    ...flag('broadcast'),
    ...flag('keepAlive'),
    ...flag('OOBInline'),
    ...flag('TCPNoDelay'),
    ...named('socketLinger', optionalMember(given, 'socketLinger', 'options', readLinger)),
  }
}

/** Sets what concerns the descriptor; `TCPNoDelay` and `keepAlive` are node's, see {@link applyToSocket}. */
export function applyToDescriptor(number: number, options: ExtraOptions): void {
  try {
    withBorrowed(number, (fd) => setAll(fd, options))
  } catch (error) {
    throw asSocketError(error)
  }
}

/** Sets what node keeps of a TCP connection itself. */
export function applyToSocket(socket: Socket, { keepAlive, TCPNoDelay }: ExtraOptions): void {
  if (keepAlive !== undefined) socket.setKeepAlive(keepAlive)
  if (TCPNoDelay !== undefined) socket.setNoDelay(TCPNoDelay)
}

function setAll(fd: Fd, options: ExtraOptions): void {
  const { receiveBufferSize, sendBufferSize, socketTimeout, socketLinger } = options
  if (receiveBufferSize !== undefined) setSocketBuffer(fd, 'receive', receiveBufferSize)
  if (sendBufferSize !== undefined) setSocketBuffer(fd, 'send', sendBufferSize)
  if (socketTimeout !== undefined) setSocketTimeout(fd, socketTimeout)
  if (socketLinger !== undefined) setLinger(fd, socketLinger.on ? socketLinger.linger : undefined)
  if (options.reuseAddress !== undefined) setSocketFlag(fd, 'reuseAddress', options.reuseAddress)
  if (options.broadcast !== undefined) setSocketFlag(fd, 'broadcast', options.broadcast)
  if (options.keepAlive !== undefined) setSocketFlag(fd, 'keepAlive', options.keepAlive)
  if (options.OOBInline !== undefined) setSocketFlag(fd, 'outOfBandInline', options.OOBInline)
}

function readLinger(value: unknown, field: string): { on: boolean; linger: number } {
  const linger = objectParameter(value, field)
  const on = optionalMember(linger, 'on', field, booleanParameter) ?? false
  const seconds = optionalMember(linger, 'linger', field, (time, path) =>
    integerParameter(time, path, 0, maxLinger),
  )
  return { on, linger: seconds ?? 0 }
}

function named<Name extends string, T>(name: Name, value: T | undefined): Partial<Record<Name, T>> {
  const object: Partial<Record<Name, T>> = {}
  if (value !== undefined) object[name] = value
  return object
}
