import { addressWidth, makePrefix, parseAddress, parsePrefix, type Address, type Prefix } from '@vpnext/ip'
import { decodeKey } from '../keys/key-text.ts'
import { SecretKey } from '../keys/secret-key.ts'
import type { EndpointSetting, InterfaceAddress } from './tunnel-settings.ts'

/** A value that cannot be understood; the parser adds where it stands. Never holds a secret. */
export class ValueError extends Error {
  override readonly name = 'ValueError'
}

const badKey = 'not a key of 44 characters in base64'
const hostName = /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?$/

/** A private or preshared key. Blanks in it do not count, as in wg(8). */
export function readSecret(value: string): SecretKey {
  const key = SecretKey.parse(withoutBlanks(value))
  if (key === undefined) throw new ValueError(badKey)
  return key
}

export function readPublicKey(value: string): string {
  const key = withoutBlanks(value)
  if (decodeKey(key) === undefined) throw new ValueError(badKey)
  return key
}

/** A decimal number. */
export function readNumber(value: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  throw new ValueError(`${quote(value)} is not a number from ${least} to ${most}`)
}

/** A number, or `off`, which is 0. */
export function readNumberOrOff(value: string, most: number): number {
  if (value.toLowerCase() === 'off') return 0
  if (/^0x[0-9a-f]{1,8}$/i.test(value) && Number(value) <= most) return Number(value)
  return readNumber(value, 0, most)
}

/** In any case, as in wg-quick(8). */
export function readBoolean(value: string): boolean {
  const lower = value.toLowerCase()
  if (lower === 'true') return true
  if (lower === 'false') return false
  throw new ValueError(`${quote(value)} is neither true nor false`)
}

/** The parts between commas or blanks: wg-quick takes both. An empty value is an empty list. */
export function readList(value: string): string[] {
  return value.split(/[\s,]+/).filter((part) => part !== '')
}

/** `10.0.0.2/24`, `10.0.0.2/255.255.255.0`, as ip(8) takes it too, or `10.0.0.2`, which is /32. */
export function readInterfaceAddress(value: string): InterfaceAddress {
  const [, address, mask = ''] = /^([\d.]+)\/(\d+\.[\d.]+)$/.exec(value) ?? []
  const length = lengthOfMask(mask)
  return readAddress(length === undefined ? value : `${address}/${length}`)
}

/** How many ones a mask of IPv4 begins with; undefined when there are others. */
function lengthOfMask(mask: string): number | undefined {
  const ones = parseAddress(mask)?.value.toString(2).padStart(32, '0')
  return ones !== undefined && /^1*0*$/.test(ones) ? ones.lastIndexOf('1') + 1 : undefined
}

function readAddress(value: string): InterfaceAddress {
  const slash = value.indexOf('/')
  const address = parseAddress(slash < 0 ? value : value.slice(0, slash))
  const prefix = slash < 0 ? undefined : parsePrefix(value)
  if (address === undefined || (slash >= 0 && prefix === undefined)) {
    throw new ValueError(`${quote(value)} is not an address, with or without a prefix length`)
  }
  return { address, length: prefix?.length ?? addressWidth(address.family) }
}

/**
 * `10.0.0.0/8`, or an address alone; bits behind the prefix are cleared. Newer wg takes `+` before it, which changes nothing in
 * a file, and `-`, which takes it away again.
 */
export function readAllowedIp(value: string): { readonly prefix: Prefix; readonly isTaken: boolean } {
  const { address, length } = readAddress(/^[+-]/.test(value) ? value.slice(1) : value)
  return { prefix: makePrefix(address, length), isTaken: value.startsWith('-') }
}

/** An entry of `DNS`: one of these, or none for `~.`, by which systemd-resolved asks the servers for all names. */
export interface DnsEntry {
  readonly server?: Address
  readonly domain?: string
  /** Without its `~`: systemd-resolved looks for no names in it. wg-quick has the servers asked for all others as well. */
  readonly routingDomain?: string
}

export function readDns(value: string): DnsEntry {
  const server = parseAddress(value)
  if (server !== undefined) return { server }
  if (value === '~.') return {}
  const isRouting = value.startsWith('~')
  const domain = isRouting ? value.slice(1) : value
  if (/^[\d.]+$/.test(domain) || !hostName.test(domain)) {
    throw new ValueError(`${quote(value)} is neither an address nor a domain`)
  }
  return isRouting ? { routingDomain: domain } : { domain }
}

/** `192.0.2.1:51820`, `[2001:db8::1]:51820` or `vpn.example.org:51820`. As wg(8) has it, any of them with brackets or without. */
export function readEndpoint(value: string): EndpointSetting {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^[\]]+)):(\d{1,5})$/.exec(withoutBlanks(value)) ?? []
  const host = bracketed ?? plain
  if (host === undefined || port === undefined) throw new ValueError(`${quote(value)} is not host:port`)
  if (!isIpv4OrName(host) && !isIpv6WithZone(host)) {
    const hint = host.includes(':') ? '; is a port missing?' : ''
    throw new ValueError(`${quote(host)} is neither an address nor a name${hint}`)
  }
  return { host, port: readNumber(port, 1, 65_535) }
}

/** `auto` or `off`, in any case, a number or the name of a table. */
export function readTable(value: string): string {
  const lower = value.toLowerCase()
  if (lower === 'auto' || lower === 'off') return lower
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(value)) return value
  throw new ValueError(`${quote(value)} is not auto, off, a number or the name of a table`)
}

function isIpv4OrName(host: string): boolean {
  return parseAddress(host)?.family === 4 || (hostName.test(host) && !/^[\d.]+$/.test(host))
}

function isIpv6WithZone(host: string): boolean {
  const [address = '', zone = 'any', ...more] = host.split('%')
  return parseAddress(address)?.family === 6 && /^[A-Za-z0-9_.-]{1,15}$/.test(zone) && more.length === 0
}

function withoutBlanks(value: string): string {
  return value.replace(/\s+/g, '')
}

/** Shown in errors: what is odd made visible, and not too much of it. */
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
