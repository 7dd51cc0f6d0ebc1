import { type Family, parseAddress } from '@vpnext/ip'
import { InvalidArgumentError } from 'commander'
import type { PacketQuestion } from '@vpnext/network'
import type { Program } from './service-knowledge.ts'

/** What a person asks about. */
export type Target =
  | { readonly kind: 'address'; readonly address: string; readonly family: Family }
  | { readonly kind: 'name'; readonly name: string }

export type Protocol = 'tcp' | 'udp'

/** IPPROTO_* */
const protocolNumbers: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17 }

/**
 * Reads an address or a name.
 *
 * @throws InvalidArgumentError for anything else, such as an address with an error in it
 */
export function parseTarget(text: string): Target {
  const address = parseAddress(text)
  if (address !== undefined) return { kind: 'address', address: text, family: address.family }
  const labels = text.replace(/\.$/, '').split('.')
  const isName = labels.every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label))
  // RFC 3696, 2: no name ends in digits only, so this is an address with an error.
  if (!isName || text.length > 253 || /^\d+$/.test(labels.at(-1) ?? '')) {
    throw new InvalidArgumentError('An IP address or a host name is needed.')
  }
  return { kind: 'name', name: text }
}

/** A first packet of a program. */
export function questionOf(
  destination: { readonly address: string; readonly family: Family },
  { uid, mark }: Program,
  { protocol, port }: { readonly protocol: Protocol; readonly port?: number },
): PacketQuestion {
  return {
    family: destination.family,
    destination: destination.address,
    mark,
    uid,
    ipProto: protocolNumbers[protocol],
    ...(port === undefined ? {} : { dport: port }),
  }
}
