import type { NftCommand, NftSet, NftStatement } from '@vpnext/native'
import { chain, chainOf, interfaces, jumpTo, setsOf } from './base-chains.ts'
import { earlyRules, errorRules, ownAddresses } from './from-tunnel.ts'
import type { GuardEndpoint, GuardMembers, GuardTunnel, InboundConnection } from './model.ts'

/** What packets must be like; what happens to them comes behind. */
type Matches = readonly NftStatement[]
type Rule = readonly NftStatement[]

const accept: NftStatement = { kind: 'accept' }
const drop: NftStatement = { kind: 'drop' }
const leave: NftStatement = { kind: 'return' }
const established: NftStatement = { kind: 'connection', state: 'established' }
const original: NftStatement = { kind: 'direction', direction: 'original' }

/**
 * One tunnel's chains and sets; what was in them is replaced.
 *
 * In `output` the order matters:
 *
 * 1. Connections from outside that are older than the tunnel go on; newer ones have passed in `output` already.
 * 2. Into the tunnel: never a protected packet (a loop), only the tunnel's own addresses as source, only its user, only its
 *    applications: the others cannot enter by SO_BINDTODEVICE or IP_UNICAST_IF.
 * 3. The tunnel's addresses as source: nowhere else.
 * 4. Allowed outside: protected packets of the host, to its servers alone where those are declared, DHCP, neighbour discovery.
 * 5. Everything else of its user and applications to a covered destination is refused: that is what SO_BINDTODEVICE and a lost
 *    route come to. So is whatever joins an MPTCP connection there, where users count: see `joining`. Excluded applications are remembered as outside, so that a strict source check lets their answers in.
 */
export function tunnelChains(model: GuardTunnel, kept: readonly InboundConnection[]): NftCommand[] {
  const { table, slot } = model
  const sets = setsOf(slot)
  return [
    ...filled(table, sets.own4, model.own4),
    ...filled(table, sets.own6, model.own6),
    ...filled(table, sets.covered4, model.covered4),
    ...filled(table, sets.covered6, model.covered6),
    ...filled(table, sets.kept4, connections(kept, 4)),
    ...filled(table, sets.kept6, connections(kept, 6)),
    ...(model.endpoints === undefined ? [] : endpointSets(table, model.endpoints, sets)),
    ...(model.members === undefined ? [] : memberSets(table, model.members, sets)),
    ...overlayElements(model),
    { op: 'addElements', table, set: interfaces, elements: [model.interfaceName] },
    ...chain(table, chainOf('errors', slot), errorRules(model)),
    ...chain(table, chainOf('early', slot), earlyRules(model)),
    ...chain(table, chainOf('arrive', slot), arriveRules(model)),
    ...chain(table, chainOf('reroute', slot), rerouteRules(model)),
    ...chain(table, chainOf('covered', slot), coveredRules(model)),
    ...chain(table, chainOf('output', slot), outputRules(model)),
  ]
}

/** A set with these elements and no others. */
function filled(table: string, set: NftSet, elements: readonly string[]): NftCommand[] {
  return [
    { op: 'addSet', table, set },
    { op: 'flushSet', table, set },
    ...(elements.length === 0 ? [] : [{ op: 'addElements', table, set, elements } as const]),
  ]
}

function arriveRules({ slot, protectMark }: GuardTunnel): Rule[] {
  return keptMatches(slot, 'saddr').map((match) => [match, { kind: 'mark', of: 'ct', bits: protectMark }])
}

function rerouteRules({ slot, protectMark }: GuardTunnel): Rule[] {
  return keptMatches(slot, 'daddr').map((match) => [match, { kind: 'mark', of: 'meta', bits: protectMark }])
}

function outputRules(model: GuardTunnel): Rule[] {
  const { slot, interfaceName, uid, members } = model
  const into: NftStatement = { kind: 'interface', side: 'oifname', name: interfaceName }
  const user: Matches = uid === undefined ? [] : [{ kind: 'user', uid }]
  const listed = memberMatches(model)
  const excluded = members?.kind === 'excluded' ? listed : []
  const concerned = members?.kind === 'included' ? listed.map((match) => [...user, match]) : [user]
  // A socket that its program has closed has no uid any more, but may have data to send. Nobody else gets a connection
  // into this state, because its first packet is dropped.
  const isByUser = uid !== undefined || (members?.kind === 'included' && members.uids.length > 0)
  const closed: Matches[] = isByUser ? [[established]] : []
  const sources = ownAddresses(slot, 'saddr')
  return [
    ...keptMatches(slot, 'daddr').map((match) => [match, accept]),
    [into, protectedPacket(model), drop],
    ...excluded.map((match) => [into, match, drop]),
    ...[...concerned, ...closed].flatMap((match) =>
      sources.map((source) => [into, ...match, source, accept]),
    ),
    [into, drop],
    ...sources.map((source) => [source, drop]),
    ...(excluded.length === 0 ? [] : spareRules(excluded, model)),
    ...[...(isByUser ? joining(model) : []), ...concerned].map((match) => [
      ...match,
      jumpTo(chainOf('covered', slot)),
    ]),
  ]
}

/** What packets of listed applications look like. None for a list that covers nobody. */
function memberMatches({ slot, members }: GuardTunnel): NftStatement[] {
  if (members === undefined) return []
  const { marks, uids } = setsOf(slot)
  const matches: NftStatement[] = []
  if (members.marks.length > 0) matches.push({ kind: 'markIn', mask: members.identityMask, set: marks.name })
  if (members.uids.length > 0) matches.push({ kind: 'userIn', set: uids.name })
  return matches
}

/**
 * Further connections of MPTCP are made by the kernel, and have no user when they begin: it would not be seen that they are of a
 * user or a host of the tunnel. So nobody's begin, where they are not known by their mark; the first connection carries it all.
 */
function joining(model: GuardTunnel): Matches[] {
  const join: NftStatement = { kind: 'mptcpJoin' }
  const { members } = model
  return members?.kind === 'included' && members.uids.length === 0
    ? memberMatches(model).map((match) => [match, join])
    : [[join]]
}

/** Excluded applications are none of this tunnel's business. */
function spareRules(excluded: readonly NftStatement[], { protectMark: bits, members }: GuardTunnel): Rule[] {
  return [
    ...excluded.flatMap((match): Rule[] => [
      [match, original, { kind: 'mark', of: 'ct', bits }],
      [match, leave],
    ]),
    // What a closed socket has still to send has no uid any more.
    ...(members?.uids.length === 0
      ? []
      : [[{ kind: 'marked', of: 'ct', bits }, established, leave] as const]),
  ]
}

function memberSets(
  table: string,
  { marks, uids }: GuardMembers,
  sets: ReturnType<typeof setsOf>,
): NftCommand[] {
  return [...filled(table, sets.marks, marks.map(hexadecimal)), ...filled(table, sets.uids, uids.map(String))]
}

/** Other tunnels must go on recognising applications whose mark this one changes. */
function overlayElements({ table, members }: GuardTunnel): NftCommand[] {
  return (members?.overlays ?? []).flatMap(({ slot, mark }): NftCommand[] => {
    const set = setsOf(slot).marks
    return [
      { op: 'addSet', table, set },
      { op: 'addElements', table, set, elements: [hexadecimal(mark)] },
    ]
  })
}

/** Both are made, so that an address of the one family closes the other. */
function endpointSets(
  table: string,
  endpoints: readonly GuardEndpoint[],
  sets: ReturnType<typeof setsOf>,
): NftCommand[] {
  const elements = (family: 4 | 6): string[] =>
    endpoints
      .filter((endpoint) => endpoint.family === family)
      .map(({ address, protocol, port }) => `${address} . ${protocol} . ${port}`)
  return [...filled(table, sets.ends4, elements(4)), ...filled(table, sets.ends6, elements(6))]
}

function coveredRules(model: GuardTunnel): Rule[] {
  const { covered4, covered6, ends4, ends6 } = setsOf(model.slot)
  const towards: Matches[] =
    model.endpoints === undefined
      ? [[]]
      : [
          [{ kind: 'serverIn', family: 4, set: ends4.name }],
          [{ kind: 'serverIn', family: 6, set: ends6.name }],
        ]
  const remembered: NftStatement = { kind: 'marked', of: 'ct', bits: model.protectMark }
  const host: Matches = model.hostUid === undefined ? [] : [{ kind: 'user', uid: model.hostUid }]
  return [
    ...(model.sparesHost === true && host.length > 0 ? sparedHost(host, remembered, towards) : []),
    ...towards.map((match) => [protectedPacket(model), ...host, ...match, leave]),
    // What a closed socket of the host has still to send: it has no uid any more, but a known connection.
    [protectedPacket(model), remembered, established, leave],
    ...(model.uid === undefined ? systemTraffic : []),
    // Where a longer prefix leads into another tunnel, the rules of that one decide.
    ...(model.members === undefined
      ? [[{ kind: 'interfaceIn', side: 'oifname', set: interfaces.name }, leave] as const]
      : []),
    [{ kind: 'addressIn', family: 4, field: 'daddr', set: covered4.name }, jumpTo('refuse')],
    [{ kind: 'addressIn', family: 6, field: 'daddr', set: covered6.name }, jumpTo('refuse')],
  ]
}

/** Remembered as outside, so that a strict source check lets the answers in, and the rest that a closed socket sends out. */
function sparedHost(
  host: Matches,
  remembered: NftStatement & { kind: 'marked' },
  towards: readonly Matches[],
): Rule[] {
  return [
    ...towards.flatMap((match): Rule[] => [
      [...host, ...match, original, { kind: 'mark', of: 'ct', bits: remembered.bits }],
      [...host, ...match, leave],
    ]),
    [remembered, original, established, leave],
  ]
}

/** Without these the uplink loses its address or its neighbours. */
const systemTraffic: readonly Rule[] = [
  [{ kind: 'udpPorts', source: 68, destination: 67 }, leave],
  [{ kind: 'udpPorts', source: 546, destination: 547 }, leave],
  [{ kind: 'icmpv6', types: ['nd-router-solicit'] }, { kind: 'hopLimit', value: 255 }, leave],
  [
    { kind: 'icmpv6', types: ['nd-neighbor-solicit', 'nd-neighbor-advert'] },
    { kind: 'hopLimit', value: 255 },
    leave,
  ],
]

/** @param remote of packets that come in `saddr`, of those that leave `daddr` */
function keptMatches(slot: number, remote: 'saddr' | 'daddr'): NftStatement[] {
  const { kept4, kept6 } = setsOf(slot)
  return [
    { kind: 'tcpIn', family: 4, remote, set: kept4.name },
    { kind: 'tcpIn', family: 6, remote, set: kept6.name },
  ]
}

function connections(kept: readonly InboundConnection[], family: 4 | 6): string[] {
  return kept
    .filter((connection) => connection.family === family)
    .map(({ remoteAddress, remotePort, localPort }) => `${remoteAddress} . ${remotePort} . ${localPort}`)
}

function protectedPacket({ protectMark: bits }: GuardTunnel): NftStatement {
  return { kind: 'marked', of: 'meta', bits }
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16)}`
}
