import { formatNft } from '@vpnext/native'
import { describe, expect, test } from 'vitest'
import { addGuard, removeGuard } from './guard-commands.ts'
import type { GuardTunnel } from './model.ts'

/** As `nft -f` takes it. */
const addGuardText = (...guard: Parameters<typeof addGuard>): string => formatNft(addGuard(...guard))
const removeGuardText = (...guard: Parameters<typeof removeGuard>): string => formatNft(removeGuard(...guard))

const device: GuardTunnel = {
  table: 'vpnext',
  slot: 0,
  interfaceName: 'vpn-tun',
  own4: ['10.8.0.5'],
  own6: ['fd08::5'],
  covered4: ['0.0.0.0/0'],
  covered6: ['::/0'],
  hostUid: 20_010_000,
  protectMark: 0x0100_0000,
}

/** The rules of one chain, in order. */
function rulesOf(text: string, chain: string): string[] {
  const start = `add rule inet vpnext ${chain} `
  return text
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map((line) => line.slice(start.length))
}

describe('the guard of a device tunnel', () => {
  const text = addGuardText(device, [])

  test('lets into the tunnel what comes from its addresses, and nothing else', () => {
    expect(rulesOf(text, 'output_0')).toEqual([
      'ip daddr . tcp dport . tcp sport @kept4_0 accept',
      'ip6 daddr . tcp dport . tcp sport @kept6_0 accept',
      'oifname "vpn-tun" meta mark & 0x1000000 == 0x1000000 drop',
      'oifname "vpn-tun" ip saddr @own4_0 accept',
      'oifname "vpn-tun" ip6 saddr @own6_0 accept',
      'oifname "vpn-tun" drop',
      'ip saddr @own4_0 drop',
      'ip6 saddr @own6_0 drop',
      'jump covered_0',
    ])
  })

  test('refuses covered destinations after the few exceptions', () => {
    expect(rulesOf(text, 'covered_0')).toEqual([
      'meta mark & 0x1000000 == 0x1000000 meta skuid 20010000 return',
      'meta mark & 0x1000000 == 0x1000000 ct mark & 0x1000000 == 0x1000000 ct state established return',
      'udp sport 68 udp dport 67 return',
      'udp sport 546 udp dport 547 return',
      'icmpv6 type nd-router-solicit ip6 hoplimit 255 return',
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 return',
      'oifname @interfaces return',
      'ip daddr @covered4_0 jump refuse',
      'ip6 daddr @covered6_0 jump refuse',
    ])
  })

  test('takes out of the tunnel what is for its addresses, and errors that are about packets from there', () => {
    expect(rulesOf(text, 'early_0').slice(1, -2)).toEqual([
      'iifname "vpn-tun" icmpv6 type { nd-router-advert, nd-redirect } drop',
      'iifname "vpn-tun" icmp type redirect drop',
      'iifname "vpn-tun" icmpv6 type < 128 jump errors_0',
      'iifname "vpn-tun" icmp type destination-unreachable jump errors_0',
      'iifname "vpn-tun" icmp type time-exceeded jump errors_0',
      'iifname "vpn-tun" icmp type parameter-problem jump errors_0',
      'iifname "vpn-tun" ip daddr @own4_0 return',
      'iifname "vpn-tun" ip6 daddr @own6_0 return',
      'iifname "vpn-tun" fib daddr type local drop',
      'iifname "vpn-tun" return',
    ])
    expect(rulesOf(text, 'errors_0')).toEqual([
      'meta l4proto icmp @th,160,32 0x0a080005 return',
      'meta l4proto icmpv6 @th,128,128 0xfd080000000000000000000000000005 return',
      'fib daddr type unicast return',
      'drop',
    ])
  })

  test('never recreates a base chain', () => {
    expect(text).not.toMatch(/^delete/m)
    const bases = [...text.matchAll(/^add chain inet vpnext (\w+) \{/gm)].map((match) => match[1])
    expect(bases).toEqual(['early', 'arrive', 'reroute', 'output', 'leave'])
    for (const base of bases) expect(text).toContain(`flush chain inet vpnext ${base}\n`)
  })

  test('masks the mark wherever it reads or writes it', () => {
    for (const line of text.split('\n').filter((each) => / mark /.test(each))) {
      for (const use of line.matchAll(/(?:meta|ct) mark (?:set (?:meta|ct) mark )?(\S+)/g)) {
        expect(['&', '|', 'set']).toContain(use[1])
      }
    }
  })
})

test('the guard of a user tunnel concerns one uid, and allows no system traffic', () => {
  const text = addGuardText({ ...device, slot: 2, interfaceName: 'vpn-tun2', uid: 1000 }, [0])
  expect(rulesOf(text, 'output_2').slice(2)).toEqual([
    'oifname "vpn-tun2" meta mark & 0x1000000 == 0x1000000 drop',
    'oifname "vpn-tun2" meta skuid 1000 ip saddr @own4_2 accept',
    'oifname "vpn-tun2" meta skuid 1000 ip6 saddr @own6_2 accept',
    'oifname "vpn-tun2" ct state established ip saddr @own4_2 accept',
    'oifname "vpn-tun2" ct state established ip6 saddr @own6_2 accept',
    'oifname "vpn-tun2" drop',
    'ip saddr @own4_2 drop',
    'ip6 saddr @own6_2 drop',
    'tcp option mptcp subtype 1 jump covered_2',
    'meta skuid 1000 jump covered_2',
  ])
  expect(rulesOf(text, 'covered_2').join()).not.toMatch(/udp|icmp/)
  expect(rulesOf(text, 'tunnels_output')).toEqual(['jump output_0', 'jump output_2'])
})

test('where servers are declared, protected packets reach them and nothing else', () => {
  const endpoints = [{ family: 4, address: '203.0.113.9', port: 51_820, protocol: 'udp' }] as const
  const text = addGuardText({ ...device, endpoints }, [])
  expect(rulesOf(text, 'covered_0').slice(0, 2)).toEqual([
    'meta mark & 0x1000000 == 0x1000000 meta skuid 20010000 ip daddr . meta l4proto . th dport @ends4_0 return',
    'meta mark & 0x1000000 == 0x1000000 meta skuid 20010000 ip6 daddr . meta l4proto . th dport @ends6_0 return',
  ])
  expect(text).toContain('add element inet vpnext ends4_0 { 203.0.113.9 . udp . 51820 }\n')
  expect(text).not.toContain('add element inet vpnext ends6_0')
})

test('without a uid of the host the mark alone counts', () => {
  const { hostUid: _hostUid, ...shared } = device
  expect(rulesOf(addGuardText(shared, []), 'covered_0')[0]).toBe('meta mark & 0x1000000 == 0x1000000 return')
})

test('connections from outside are kept by address and both ports', () => {
  const text = addGuardText(
    device,
    [],
    [
      { family: 4, remoteAddress: '203.0.113.9', remotePort: 51_000, localPort: 22 },
      { family: 6, remoteAddress: '2001:db8::9', remotePort: 51_001, localPort: 22 },
    ],
  )
  expect(text).toContain('add element inet vpnext kept4_0 { 203.0.113.9 . 51000 . 22 }\n')
  expect(text).toContain('add element inet vpnext kept6_0 { 2001:db8::9 . 51001 . 22 }\n')
})

test('the last tunnel takes the table with it; an earlier one takes only what is its own', () => {
  const removal = { table: 'vpnext', slot: 0, interfaceName: 'vpn-tun' }
  expect(removeGuardText(removal, [])).toBe('add table inet vpnext\ndelete table inet vpnext\n')
  const text = removeGuardText(removal, [2])
  expect(rulesOf(text, 'tunnels_output')).toEqual(['jump output_2'])
  const deleted = [...text.matchAll(/^delete (\w+ inet vpnext \S+)/gm)].map((match) => match[1])
  expect(deleted).toEqual([
    'element inet vpnext interfaces',
    ...['early_0', 'arrive_0', 'reroute_0', 'output_0', 'errors_0', 'covered_0'].map(
      (name) => `chain inet vpnext ${name}`,
    ),
    ...[
      'own4_0',
      'own6_0',
      'covered4_0',
      'covered6_0',
      'kept4_0',
      'kept6_0',
      'ends4_0',
      'ends6_0',
      'marks_0',
      'uids_0',
    ].map((name) => `set inet vpnext ${name}`),
  ])
})
