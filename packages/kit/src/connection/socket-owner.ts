import { type Address, addressEquals, addressFromBytes, parseAddress } from '@vpnext/ip'
import { readFileSync } from 'node:fs'

import { netError } from './net-error.ts'

/** `connection.ProtocolType`: the numbers of IP. */
export const protocolType = { PROTO_TYPE_TCP: 6, PROTO_TYPE_UDP: 17 } as const

/** An end of a connection; port 0: any. */
interface End {
  readonly address: Address
  readonly port: number
}

/** What `getConnectOwnerUid` asks for. */
export interface OwnerQuery {
  readonly isUdp: boolean
  readonly local: End
  readonly remote: End
}

/** A socket of the kernel's table. */
interface OwnedSocket {
  readonly local: End
  readonly remote: End
  readonly state: number
  readonly uid: number
}

/** TCP's TIME_WAIT (include/net/tcp_states.h): its socket is gone, and the table has 0 for the uid. */
const timeWait = 6

/** @throws BusinessError 2100001: these calls know no 401 */
export function readOwnerQuery([protocol, local, remote]: readonly unknown[]): OwnerQuery {
  if (protocol !== protocolType.PROTO_TYPE_TCP && protocol !== protocolType.PROTO_TYPE_UDP)
    throw netError(2100001, 'protocol is none of ProtocolType')
  return {
    isUdp: protocol === protocolType.PROTO_TYPE_UDP,
    local: endParameter(local, 'local'),
    remote: endParameter(remote, 'remote'),
  }
}

function endParameter(value: unknown, field: string): End {
  if (typeof value !== 'object' || value === null) throw netError(2100001, `${field} is not a NetAddress`)
  const text: unknown = Reflect.get(value, 'address')
  const address = typeof text === 'string' ? parseAddress(text) : undefined
  if (address === undefined) throw netError(2100001, `${field}.address is not an address`)
  const port: unknown = Reflect.get(value, 'port') ?? 0
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw netError(2100001, `${field}.port is not a port`)
  return { address, port }
}

/**
 * The user to whom a socket belongs, by the kernel's tables as they are now (proc_net(5)).
 *
 * @returns -1 when there is none
 */
export function socketOwner({ isUdp, local, remote }: OwnerQuery): number {
  const sockets = tablesOf(isUdp, local.address).flatMap((name) => readTable(name, local.port))
  const open = sockets.filter(({ state }) => isUdp || state !== timeWait)
  const exact = open.find((socket) => fits(socket.local, local) && fits(socket.remote, remote))
  if (exact !== undefined || !isUdp) return exact?.uid ?? -1
  // One that is not connected has no other end, and often any address of the machine.
  const own = open.find((socket) => fits(socket.local, local))
  return (own ?? open.find((socket) => isUnspecified(socket.local.address)))?.uid ?? -1
}

function fits(end: End, wanted: End): boolean {
  return addressEquals(end.address, wanted.address) && (wanted.port === 0 || wanted.port === end.port)
}

function isUnspecified({ value }: Address): boolean {
  return value === 0n
}

/** Sockets of IPv6 may have connections of IPv4. */
function tablesOf(isUdp: boolean, { family }: Address): string[] {
  const name = isUdp ? 'udp' : 'tcp'
  return family === 4 ? [name, `${name}6`] : [`${name}6`]
}

/** @param port of sockets that matter; 0: all. There may be thousands, and a VPN asks for each new connection. */
function readTable(name: string, port: number): OwnedSocket[] {
  let text: string
  try {
    text = readFileSync(`/proc/thread-self/net/${name}`, 'latin1')
  } catch {
    // A kernel without IPv6 has no table of it.
    return []
  }
  const own = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  const lines = text.split('\n').slice(1)
  return lines
    .filter((line) => port === 0 || line.includes(own))
    .flatMap(readLine)
    .filter(({ local }) => port === 0 || local.port === port)
}

/** `0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 …` */
function readLine(line: string): OwnedSocket[] {
  const [, local, remote, state, , , , uid] = line.trim().split(/\s+/)
  if (local === undefined || remote === undefined || state === undefined || uid === undefined) return []
  return [
    { local: readEnd(local), remote: readEnd(remote), state: Number.parseInt(state, 16), uid: Number(uid) },
  ]
}

/** Words of 32 bits in the order of the machine, which is little-endian, and a port. */
function readEnd(text: string): End {
  const [words = '', port = ''] = text.split(':')
  const bytes = Buffer.from(words, 'hex').swap32()
  const mapped = bytes.length === 16 && bytes.subarray(0, 12).equals(mappedPrefix)
  return {
    address: addressFromBytes(mapped ? bytes.subarray(12) : bytes),
    port: Number.parseInt(port, 16),
  }
}

/** `::ffff:0:0/96`: addresses of IPv4 in a socket of IPv6. */
const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex')
