import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import {
  beginNftCommands,
  createNetworkNamespace,
  formatNft,
  listNftText,
  type NftCommand,
  nftTableExists,
  runNft,
  runNftCommands,
  withNetworkNamespace,
} from '@vpnext/native'
import { listNftMessages, type NftMessages } from '@vpnext/native/test/nft-messages'
import { expect, test } from 'vitest'
import { addGuard, removeGuard } from './guard-commands.ts'
import type { GuardTunnel, InboundConnection } from './model.ts'

/*
 * The oracle is libnftables: what it makes of the text must be what the kernel has of our messages.
 */

const table = 'vpnext'
/** Other versions of nft send other messages for the same text; what they print of it must still be the same. */
const isModel = execFileSync('nft', ['--version'], { encoding: 'utf8' }).includes('v1.0.6')

const device: GuardTunnel = {
  table,
  slot: 0,
  interfaceName: 'vpn-tun',
  own4: ['10.8.0.5'],
  own6: ['fd08::5'],
  covered4: ['0.0.0.0/0'],
  covered6: ['::/0'],
  hostUid: 20_010_000,
  protectMark: 0x0100_0000,
}
const { hostUid: _hostUid, ...hostless } = device
const endpoints = [
  { family: 4, address: '203.0.113.9', port: 51_820, protocol: 'udp' },
  { family: 6, address: '2001:db8::7', port: 443, protocol: 'tcp' },
] as const
const members = {
  kind: 'included',
  marks: [0x0200_0000, 0x0400_0000],
  uids: [1000, 4_294_967_294],
  identityMask: 0x3e00_0000,
  overlays: [],
} as const
const kept: readonly InboundConnection[] = [
  { family: 4, remoteAddress: '203.0.113.9', remotePort: 51_000, localPort: 22 },
  { family: 6, remoteAddress: '2001:db8::9', remotePort: 65_535, localPort: 1 },
]
/** The other tunnel of the table. */
const second: GuardTunnel = {
  ...device,
  slot: 3,
  interfaceName: 'vpn-tun3',
  own4: ['10.9.0.5', '10.9.0.6'],
  uid: 1000,
  members: { ...members, marks: [0x1000_0000], uids: [] },
}

const many4 = Array.from({ length: 600 }, (_, at) => `10.${at >> 7}.${(at & 127) * 2}.0/24`)
const many6 = Array.from(
  { length: 600 },
  (_, at) => `2001:db8:${(at + 1).toString(16)}::/${48 - (at % 2)}`,
).filter((_, at) => at % 2 === 0)

const models: Readonly<Record<string, GuardTunnel>> = {
  'of a device': device,
  'of a user': { ...device, uid: 1000 },
  'without a uid of the host': hostless,
  'with servers': { ...device, endpoints },
  'with a server of one family, and a host that is spared': {
    ...device,
    endpoints: endpoints.slice(0, 1),
    sparesHost: true,
  },
  'with a host that is spared': { ...device, sparesHost: true },
  'of some applications': { ...device, members },
  'of some applications of a user, by mark, two with an overlay': {
    ...device,
    uid: 0,
    members: { ...members, uids: [], overlays: [{ slot: 3, mark: 0x0800_0000 }] },
  },
  'of nobody': { ...device, members: { ...members, marks: [], uids: [] } },
  'of all but some applications': { ...device, members: { ...members, kind: 'excluded' } },
  'of all but some marks': { ...device, members: { ...members, kind: 'excluded', uids: [] } },
  'of all but some users': { ...device, members: { ...members, kind: 'excluded', marks: [] } },
  'of neighbouring prefixes': {
    ...device,
    covered4: ['0.0.0.0/8', '10.0.0.0/8', '11.0.0.0/8', '203.0.113.9/32', '254.0.0.0/7'],
    covered6: ['::/1', '8000::/2', 'fd00::1/128', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'],
  },
  'of nothing': { ...device, own4: [], own6: [], covered4: [], covered6: [] },
  'of hundreds of prefixes': { ...device, covered4: many4, covered6: many6, own4: many4.map(host) },
}

function host(prefix: string): string {
  return prefix.replace(/0\/24$/, '1')
}

test.each(Object.entries(models))('the guard %s is the one that nft makes of its text', (_name, model) => {
  compareAlong([
    addGuard(model, [], kept),
    addGuard(model, [], kept),
    addGuard(second, [0]),
    addGuard(model, [3]),
    removeGuard({ ...model, overlays: model.members?.overlays ?? [] }, [3]),
    removeGuard({ ...model, overlays: model.members?.overlays ?? [] }, [3]),
    removeGuard(second, []),
    removeGuard(second, []),
  ])
})

test('so are the guards of three tunnels, whichever goes first', () => {
  const third: GuardTunnel = { ...device, slot: 7, interfaceName: 'vpn-tun7', uid: 5, endpoints }
  compareAlong([
    addGuard(device, [], kept),
    addGuard(second, [0]),
    addGuard(third, [0, 3], kept),
    [{ op: 'flushChain', table, chain: 'covered_3' }],
    addGuard(second, [0, 7]),
    removeGuard(second, [0, 7]),
    removeGuard(device, [7]),
    removeGuard(third, []),
  ])
})

test('whatever the guard, it is the one that nft makes of its text', () => {
  fc.assert(
    fc.property(anyModel, anyModel, fc.array(anyKept, { maxLength: 4 }), (one, other, connections) => {
      const two = { ...other, slot: one.slot + 1, interfaceName: `${one.interfaceName}x` }
      compareAlong([
        addGuard(one, [], connections),
        addGuard(two, [one.slot]),
        removeGuard({ ...one, overlays: one.members?.overlays ?? [] }, [two.slot]),
      ])
    }),
    { numRuns: 30 },
  )
})

/** Runs the transactions one after the other, as text in one namespace, as messages in another, and compares the tables. */
function compareAlong(transactions: readonly (readonly NftCommand[])[]): void {
  using asText = createNetworkNamespace()
  using asMessages = createNetworkNamespace()
  let seen = 0
  for (const [at, commands] of transactions.entries()) {
    withNetworkNamespace(asText, () => runNft(formatNft(commands)))
    // By turns beside this thread and in it.
    withNetworkNamespace(asMessages, () => {
      if (at % 2 === 0) beginNftCommands(commands).wait()
      else runNftCommands(commands)
    })
    const expected = withNetworkNamespace(asText, state)
    const found = withNetworkNamespace(asMessages, state)
    expect(found.text).toBe(expected.text)
    if (isModel) expect(found.messages).toEqual(expected.messages)
    seen += found.messages?.rules.length ?? 0
  }
  expect(seen).toBeGreaterThan(0)
}

function state(): { readonly text: string; readonly messages: NftMessages | undefined } {
  if (!nftTableExists(table)) return { text: listNftText(), messages: undefined }
  const { sets, ...rest } = listNftMessages(table)
  return { text: sorted(listNftText()), messages: { ...rest, sets: sets.map(withoutNothing) } }
}

/** The elements of a set without intervals come in the order of a hash with a seed of the table's own. */
function sorted(text: string): string {
  return text.replace(
    /elements = \{([^}]*)\}/g,
    (_, elements: string) =>
      `elements = { ${elements
        .split(',')
        .map((element) => element.trim())
        .toSorted()
        .join(', ')} }`,
  )
}

/**
 * nft, where it finds a set of intervals empty, may begin it with the end of an interval at the lowest address: of none,
 * for there is no lower beginning. It is not printed either.
 */
function withoutNothing(set: NftMessages['sets'][number]): NftMessages['sets'][number] {
  const end = /^(?:0c000100080001000{8}|1800010014000100(?:0{32}))0800030000000001$/
  return { ...set, elements: set.elements.filter((element) => !end.test(element)) }
}

const port = fc.integer({ min: 1, max: 65_535 })
const uid = fc.integer({ min: 0, max: 0xffff_fffe })
const mark = fc.integer({ min: 1, max: 31 }).map((identity) => identity << 25)
const address4 = fc.tuple(fc.nat(223), fc.nat(255), fc.nat(255), fc.nat(255)).map((each) => each.join('.'))
const address6 = fc.ipV6().filter((text) => !text.includes('.'))

/** Disjoint: each begins with other bits. */
const covered4 = fc
  .uniqueArray(fc.tuple(fc.nat(255), fc.integer({ min: 8, max: 32 })), {
    selector: ([first]) => first,
    maxLength: 12,
  })
  .map((each) => each.map(([first, length]) => `${first}.0.0.0/${length}`))
const covered6 = fc
  .uniqueArray(fc.tuple(fc.nat(0xffff), fc.integer({ min: 16, max: 128 })), {
    selector: ([first]) => first,
    maxLength: 12,
  })
  .map((each) => each.map(([first, length]) => `${first.toString(16)}::/${length}`))

const anyKept: fc.Arbitrary<InboundConnection> = fc.oneof(
  fc.record({ family: fc.constant(4 as const), remoteAddress: address4, remotePort: port, localPort: port }),
  fc.record({ family: fc.constant(6 as const), remoteAddress: address6, remotePort: port, localPort: port }),
)
const anyEndpoint = fc.oneof(
  fc.record({
    family: fc.constant(4 as const),
    address: address4,
    port,
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  }),
  fc.record({
    family: fc.constant(6 as const),
    address: address6,
    port,
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  }),
)
const anyMembers = fc.record({
  kind: fc.constantFrom('included' as const, 'excluded' as const),
  marks: fc.uniqueArray(mark, { maxLength: 4 }),
  uids: fc.uniqueArray(uid, { maxLength: 4 }),
  identityMask: fc.constant(0x3e00_0000),
  overlays: fc.uniqueArray(fc.record({ slot: fc.integer({ min: 100, max: 103 }), mark }), {
    selector: ({ slot }) => slot,
    maxLength: 2,
  }),
})
const anyModel: fc.Arbitrary<GuardTunnel> = fc.record(
  {
    table: fc.constant(table),
    slot: fc.nat(60),
    interfaceName: fc.stringMatching(/^[a-z][a-z0-9.-]{0,13}$/),
    own4: fc.uniqueArray(address4, { maxLength: 3 }),
    own6: fc.uniqueArray(address6, { maxLength: 3 }),
    covered4: fc.oneof(covered4, fc.constant(['0.0.0.0/0'])),
    covered6: fc.oneof(covered6, fc.constant(['::/0'])),
    protectMark: fc.constant(0x0100_0000),
    uid,
    hostUid: uid,
    sparesHost: fc.boolean(),
    endpoints: fc.array(anyEndpoint, { maxLength: 4 }),
    members: anyMembers,
  },
  {
    requiredKeys: ['table', 'slot', 'interfaceName', 'own4', 'own6', 'covered4', 'covered6', 'protectMark'],
  },
)
