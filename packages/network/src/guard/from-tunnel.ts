import type { NftIcmpType, NftStatement } from '@vpnext/native'
import { chainOf, jumpTo, setsOf } from './base-chains.ts'
import type { GuardTunnel } from './model.ts'

type Rule = readonly NftStatement[]

const drop: NftStatement = { kind: 'drop' }
const leave: NftStatement = { kind: 'return' }
/** To be forwarded. */
const elsewhere: NftStatement = { kind: 'elsewhere' }
/** What the kernel looks for the concerned connection of. Source quench counts for nothing any more (RFC 6633). */
const errors: readonly NftIcmpType[] = ['destination-unreachable', 'time-exceeded', 'parameter-problem']

/**
 * What comes in before it is routed. What the tunnel's extension writes into it reaches the tunnel's own addresses alone: with any
 * source it likes, it could else take part in connections of other people's programs. It is no router either: what one says counts for
 * the whole machine. Nor does this machine send it on, with a source that is not the extension's and past its servers, but for an
 * administrator's tunnel, which may be what others behind this machine are served by.
 *
 * And strangers do not reach the tunnel's addresses from elsewhere.
 */
export function earlyRules(model: GuardTunnel): Rule[] {
  const { slot, interfaceName } = model
  const stranger: NftStatement = { kind: 'ownAddress', field: 'saddr', own: false }
  const here: NftStatement = { kind: 'ownAddress', field: 'daddr', own: true }
  const from: NftStatement = { kind: 'interface', side: 'iifname', name: interfaceName }
  const own = ownAddresses(slot, 'daddr')
  const judged = jumpTo(chainOf('errors', slot))
  return [
    [{ kind: 'interface', side: 'iifname', name: 'lo' }, leave],
    [from, { kind: 'icmpv6', types: ['nd-router-advert', 'nd-redirect'] }, drop],
    [from, { kind: 'icmp', type: 'redirect' }, drop],
    [from, { kind: 'icmpv6Error' }, judged],
    ...errors.map((type): Rule => [from, { kind: 'icmp', type }, judged]),
    ...own.map((match) => [from, match, leave]),
    [from, here, drop],
    ...(forwards(model) ? [] : [[from, elsewhere, drop]]),
    [from, leave],
    ...own.map((match) => [match, stranger, drop]),
  ]
}

/**
 * Errors are about a packet that they quote, and for its connection whoever they are addressed to: they count when it came from the
 * tunnel's addresses. Else they would end other people's connections, or have what they send to any machine cut into small pieces.
 */
export function errorRules(model: GuardTunnel): Rule[] {
  const quoting = (family: 4 | 6, addresses: readonly string[]): Rule[] =>
    addresses.map((address) => [{ kind: 'quotedSource', family, address }, leave])
  return [
    ...quoting(4, model.own4),
    ...quoting(6, model.own6),
    ...(forwards(model) ? [[elsewhere, leave]] : []),
    [drop],
  ]
}

/** The tunnel's addresses in packets. */
export function ownAddresses(slot: number, field: 'saddr' | 'daddr'): NftStatement[] {
  const { own4, own6 } = setsOf(slot)
  return [
    { kind: 'addressIn', family: 4, field, set: own4.name },
    { kind: 'addressIn', family: 6, field, set: own6.name },
  ]
}

/** Whether this machine sends on what comes out of the tunnel, where it forwards at all. */
function forwards({ uid, endpoints }: GuardTunnel): boolean {
  return uid === undefined && endpoints === undefined
}
