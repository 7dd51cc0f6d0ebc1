import { chainOf, setsOf } from './base-chains.ts'
import type { GuardEndpoint, GuardMembers, GuardTunnel, InboundConnection } from './model.ts'

/**
 * One tunnel's chains and sets; what was in them is replaced. In `output` the order matters:
 *
 * 1. Connections from outside that are older than the tunnel go on; newer ones have passed in `output` already.
 * 2. Into the tunnel: never a protected packet (a loop), only the tunnel's own addresses as source, only its user, only its
 *    applications: the others cannot enter by SO_BINDTODEVICE or IP_UNICAST_IF.
 * 3. The tunnel's addresses as source: nowhere else.
 * 4. Allowed outside: protected packets of the host, to its servers alone where those are declared, DHCP, neighbour discovery.
 * 5. Everything else of its user and applications to a covered destination is refused: that is what SO_BINDTODEVICE and a lost
 *    route come to. Excluded applications are remembered as outside, so that a strict source check lets their answers in.
 */
export function tunnelChains(model: GuardTunnel, kept: readonly InboundConnection[]): string[] {
  const { table, slot } = model
  const sets = setsOf(slot)
  const set = ({ name, type }: { name: string; type: string }, elements: readonly string[]): string[] => [
    `add set inet ${table} ${name} { type ${type}; }`,
    `flush set inet ${table} ${name}`,
    ...(elements.length === 0 ? [] : [`add element inet ${table} ${name} { ${elements.join(', ')} }`]),
  ]
  const chain = (name: string, rules: readonly string[]): string[] => [
    `add chain inet ${table} ${name}`,
    `flush chain inet ${table} ${name}`,
    ...rules.map((rule) => `add rule inet ${table} ${name} ${rule}`),
  ]
  return [
    ...set(sets.own4, model.own4),
    ...set(sets.own6, model.own6),
    ...set(sets.covered4, model.covered4),
    ...set(sets.covered6, model.covered6),
    ...set(sets.kept4, connections(kept, 4)),
    ...set(sets.kept6, connections(kept, 6)),
    ...(model.endpoints === undefined ? [] : endpointSets(model.endpoints, sets, set)),
    ...(model.members === undefined ? [] : memberSets(model.members, sets, set)),
    ...overlayElements(model),
    `add element inet ${table} interfaces { "${model.interfaceName}" }`,
    ...chain(chainOf('early', slot), earlyRules(model)),
    ...chain(chainOf('arrive', slot), arriveRules(model)),
    ...chain(chainOf('reroute', slot), rerouteRules(model)),
    ...chain(chainOf('covered', slot), coveredRules(model)),
    ...chain(chainOf('output', slot), outputRules(model)),
  ]
}

function earlyRules({ slot, interfaceName }: GuardTunnel): string[] {
  const { own4, own6 } = setsOf(slot)
  return [
    'iifname "lo" return',
    `iifname "${interfaceName}" return`,
    `ip daddr @${own4.name} fib saddr type != local drop`,
    `ip6 daddr @${own6.name} fib saddr type != local drop`,
  ]
}

function arriveRules({ slot, protectMark }: GuardTunnel): string[] {
  const { kept4, kept6 } = setsOf(slot)
  const remember = `ct mark set ct mark | ${hexadecimal(protectMark)}`
  return [
    `ip saddr . tcp sport . tcp dport @${kept4.name} ${remember}`,
    `ip6 saddr . tcp sport . tcp dport @${kept6.name} ${remember}`,
  ]
}

function rerouteRules({ slot, protectMark }: GuardTunnel): string[] {
  const mark = `meta mark set meta mark | ${hexadecimal(protectMark)}`
  return keptMatches(slot).map((match) => `${match} ${mark}`)
}

function outputRules(model: GuardTunnel): string[] {
  const { slot, interfaceName, uid, members } = model
  const { own4, own6 } = setsOf(slot)
  const into = `oifname "${interfaceName}"`
  const user = uid === undefined ? '' : `meta skuid ${uid} `
  const listed = memberMatches(model)
  const excluded = members?.kind === 'excluded' ? listed : []
  const concerned = members?.kind === 'included' ? listed.map((match) => `${user}${match}`) : [user]
  // A socket that its program has closed has no uid any more, but may have data to send. Nobody else gets a connection
  // into this state, because its first packet is dropped.
  const isByUser = uid !== undefined || (members?.kind === 'included' && members.uids.length > 0)
  const closed = isByUser ? [`${into} ct state established `] : []
  return [
    ...keptMatches(slot).map((match) => `${match} accept`),
    `${into} ${protectedPacket(model)} drop`,
    ...excluded.map((match) => `${into} ${match}drop`),
    ...[...concerned.map((match) => `${into} ${match}`), ...closed].flatMap((match) => [
      `${match}ip saddr @${own4.name} accept`,
      `${match}ip6 saddr @${own6.name} accept`,
    ]),
    `${into} drop`,
    `ip saddr @${own4.name} drop`,
    `ip6 saddr @${own6.name} drop`,
    ...(excluded.length === 0 ? [] : spareRules(excluded, model)),
    ...concerned.map((match) => `${match}jump ${chainOf('covered', slot)}`),
  ]
}

/** What packets of listed applications look like, with a blank at the end. None for a list that covers nobody. */
function memberMatches({ slot, members }: GuardTunnel): string[] {
  if (members === undefined) return []
  const { marks, uids } = setsOf(slot)
  return [
    ...(members.marks.length === 0
      ? []
      : [`meta mark & ${hexadecimal(members.identityMask)} @${marks.name} `]),
    ...(members.uids.length === 0 ? [] : [`meta skuid @${uids.name} `]),
  ]
}

/** Excluded applications are none of this tunnel's business. */
function spareRules(excluded: readonly string[], { protectMark, members }: GuardTunnel): string[] {
  const bit = hexadecimal(protectMark)
  return [
    ...excluded.flatMap((match) => [
      `${match}ct direction original ct mark set ct mark | ${bit}`,
      `${match}return`,
    ]),
    // What a closed socket has still to send has no uid any more.
    ...(members?.uids.length === 0 ? [] : [`ct mark & ${bit} == ${bit} ct state established return`]),
  ]
}

function memberSets(
  { marks, uids }: GuardMembers,
  sets: ReturnType<typeof setsOf>,
  set: (set: { name: string; type: string }, elements: readonly string[]) => string[],
): string[] {
  return [...set(sets.marks, marks.map(hexadecimal)), ...set(sets.uids, uids.map(String))]
}

/** Other tunnels must go on recognising applications whose mark this one changes. */
function overlayElements({ table, members }: GuardTunnel): string[] {
  return (members?.overlays ?? []).flatMap(({ slot, mark }) => {
    const { name, type } = setsOf(slot).marks
    return [
      `add set inet ${table} ${name} { type ${type}; }`,
      `add element inet ${table} ${name} { ${hexadecimal(mark)} }`,
    ]
  })
}

/** Both are made, so that an address of the one family closes the other. */
function endpointSets(
  endpoints: readonly GuardEndpoint[],
  sets: ReturnType<typeof setsOf>,
  set: (set: { name: string; type: string }, elements: readonly string[]) => string[],
): string[] {
  const elements = (family: 4 | 6): string[] =>
    endpoints
      .filter((endpoint) => endpoint.family === family)
      .map(({ address, protocol, port }) => `${address} . ${protocol} . ${port}`)
  return [...set(sets.ends4, elements(4)), ...set(sets.ends6, elements(6))]
}

function coveredRules(model: GuardTunnel): string[] {
  const { covered4, covered6, ends4, ends6 } = setsOf(model.slot)
  const towards =
    model.endpoints === undefined
      ? ['']
      : [
          ` ip daddr . meta l4proto . th dport @${ends4.name}`,
          ` ip6 daddr . meta l4proto . th dport @${ends6.name}`,
        ]
  const bit = hexadecimal(model.protectMark)
  const host = model.hostUid === undefined ? '' : ` meta skuid ${model.hostUid}`
  return [
    ...(model.sparesHost === true && host !== '' ? sparedHost(host, bit, towards) : []),
    ...towards.map((match) => `${protectedPacket(model)}${host}${match} return`),
    // What a closed socket of the host has still to send: it has no uid any more, but a known connection.
    `${protectedPacket(model)} ct mark & ${bit} == ${bit} ct state established return`,
    ...(model.uid === undefined ? systemTraffic : []),
    // Where a longer prefix leads into another tunnel, the rules of that one decide.
    ...(model.members === undefined ? ['oifname @interfaces return'] : []),
    `ip daddr @${covered4.name} jump refuse`,
    `ip6 daddr @${covered6.name} jump refuse`,
  ]
}

/** Remembered as outside, so that a strict source check lets the answers in, and the rest that a closed socket sends out. */
function sparedHost(host: string, bit: string, towards: readonly string[]): string[] {
  return [
    ...towards.flatMap((match) => [
      `${host.trim()}${match} ct direction original ct mark set ct mark | ${bit}`,
      `${host.trim()}${match} return`,
    ]),
    `ct mark & ${bit} == ${bit} ct direction original ct state established return`,
  ]
}

/** Without these the uplink loses its address or its neighbours. */
const systemTraffic: readonly string[] = [
  'udp sport 68 udp dport 67 return',
  'udp sport 546 udp dport 547 return',
  'icmpv6 type nd-router-solicit ip6 hoplimit 255 return',
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 return',
]

function keptMatches(slot: number): string[] {
  const { kept4, kept6 } = setsOf(slot)
  return [
    `ip daddr . tcp dport . tcp sport @${kept4.name}`,
    `ip6 daddr . tcp dport . tcp sport @${kept6.name}`,
  ]
}

function connections(kept: readonly InboundConnection[], family: 4 | 6): string[] {
  return kept
    .filter((connection) => connection.family === family)
    .map(({ remoteAddress, remotePort, localPort }) => `${remoteAddress} . ${remotePort} . ${localPort}`)
}

function protectedPacket({ protectMark }: GuardTunnel): string {
  const bit = hexadecimal(protectMark)
  return `meta mark & ${bit} == ${bit}`
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16)}`
}
