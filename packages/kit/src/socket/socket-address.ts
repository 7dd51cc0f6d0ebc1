import { isIPv6 } from 'node:net'

import { parameterError } from './socket-error.ts'

/** Where to bind or send: `NetAddress` of the connection kit, checked. */
export interface SocketAddress {
  /** IP address, or for a destination a host name. */
  readonly host: string
  readonly family: 4 | 6
  /** 0..65535; 0 when none was given. */
  readonly port: number
}

/** `NetAddress` as the kit gives it out. */
export interface KitAddress {
  readonly address: string
  /** 1 = IPv4, 2 = IPv6. */
  readonly family: number
  readonly port: number
}

/**
 * Checks a `NetAddress`. The text of an IP address decides the family; for a host name `family` does: 1 when absent, and 3, which says that it is
 * a name, means the same.
 */
export function addressArgument(value: unknown, field: string): SocketAddress {
  if (typeof value !== 'object' || value === null) throw parameterError(field, 'is not an object')
  const host: unknown = Reflect.get(value, 'address')
  const family: unknown = Reflect.get(value, 'family')
  const port: unknown = Reflect.get(value, 'port') ?? 0
  if (typeof host !== 'string' || host === '') throw parameterError(`${field}.address`, 'is not an address')
  if (family !== undefined && family !== 1 && family !== 2 && family !== 3)
    throw parameterError(`${field}.family`, 'is not 1, 2 or 3')
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw parameterError(`${field}.port`, 'is not within 0..65535')
  }
  return { host, family: isIPv6(host) || family === 2 ? 6 : 4, port }
}

/** An address as node tells it, in the kit's form. */
export function kitAddress(address: string, port: number): KitAddress {
  return { address, family: isIPv6(address) ? 2 : 1, port }
}
