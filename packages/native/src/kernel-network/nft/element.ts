import { ipSize, writeIp } from '../ip-text.ts'
import type { IpFamily } from '../route/objects.ts'
import type { NftKeyType } from './command.ts'

/** Bytes of an interface's name as a key: IFNAMSIZ. */
const NAME_SIZE = 16
const PORTS = 0xffff
const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 }

/** How keys of a type look to the kernel and to nft: include/datatype.h of nftables, enum datatypes. */
interface KeyForm {
  /** Six bits a part in a concatenation. */
  readonly type: number
  /** Bytes, each part of a concatenation padded to four. */
  readonly size: number
  /** What nft keeps with the set, to print it as it was given: byte order and, of a concatenation, that it is one. */
  readonly userData: Uint8Array
  readonly write: (target: Buffer, text: string) => boolean
}

const TYPE_IP_ADDRESS = 7
const TYPE_IP6_ADDRESS = 8
const TYPE_PROTOCOL = 12
const TYPE_SERVICE = 13
const TYPE_MARK = 19
const TYPE_USER = 24
const TYPE_INTERFACE = 41

/** enum nftnl_udata_set_types: NFTNL_UDATA_SET_KEYBYTEORDER, host order 1, network order 2. */
const HOST_ORDER = Buffer.from('000401000000', 'hex')
export const NETWORK_ORDER: Uint8Array = Buffer.from('000402000000', 'hex')
/** No byte order; NFTNL_UDATA_SET_KEY_TYPEOF with the number of a concatenation and nothing of it. */
const CONCATENATION = Buffer.from('000400000000030800040d0000000100', 'hex')

const forms: Readonly<Record<NftKeyType, KeyForm>> = {
  ifname: { type: TYPE_INTERFACE, size: NAME_SIZE, userData: HOST_ORDER, write: writeName },
  ipv4_addr: address(4),
  ipv6_addr: address(6),
  mark: { type: TYPE_MARK, size: 4, userData: HOST_ORDER, write: writeNumber },
  uid: { type: TYPE_USER, size: 4, userData: HOST_ORDER, write: writeNumber },
  'ipv4_addr . inet_service . inet_service': concatenation(4, TYPE_SERVICE),
  'ipv6_addr . inet_service . inet_service': concatenation(6, TYPE_SERVICE),
  'ipv4_addr . inet_proto . inet_service': concatenation(4, TYPE_PROTOCOL),
  'ipv6_addr . inet_proto . inet_service': concatenation(6, TYPE_PROTOCOL),
}

/** The form of a set's keys. */
export function keyForm(type: NftKeyType): KeyForm {
  return forms[type]
}

/** An element's key, zeros behind it. @throws RangeError for a text that is none */
export function elementKey(type: NftKeyType, text: string): Buffer {
  const form = forms[type]
  const key = Buffer.alloc(form.size)
  if (!form.write(key, text)) throw new RangeError(`element: ${JSON.stringify(text)} is no ${type}`)
  return key
}

/** The name of a device as packets' meta data has it. @throws RangeError */
export function interfaceKey(name: string): Buffer {
  return elementKey('ifname', name)
}

/** First address of a prefix, and the one behind its last; undefined where that is behind all addresses. @throws RangeError */
export function intervalKeys(
  type: 'ipv4_addr' | 'ipv6_addr',
  prefix: string,
): { readonly from: Buffer; readonly behind: Buffer | undefined } {
  const slash = prefix.indexOf('/')
  const from = elementKey(type, slash < 0 ? prefix : prefix.slice(0, slash))
  const length = slash < 0 ? from.length * 8 : Number(prefix.slice(slash + 1))
  if (!Number.isInteger(length) || length < 0 || length > from.length * 8) {
    throw new RangeError(`element: ${JSON.stringify(prefix)} is no prefix`)
  }
  mask(from, length)
  return { from, behind: behind(from, length) }
}

function mask(from: Buffer, length: number): void {
  const partial = length >> 3
  if (partial === from.length) return
  from[partial] = (from[partial] ?? 0) & (0xff00 >> (length & 7))
  from.fill(0, partial + 1)
}

/** Adds one at the last bit of the prefix. */
function behind(from: Buffer, length: number): Buffer | undefined {
  const key = Buffer.from(from)
  let carry = 1 << ((8 - (length % 8)) % 8)
  for (let at = Math.ceil(length / 8) - 1; at >= 0; at--) {
    const sum = (key[at] ?? 0) + carry
    key[at] = sum & 0xff
    if (sum < 0x100) return key
    carry = 1
  }
  return undefined
}

function address(family: IpFamily): KeyForm {
  return {
    type: family === 4 ? TYPE_IP_ADDRESS : TYPE_IP6_ADDRESS,
    size: ipSize(family),
    userData: NETWORK_ORDER,
    write: (target, text) => writeIp(target, 0, text, family),
  }
}

function concatenation(family: IpFamily, middle: number): KeyForm {
  const first = address(family)
  return {
    type: (((first.type << 6) | middle) << 6) | TYPE_SERVICE,
    size: first.size + 8,
    userData: CONCATENATION,
    write(target, text) {
      const [host = '', second = '', port = ''] = text.split(' . ')
      if (!writeIp(target, 0, host, family)) return false
      if (!writePort(target, first.size + 4, port)) return false
      return middle === TYPE_SERVICE
        ? writePort(target, first.size, second)
        : writeProtocol(target, first.size, second)
    },
  }
}

function writePort(target: Buffer, at: number, text: string): boolean {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > PORTS) return false
  target.writeUInt16BE(port, at)
  return true
}

function writeProtocol(target: Buffer, at: number, text: string): boolean {
  const protocol = PROTOCOLS[text]
  if (protocol === undefined) return false
  target.writeUInt8(protocol, at)
  return true
}

function writeNumber(target: Buffer, text: string): boolean {
  const number = Number(text)
  if (text === '' || !Number.isInteger(number) || number < 0 || number > 0xffff_ffff) return false
  target.writeUInt32LE(number)
  return true
}

function writeName(target: Buffer, name: string): boolean {
  const size = Buffer.byteLength(name)
  if (size === 0 || size >= NAME_SIZE || name.includes('\0')) return false
  target.write(name)
  return true
}
