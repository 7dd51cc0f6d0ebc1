import { expect, test } from 'vitest'
import { sampleHost, sampleNow, sampleStatus, sampleTunnel } from '../../test/sample-status.ts'
import { statusLines } from './status-lines.ts'

const linesOf = (changes: Parameters<typeof sampleStatus>[0]): string[] =>
  statusLines(sampleStatus(changes), sampleNow)

test('an extension and its tunnel, whole', () => {
  expect(linesOf({})).toEqual([
    'vpnext 0.1.0 (default), pid 4320, as root, up 1 h',
    '',
    'com.example.vpn  VpnAbility  running',
    '  host     pid 4321, uid 20010000 for user 1000, since 1 min',
    '  sandbox  own uid, Landlock ABI 7, seccomp',
    '  tunnel   vpn-tun, device scope, IPv4 and IPv6, MTU 1400, up 1 min',
    '  address  10.8.0.5/24, fd08::5/64',
    '  routes   0.0.0.0/0, ::/0',
    '  DNS      10.8.0.1',
    '  traffic  out 3 packets, 100 B; in 7 packets, 2.0 KiB',
  ])
})

test('nothing runs', () => {
  expect(linesOf({ hosts: [], tunnels: [], rootless: true })).toEqual([
    'vpnext 0.1.0 (default), pid 4320, inside a user namespace, up 1 h',
    'nothing runs',
  ])
})

test('what ended by itself, and why', () => {
  const ended = [
    {
      bundleName: 'com.example.vpn',
      abilityName: 'VpnAbility',
      ownerUid: 1000,
      endedAt: sampleNow - 12_000,
      reason: 'its host ended with signal SIGSEGV',
      signal: 'SIGSEGV',
      crash: 'SIGSEGV in native code, address 0x8, thread worker, at libentry.so+0x1b2c read_packet\n',
    },
  ]
  const lines = linesOf({ hosts: [], tunnels: [], ended })
  expect(lines.slice(1)).toEqual([
    'nothing runs',
    '',
    'com.example.vpn  VpnAbility  ended 12 s ago',
    '  reason   its host ended with signal SIGSEGV',
    expect.stringContaining(
      '  crash    SIGSEGV in native code, address 0x8, thread worker, at libentry.so+0x1b2c',
    ),
  ])
  expect(linesOf({ ended }).slice(-3, -2)).toEqual(['com.example.vpn  VpnAbility  ended 12 s ago'])
})

test('what is closed: whose traffic, why, and what opens it', () => {
  const closed = { reason: 'the policy says so', remedy: 'VpnAbility opens it', table: 52_000 }
  const tunnel = sampleTunnel({ interfaceName: 'vpn-closed0', closed })
  const words = [
    '  closed   traffic of the whole device to 0.0.0.0/0, ::/0, since 1 min',
    '  reason   the policy says so',
    '  remedy   VpnAbility opens it',
  ]
  expect(linesOf({ hosts: [], tunnels: [tunnel] }).slice(2)).toEqual([
    'com.example.vpn  VpnAbility  no host, closed',
    ...words,
  ])
  const warnings = [{ field: 'lockdown', reason: 'not whole' }]
  expect(linesOf({ tunnels: [{ ...tunnel, scope: 'user', warnings }] }).slice(5)).toEqual([
    '  closed   traffic of user 1000 to 0.0.0.0/0, ::/0, since 1 min',
    ...words.slice(1),
    '  warning  lockdown: not whole',
  ])
})

test('what a tunnel may have besides', () => {
  const lines = linesOf({
    tunnels: [
      sampleTunnel({
        vpnId: 'work',
        addresses: [],
        routes: [],
        dnsServers: [],
        acceptIPv4: false,
        acceptIPv6: false,
        excludedRoutes: ['192.0.2.0/24'],
        searchDomains: ['example.com'],
        warnings: [{ field: 'config.mtu', reason: 'is large' }],
      }),
    ],
  })
  expect(lines.slice(5)).toEqual([
    '  tunnel   vpn-tun, device scope, no family, MTU 1400, up 1 min, vpnId work',
    '  address  none',
    '  routes   none',
    '  outside  192.0.2.0/24',
    '  DNS      unchanged',
    '  search   example.com',
    '  traffic  out 3 packets, 100 B; in 7 packets, 2.0 KiB',
    '  warning  config.mtu: is large',
  ])
})

test('many routes are counted, not listed', () => {
  const routes = Array.from({ length: 10_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`)
  const line = linesOf({ tunnels: [sampleTunnel({ routes })] }).find((text) => text.startsWith('  routes'))
  expect(line).toBe(`  routes   ${routes.slice(0, 8).join(', ')} and 9992 more`)
})

test('what the sandbox lacks is told', () => {
  const lines = linesOf({ hosts: [sampleHost({ sandbox: [], missing: ['own uid: no such uid here'] })] })
  expect(lines.slice(4, 6)).toEqual(['  sandbox  not up yet', '  missing  own uid: no such uid here'])
})

test('each tunnel stands with its own user’s host; one whose host died stands alone', () => {
  const lines = linesOf({
    hosts: [sampleHost(), sampleHost({ ownerUid: 1001, pid: 5 })],
    tunnels: [
      sampleTunnel({ ownerUid: 1001, interfaceName: 'vpn-tun1' }),
      sampleTunnel({ bundleName: 'com.example.other', interfaceName: 'vpn-tun2' }),
    ],
  })
  const found = lines.flatMap((line) => /vpn-tun\d|for user \d+|no host/.exec(line)?.[0] ?? [])
  expect(found).toEqual(['for user 1000', 'for user 1001', 'vpn-tun1', 'no host', 'vpn-tun2'])
})

test('a tunnel stands with its extension alone, not with the page of its bundle', () => {
  const lines = linesOf({ hosts: [sampleHost({ abilityName: 'EntryAbility', pid: 5 }), sampleHost()] })
  const found = lines.flatMap((line) => /\w+Ability|vpn-tun/.exec(line)?.[0] ?? [])
  expect(found).toEqual(['EntryAbility', 'VpnAbility', 'vpn-tun'])
})

test('what a host says of itself does not steer the terminal', () => {
  const lines = linesOf({ hosts: [sampleHost({ sandbox: ['\u001b[2J'], missing: ['a\nb'] })] })
  expect(lines.join('\n')).not.toContain('\u001b')
  expect(lines).toContain('  missing  a\\x0ab')
})
