import type { NetworkView, PacketExplanation } from '@vpnext/network'
import type { RtRoute, RtRule } from '@vpnext/native'
import { expect, test } from 'vitest'
import { sampleTunnel } from '../../test/sample-status.ts'
import { guardSentence } from './guard-sentence.ts'
import { nameSentences, resolutionSentence } from './name-sentences.ts'
import { packetSentences } from './packet-sentences.ts'
import { parseTarget } from './question.ts'

const view: NetworkView = {
  links: [
    {
      index: 7,
      name: 'vpn-tun',
      up: true,
      running: true,
      flags: 1,
      type: 65_534,
      mtu: 1400,
      statistics: { rxPackets: 0, txPackets: 0, rxBytes: 0, txBytes: 0, rxDropped: 0, txDropped: 0 },
    },
  ],
  routes: [],
  rules: [],
  filter: { kind: 'unreadable', reason: 'only root can read it' },
}
const question = { family: 4, destination: '203.0.113.80', mark: 0, uid: 1000, ipProto: 6 } as const
const route: RtRoute = {
  family: 4,
  destination: '0.0.0.0/0',
  table: 52_000,
  type: 'unicast',
  index: 7,
  metric: 0,
  protocol: 118,
  scope: 253,
  flags: 0,
}
const rule: RtRule = {
  family: 4,
  priority: 9000,
  action: 'lookup',
  table: 52_000,
  mark: 0,
  mask: 0x0100_0000,
  iif: 'lo',
  protocol: 118,
}
const main: RtRule = { family: 4, priority: 32_766, action: 'lookup', table: 254 }
const guard = { kind: 'unreadable', reason: 'only root can read it' } as const

type Told = Omit<PacketExplanation, 'question' | 'otherFilters'> & Partial<PacketExplanation>

const tell = (explanation: Told): string[] =>
  packetSentences('203.0.113.80', { question, otherFilters: [], ...explanation }, view, { tunnels: [] })

test('into a tunnel', () => {
  const way = {
    kind: 'way',
    table: 52_000,
    type: 'unicast',
    index: 7,
    source: '10.8.0.5',
    interfaceName: 'vpn-tun',
  } as const
  expect(tell({ way, decision: { kind: 'way', rule, route, hop: { index: 7 }, passed: [] }, guard })).toEqual(
    [
      '203.0.113.80 goes into vpn-tun (table 52000, rule 9000), because rule 9000 (from all fwmark 0x0/0x1000000 iif lo lookup 52000) leads to the route 0.0.0.0/0 dev vpn-tun.',
      'Its source address is 10.8.0.5.',
      'What the guard says is not known: only root can read it.',
    ],
  )
})

test('what else may stop it is named, where the guard does not already', () => {
  const way = { kind: 'way', table: 254, type: 'unicast', index: 7, interfaceName: 'vpn-tun' } as const
  const otherFilters = [
    { table: 'inet fw', chain: 'closed', policy: 'drop' },
    { table: 'ip filter', chain: 'OUTPUT', policy: 'accept' },
  ] as const
  expect(tell({ way, guard, otherFilters }).at(-1)).toBe(
    'Filters of others may stop it, which is not looked at here: table inet fw, chain closed (policy drop); table ip filter, chain OUTPUT. nft list ruleset shows them.',
  )
  const dropped = { kind: 'drop', table: 'vpnext', chain: 'output_0', uncertain: [] } as const
  expect(tell({ way, guard: dropped, otherFilters }).join(' ')).not.toContain('Filters of others')
})

test('past a tunnel: why its rules did not decide', () => {
  const way = {
    kind: 'way',
    table: 254,
    type: 'unicast',
    index: 2,
    gateway: '10.77.1.1',
    interfaceName: 'c0',
  } as const
  const plain: RtRoute = { ...route, table: 254, index: 2, gateway: '10.77.1.1', protocol: 3 }
  const local = {
    rule: { family: 4, priority: 0, action: 'lookup', table: 255, protocol: 2 },
    why: 'nothing',
  } as const
  const user = { ...rule, uidRange: { from: 1001, to: 1001 } }
  const decision = {
    kind: 'way',
    rule: main,
    route: plain,
    hop: { index: 2 },
    passed: [local, { rule: user, why: 'uidrange' }],
  } as const
  expect(tell({ way, decision, guard: { kind: 'none' } })).toEqual([
    '203.0.113.80 leaves by c0 via 10.77.1.1 (table main, rule 32766), because rule 32766 (from all lookup 254) leads to the route 0.0.0.0/0 via 10.77.1.1 dev 2.',
    'There is no guard: no tunnel of vpnext is up here.',
    'Before that, rule 9000 (from all fwmark 0x0/0x1000000 iif lo uidrange 1001-1001 lookup 52000) is for other users.',
  ])
})

test('nowhere: by a route, by a rule, without either, and when nobody knows why', () => {
  const way = { kind: 'refused', error: 'EHOSTUNREACH' } as const
  const none = { kind: 'not-asked' } as const
  const dead: RtRoute = { ...route, type: 'unreachable', metric: 4_294_967_294 }
  expect(
    tell({
      way,
      decision: { kind: 'refused', rule, route: dead, error: 'EHOSTUNREACH', passed: [] },
      guard: none,
    })[0],
  ).toBe(
    '203.0.113.80 goes nowhere (EHOSTUNREACH, no route to host) (table 52000, rule 9000), because rule 9000 (from all fwmark 0x0/0x1000000 iif lo lookup 52000) leads to the route unreachable 0.0.0.0/0 metric 4294967294, which a tunnel has so that nothing gets around it.',
  )
  const closed = { reason: 'there is no tunnel', remedy: 'VpnAbility opens it', table: 52_000 }
  const tunnels = [sampleTunnel({ closed }), sampleTunnel({ closed: { ...closed, table: 52_001 } })]
  const refused = { kind: 'refused', rule, route: dead, error: 'EHOSTUNREACH', passed: [] } as const
  const explanation = { question, way, decision: refused, guard: none, otherFilters: [] } as const
  expect(packetSentences('203.0.113.80', explanation, view, { tunnels }).slice(1)).toEqual([
    'com.example.vpn of user 1000 keeps it closed: there is no tunnel. VpnAbility opens it.',
  ])
  const refusing: RtRule = { family: 4, priority: 7, action: 'prohibit', from: '10.0.0.0/8' }
  expect(
    tell({
      way: { kind: 'refused', error: 'EACCES' },
      decision: { kind: 'refused', rule: refusing, error: 'EACCES', passed: [] },
      guard: none,
    })[0],
  ).toBe(
    '203.0.113.80 goes nowhere (EACCES, permission denied) (rule 7), because rule 7 says so (from 10.0.0.0/8 prohibit).',
  )
  const unreachable = { kind: 'refused', error: 'ENETUNREACH' } as const
  expect(tell({ way: unreachable, decision: { kind: 'no-route', passed: [] }, guard: none })[0]).toBe(
    '203.0.113.80 goes nowhere (ENETUNREACH, network is unreachable), because no rule leads to a route for it.',
  )
  expect(tell({ way, guard: none })[0]).toContain('which rule it went by cannot be told')
})

test('the guard in words', () => {
  const decided = { kind: 'accept', table: 'vpnext', chain: 'output_0', uncertain: [] } as const
  const say = (
    more: Partial<Extract<PacketExplanation['guard'], { kind: 'accept' | 'drop' | 'reject' }>>,
  ): string => guardSentence({ ...decided, ...more }, 'c0')
  expect(say({ kind: 'accept' })).toBe(
    'The guard accepts it: no rule of table inet vpnext is against it (chain output_0).',
  )
  expect(
    say({
      kind: 'reject',
      chain: 'refuse',
      how: 'tcp reset',
      rule: 'meta l4proto tcp reject with tcp reset',
    }),
  ).toBe(
    'The guard refuses it (tcp reset), so it goes nowhere: its destination belongs to a tunnel, and c0 is not the way into it (table inet vpnext, chain refuse: meta l4proto tcp reject with tcp reset).',
  )
  expect(say({ kind: 'drop', rule: 'ip saddr @own4_0 drop' })).toContain(
    'an address of a tunnel appears nowhere else',
  )
  expect(say({ kind: 'drop', rule: 'meta oifname vpn-tun drop' })).toContain(
    'only programs and addresses of the tunnel enter it',
  )
  expect(say({ kind: 'accept', uncertain: ['output_0: x'] })).toContain(
    'More of the packet would have to be known for: output_0: x.',
  )
})

test('names: hosts file, plain server, the stub of systemd-resolved, another server instead, none instead', () => {
  const file = { servers: ['10.77.1.1'], searchDomains: [], path: '/etc/resolv.conf' }
  const server = (asked: string, redirectedBy?: string): string =>
    nameSentences('x.test', {
      kind: 'server',
      configured: asked === '127.0.0.53' ? asked : '10.77.1.1',
      asked,
      file,
      ...(redirectedBy === undefined ? {} : { redirectedBy }),
    }).join('\n')
  expect(nameSentences('x.test', { kind: 'hosts', path: '/etc/hosts' })).toEqual([
    'x.test is in /etc/hosts: no server is asked for it.',
  ])
  expect(server('10.77.1.1')).toBe(
    'For the name x.test, 10.77.1.1 is asked, because it is the first in /etc/resolv.conf.',
  )
  expect(
    nameSentences('x.test', {
      kind: 'server',
      configured: '127.0.0.1',
      asked: '127.0.0.1',
      file: { ...file, servers: ['127.0.0.1'], isDefault: true },
    }),
  ).toEqual([
    'For the name x.test, 127.0.0.1 is asked, because /etc/resolv.conf names no server, and the C library asks this machine then.',
  ])
  expect(server('127.0.0.53')).toContain('resolvectl query x.test')
  expect(server('10.8.0.1', 'vpn-tun')).toContain(
    'but the kernel sends the question to 10.8.0.1 (tunnel vpn-tun).',
  )
  expect(server('refuse', 'vpn-tun')).toContain('but the kernel refuses the question')
  expect(resolutionSentence('x.test', { addresses: [], error: 'ENOTFOUND' })).toContain('(ENOTFOUND)')
})

test('an address, a name, or neither', () => {
  expect(parseTarget('fd08::1')).toEqual({ kind: 'address', address: 'fd08::1', family: 6 })
  expect(parseTarget('_dmarc.x-y.test.')).toEqual({ kind: 'name', name: '_dmarc.x-y.test.' })
  for (const text of [
    '',
    '.',
    '1.2.3',
    '256.1.1.1',
    'a..b',
    'a b',
    '-a.test',
    'a-.test',
    'x/24',
    'ü.test',
    `${'a.'.repeat(127)}a`,
  ]) {
    expect(() => parseTarget(text), text).toThrow('An IP address or a host name is needed.')
  }
})
