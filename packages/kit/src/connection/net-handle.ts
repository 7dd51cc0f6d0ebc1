import { bindToDevice } from '@vpnext/native'
import { lookup } from 'node:dns/promises'

import { asyncForm } from '../call-forms.ts'
import { withBorrowed } from '../file/borrowed-fd.ts'
import { parameterError, textParameter } from '../parameters.ts'
import type { Permit } from '../permissions.ts'
import { missingMembers } from '../provided.ts'
import { TcpSocket } from '../socket/tcp-socket.ts'
import { UdpSocket } from '../socket/udp-socket.ts'
import { customAddresses } from './custom-dns.ts'
import { asNetError, netError } from './net-error.ts'
import { type KitNetAddress, kitNetAddress, readNets } from './nets.ts'

/** `connection.NetHandle`: names a network; 0 is none. */
export class NetHandle {
  readonly netId: number

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('NetHandle'))
  }

  readonly #permit: Permit

  constructor(netId: number, permit: Permit) {
    this.netId = netId
    this.#permit = permit
  }

  /** `bindSocket(socket, callback?)`: ties a bound TCPSocket or UDPSocket to the network's interface. */
  bindSocket(...args: unknown[]): Promise<void> | undefined {
    return bindSocketForm(this, ...args)
  }

  /** `getAddressesByName(host, callback?)`: the resolver is the system's, for every network the same. */
  getAddressesByName(...args: unknown[]): Promise<KitNetAddress[]> | undefined {
    return addressesByName(this.#permit)(...args)
  }

  /** `getAddressesByNameWithOptions(host, { family? })`. */
  getAddressesByNameWithOptions(host: unknown, option?: unknown): Promise<KitNetAddress[]> {
    return addressesByNameWithOptions(this.#permit)(host, option)
  }

  /** `getAddressByName(host, callback?)`: the first one. */
  getAddressByName(...args: unknown[]): Promise<KitNetAddress> | undefined {
    return addressByName(this.#permit)(...args)
  }
}

/** `getAddressesByName(host)` with a promise or a callback. Rejects 201, and 2100003 when the name has none. */
export function addressesByName(
  permit: Permit,
): (...args: unknown[]) => Promise<KitNetAddress[]> | undefined {
  return asyncForm(
    ([host]) => hostParameter(host),
    (host) => resolve(host, permit),
  )
}

/** `connection.FamilyType`: kinds of addresses that a name may have. */
export const familyType = { FAMILY_TYPE_ALL: 0, FAMILY_TYPE_IPV4: 1, FAMILY_TYPE_IPV6: 2 } as const

/** `getAddressesByNameWithOptions(host, { family? })`; it knows no 401. */
export function addressesByNameWithOptions(
  permit: Permit,
): (host: unknown, option?: unknown) => Promise<KitNetAddress[]> {
  return async (host, option) => {
    if (typeof host !== 'string' || host === '' || host.includes('\0'))
      throw netError(2100001, 'host is not a name')
    const family: unknown =
      typeof option === 'object' && option !== null ? (Reflect.get(option, 'family') ?? 0) : 0
    if (family !== 0 && family !== 1 && family !== 2)
      throw netError(2100001, 'option.family is none of FamilyType')
    const found = await resolve(host, permit)
    const wanted = found.filter((address) => family === 0 || address.family === family)
    if (wanted.length === 0) throw netError(2100003, `${host} has no address of this family`)
    return wanted
  }
}

function addressByName(permit: Permit): (...args: unknown[]) => Promise<KitNetAddress> | undefined {
  return asyncForm(
    ([host]) => hostParameter(host),
    async (host) => {
      const [first] = await resolve(host, permit)
      if (first === undefined) throw netError(2100003, `${host} has no address`)
      return first
    },
  )
}

const bindSocketForm = asyncForm(([handle, socket]) => {
  if (!(handle instanceof NetHandle)) throw parameterError('netHandle', 'is not a NetHandle')
  if (!TcpSocket.is(socket) && !UdpSocket.is(socket)) {
    throw parameterError('socketParam', 'is neither a TCPSocket nor a UDPSocket')
  }
  return { handle, socket }
}, bindSocket)

async function bindSocket({
  handle,
  socket,
}: {
  readonly handle: NetHandle
  readonly socket: TcpSocket | UdpSocket
}): Promise<void> {
  const name = readNets().find(({ netId }) => netId === handle.netId)?.interfaceName
  if (name === undefined) throw netError(2100001, `there is no network ${handle.netId}`)
  const fd = (await socket.getSocketFd()) ?? -1
  if (fd < 0) throw netError(2100001, 'the socket is not bound')
  try {
    withBorrowed(fd, (descriptor) => bindToDevice(descriptor, name))
  } catch (error) {
    throw asNetError(error)
  }
}

async function resolve(host: string, permit: Permit): Promise<KitNetAddress[]> {
  permit('ohos.permission.INTERNET')
  const custom = customAddresses(host)
  if (custom !== undefined) return custom.map((address) => kitNetAddress(address))
  try {
    const found = await lookup(host, { all: true, verbatim: true })
    return found.map(({ address }) => kitNetAddress(address))
  } catch (error) {
    throw asNetError(error)
  }
}

function hostParameter(value: unknown): string {
  const host = textParameter(value, 'host')
  if (host !== '' && !host.includes('\0')) return host
  throw parameterError('host', 'is not a name')
}
