import { parseAddress } from '@vpnext/ip'

/** A packet as rules of the output hook see it: after routing, before it leaves. */
export interface FilteredPacket {
  readonly family: 4 | 6
  /** Of the interface that routing chose. */
  readonly oifname: string
  readonly saddr: string
  readonly daddr: string
  readonly mark: number
  readonly skuid: number
  readonly l4proto: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  readonly sport?: number
  readonly dport?: number
  /** Of its connection; a first packet is `new` and `original`, and its mark is 0. */
  readonly ct: {
    readonly state: string
    readonly direction: 'original' | 'reply'
    readonly mark: number
  }
}

/** A value in a rule: numbers, addresses as bigint, names; a list for a concatenation. */
export type Value = number | bigint | string | readonly Value[]

/** The packet has no such field: the match fails, as nft's dependency on the protocol does. */
export const absent: unique symbol = Symbol('absent')
/** It cannot be told from what is known. */
export const unknown: unique symbol = Symbol('unknown')

export type Evaluated = Value | typeof absent | typeof unknown

/** Evaluates the left side of a match, as libnftables writes it in JSON (libnftables-json(5)). */
export function evaluate(expression: unknown, packet: FilteredPacket): Evaluated {
  const [kind, body] = entryOf(expression)
  switch (kind) {
    case 'meta':
      return metaValue(stringOf(body, 'key'), packet)
    case 'ct':
      return connectionValue(stringOf(body, 'key'), packet)
    case 'payload':
      return payloadValue(stringOf(body, 'protocol'), stringOf(body, 'field'), packet)
    // A packet is taken to be a connection's own first, not one that joins it.
    case 'tcp option':
      return absent
    case 'concat':
      return concatenation(Array.isArray(body) ? body : [], packet)
    case '&':
      return bits(Array.isArray(body) ? body : [], packet, (left, right) => (left & right) >>> 0)
    case '|':
      return bits(Array.isArray(body) ? body : [], packet, (left, right) => (left | right) >>> 0)
    default:
      return typeof expression === 'number' ? expression : unknown
  }
}

/** An address as a number, every other text as it is. */
export function valueOf(literal: string | number): Value {
  return typeof literal === 'number' ? literal : (parseAddress(literal)?.value ?? literal)
}

/** The only member of an object, `{"match": …}`; an empty name for anything else. */
export function entryOf(value: unknown): readonly [string, unknown] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['', undefined]
  return Object.entries(value)[0] ?? ['', undefined]
}

/** A member of an object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined
}

export function stringOf(value: unknown, name: string): string {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : ''
}

function metaValue(key: string, packet: FilteredPacket): Evaluated {
  switch (key) {
    case 'oifname':
      return packet.oifname
    // Made here, so it came in nowhere.
    case 'iifname':
      return absent
    case 'mark':
      return packet.mark
    case 'skuid':
      return packet.skuid
    case 'l4proto':
      return packet.l4proto
    case 'nfproto':
      return packet.family === 4 ? 'ipv4' : 'ipv6'
    default:
      return unknown
  }
}

function connectionValue(key: string, { ct }: FilteredPacket): Evaluated {
  return key === 'state' || key === 'direction' || key === 'mark' ? ct[key] : unknown
}

function payloadValue(protocol: string, field: string, packet: FilteredPacket): Evaluated {
  if (protocol === 'ip' || protocol === 'ip6') {
    if (packet.family !== (protocol === 'ip' ? 4 : 6)) return absent
    return field === 'saddr' || field === 'daddr' ? valueOf(packet[field]) : unknown
  }
  if (protocol !== 'th' && protocol !== packet.l4proto) return absent
  return field === 'sport' || field === 'dport' ? (packet[field] ?? unknown) : unknown
}

/** What is known of it counts: an unknown port beside another address is no match all the same. */
function concatenation(parts: readonly unknown[], packet: FilteredPacket): Evaluated {
  const values = parts.map((part) => evaluate(part, packet))
  if (values.includes(absent)) return absent
  return values.map((value) => (typeof value === 'symbol' ? unknownPart : value))
}

/** Stands for an unknown part of a concatenation; no nft value has a NUL. */
export const unknownPart = '\0unknown'

function bits(
  operands: readonly unknown[],
  packet: FilteredPacket,
  operate: (left: number, right: number) => number,
): Evaluated {
  const [left, right] = operands.map((operand) => evaluate(operand, packet))
  if (left === absent || right === absent) return absent
  return typeof left === 'number' && typeof right === 'number' ? operate(left, right) : unknown
}
