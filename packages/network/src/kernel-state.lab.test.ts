import { execFileSync } from 'node:child_process'
import { type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { runNft } from '@vpnext/native'
import { expect, test } from 'vitest'
import { machineIn } from '../test/lab-tunnel.ts'
import { useLab } from '../test/use-lab.ts'
import { chooseSlot, defaultSettings, diffSnapshots, readKernelFacts, takeSnapshot, uplink } from './index.ts'

let lab: Lab

useLab((made) => (lab = made))

/** The independent oracle: iproute2's or nft's own view, as JSON. */
function oracle(command: 'ip' | 'nft', ...args: string[]): Record<string, unknown>[] {
  const text = lab.client.run(() => execFileSync(command, args, { encoding: 'utf8' }))
  const parsed: unknown = JSON.parse(text === '' ? '[]' : text)
  return (Array.isArray(parsed) ? parsed : (parsed as { nftables: unknown[] }).nftables) as Record<
    string,
    unknown
  >[]
}

test('iproute2 and nft see the tunnel as planned, and the main table as before', async () => {
  await using machine = machineIn(lab)
  const mainBefore = [oracle('ip', '-4', '-j', 'route'), oracle('ip', '-6', '-j', 'route')]
  const tunnel = await machine.create({
    addresses: ['10.8.0.5/24', 'fd08::5/64'],
    routes: ['0.0.0.0/0', '2001:db8::/32', '!203.0.113.0/24'],
    more: { mtu: 1400 },
  })
  expect([oracle('ip', '-4', '-j', 'route'), oracle('ip', '-6', '-j', 'route')]).toEqual(mainBefore)
  const routes = (family: string): string[] =>
    oracle('ip', family, '-j', '-d', 'route', 'show', 'table', '52000')
      .map(({ type, dst, dev, metric, protocol }) => [type, dst, dev, metric, protocol].join(' '))
      .toSorted()
  expect(routes('-4')).toEqual([
    'throw 203.0.113.0/24  1024 118',
    'unicast 10.8.0.0/24 vpn-tun 1024 118',
    'unicast default vpn-tun 1024 118',
    'unreachable 10.8.0.0/24  4294967294 118',
    'unreachable default  4294967294 118',
  ])
  expect(routes('-6')).toEqual([
    'unicast 2001:db8::/32 vpn-tun 1024 118',
    'unicast fd08::/64 vpn-tun 1024 118',
    'unreachable 2001:db8::/32 lo 4294967294 118',
    'unreachable fd08::/64 lo 4294967294 118',
  ])
  for (const family of ['-4', '-6']) {
    expect(oracle('ip', family, '-j', '-d', 'rule', 'show', 'pref', '9000')).toMatchObject([
      { iif: 'lo', fwmark: '0', fwmask: '0x1000000', table: '52000', protocol: '118' },
    ])
  }
  const [link] = oracle('ip', '-j', '-d', 'link', 'show', 'dev', 'vpn-tun')
  const [addressed] = oracle('ip', '-j', 'addr', 'show', 'dev', 'vpn-tun')
  expect(link).toMatchObject({ mtu: 1400, inet6_addr_gen_mode: 'none', linkinfo: { info_kind: 'tun' } })
  expect(
    (addressed?.['addr_info'] as Record<string, unknown>[] | undefined)?.map(({ local, prefixlen }) => [
      local,
      prefixlen,
    ]),
  ).toEqual([
    ['10.8.0.5', 24],
    ['fd08::5', 64],
  ])
  expect(oracle('nft', '-j', 'list', 'tables')).toContainEqual({
    table: expect.objectContaining({ family: 'inet', name: 'vpnext' }),
  })
  await machine.destroy(tunnel)
  expect(oracle('ip', '-4', '-j', 'rule', 'show', 'pref', '9000')).toEqual([])
  expect(oracle('nft', '-j', 'list', 'tables').some((item) => 'table' in item)).toBe(false)
})

test('the uplink is where the default routes lead, with or without a tunnel', async () => {
  await using machine = machineIn(lab)
  const expected = {
    interfaceName: labLinks.client,
    addresses: [labAddresses.client.v4, labAddresses.client.v6],
    ipv4: { interfaceName: labLinks.client, gateway: labAddresses.router.v4 },
    ipv6: { interfaceName: labLinks.client, gateway: labAddresses.router.v6 },
  }
  expect(lab.client.run(uplink)).toMatchObject(expected)
  const tunnel = await machine.create({ addresses: ['10.8.0.5/24', 'fd08::5/64'] })
  expect(lab.client.run(uplink)).toMatchObject(expected)
  await machine.destroy(tunnel)
  expect(lab.router.run(uplink)).toBeUndefined()
})

test('a slot that somebody else uses is not chosen', async () => {
  await using machine = machineIn(lab)
  const settings = defaultSettings()
  const choose = (...taken: number[]): number =>
    lab.client.run(() => chooseSlot(readKernelFacts(settings), settings, taken))
  expect([choose(), choose(0), choose(0, 1, 3)]).toEqual([0, 1, 2])
  const tunnel = await machine.create({})
  expect(choose()).toBe(1)
  await machine.destroy(tunnel)
})

test('a snapshot tells every kind of change, and is the same for the same state', async () => {
  await using machine = machineIn(lab)
  const snapshot = machine.snapshot()
  expect(diffSnapshots(snapshot, machine.snapshot())).toEqual([])
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
  const ip = (...args: string[]): void => void lab.client.run(() => execFileSync('ip', args))
  const nft = (text: string): void => void lab.client.run(() => runNft(text))
  const changes: [string, () => void, () => void][] = [
    ['links', () => ip('link', 'add', 'd0', 'type', 'bridge'), () => ip('link', 'del', 'd0')],
    ['links', () => ip('link', 'set', 'c0', 'mtu', '1400'), () => ip('link', 'set', 'c0', 'mtu', '1500')],
    [
      'addresses',
      () => ip('addr', 'add', '192.0.2.1/32', 'dev', 'lo'),
      () => ip('addr', 'del', '192.0.2.1/32', 'dev', 'lo'),
    ],
    [
      'routes',
      () => ip('route', 'add', 'throw', '192.0.2.0/24', 'table', '7'),
      () => ip('route', 'flush', 'table', '7'),
    ],
    [
      'rules',
      () => ip('-6', 'rule', 'add', 'pref', '77', 'lookup', '7'),
      () => ip('-6', 'rule', 'del', 'pref', '77'),
    ],
    ['nft', () => nft('add table inet other'), () => nft('delete table inet other')],
    ['sysctls', () => setIgnore('2'), () => setIgnore('0')],
  ]
  const setIgnore = (value: string): void =>
    void lab.client.run(() => execFileSync('sysctl', ['-q', `net.ipv4.conf.all.arp_ignore=${value}`]))
  for (const [part, change, back] of changes) {
    change()
    const lines = diffSnapshots(snapshot, machine.snapshot())
    expect(lines.some((line) => line.startsWith(`+ ${part}: `))).toBe(true)
    back()
    expect(diffSnapshots(snapshot, machine.snapshot())).toEqual([])
  }
  const { settings } = machine
  const elsewhere = lab.client.run(() =>
    takeSnapshot({ ...settings, resolvConf: '/nonexistent/resolv.conf' }),
  )
  expect(diffSnapshots(snapshot, elsewhere).map((line) => line.slice(0, 12))).toEqual([
    '- resolvConf',
    '+ resolvConf',
  ])
})
