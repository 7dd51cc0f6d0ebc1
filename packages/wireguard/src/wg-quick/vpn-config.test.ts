import { expect, test } from 'vitest'
import { parseWgQuick } from './parse-wg-quick.ts'
import { vpnConfigOf, type VpnSettings } from './vpn-config.ts'

const key = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk='
const configOf = (own: string, allowed = '', options: { uplinkMtu?: number } = {}): VpnSettings =>
  vpnConfigOf(
    parseWgQuick(
      `[Interface]\nPrivateKey = ${key}\n${own}\n[Peer]\nPublicKey = ${key}\nAllowedIPs = ${allowed}\n`,
      'x',
    ),
    options,
  )
const routes = (config: VpnSettings): string[] =>
  config.routes.map(({ destination }) => `${destination.address.address}/${destination.prefixLength}`)

test('a file becomes addresses, routes, DNS and MTU', () => {
  const config = configOf(
    'Address = 10.8.0.5/24, fd08::5/64\nDNS = 10.8.0.1, fd08::1, corp.example\nMTU = 1380',
    '0.0.0.0/0, ::/0',
  )
  expect(config).toMatchObject({
    addresses: [
      { address: { address: '10.8.0.5', family: 1 }, prefixLength: 24 },
      { address: { address: 'fd08::5', family: 2 }, prefixLength: 64 },
    ],
    dnsAddresses: ['10.8.0.1', 'fd08::1'],
    searchDomains: ['corp.example'],
    mtu: 1380,
  })
  expect(routes(config)).toEqual(['0.0.0.0/0', '::/0', '10.8.0.0/24', 'fd08::/64'])
  expect(config.routes.map(({ isDefaultRoute }) => isDefaultRoute)).toEqual([true, true, false, false])
})

test('what is excluded goes past the VPN, though peers are allowed it', () => {
  const excluded = ['192.168.1.7/24', 'fe80::1', '10.0.0.0/8']
  const config = vpnConfigOf(
    parseWgQuick(
      `[Interface]\nPrivateKey = ${key}\nAddress = 10.9.0.5/24\n[Peer]\nPublicKey = ${key}\nAllowedIPs = 0.0.0.0/0, 10.0.0.0/8, 10.1.0.0/16`,
      'x',
    ),
    { excluded },
  )
  const past = (outside: boolean): string[] =>
    routes({
      ...config,
      routes: config.routes.filter((route) => (route.isExcludedRoute ?? false) === outside),
    })
  expect(past(true)).toEqual(['192.168.1.0/24', 'fe80::1/128', '10.0.0.0/8'])
  expect(past(false)).toEqual(['0.0.0.0/0', '10.1.0.0/16', '10.9.0.0/24'])
})

test.each(['lan', '10.9.0.0/24', '10.0.0.0/33', ''])('%j cannot be excluded', (network) => {
  const file = parseWgQuick(`[Interface]\nPrivateKey = ${key}\nAddress = 10.9.0.5/24`, 'x')
  expect(() => vpnConfigOf(file, { excluded: [network] })).toThrow(/^excluded: /)
})

test('without a word about it the MTU is 1420', () => {
  expect(configOf('Address = 10.0.0.1').mtu).toBe(1420)
})

test.each([
  [1500, 1420],
  [9000, 1420],
  [1492, 1412],
  [1280, 1280],
])('on an uplink of %i bytes it is %i', (uplinkMtu, mtu) => {
  expect(configOf('Address = 10.0.0.1', '', { uplinkMtu }).mtu).toBe(mtu)
  expect(configOf('Address = 10.0.0.1\nMTU = 1500', '', { uplinkMtu }).mtu).toBe(1500)
})

test('what several peers are allowed is routed once', () => {
  expect(routes(configOf('Address = 10.0.0.1', '0.0.0.0/1, 128.0.0.0/1, 10.0.0.1/32, 0.0.0.0/1'))).toEqual([
    '0.0.0.0/1',
    '128.0.0.0/1',
    '10.0.0.1/32',
  ])
})

test.each(['10.0.0.0/24', '10.0.0.255/24', '10.0.0.1/31', '0.0.0.1/0'])(
  '%s is an address that the API refuses with its prefix: the address alone, and a route',
  (address) => {
    const config = configOf(`Address = ${address}`)
    expect(config.addresses).toMatchObject([{ prefixLength: 32 }])
    expect(routes(config)).toHaveLength(1)
  },
)

const hosts = (count: number, apart: number): string =>
  Array.from(
    { length: count },
    (_, n) => `10.${(n * apart) >> 16}.${((n * apart) >> 8) & 255}.${(n * apart) & 255}/32`,
  ).join()

test('up to 10,000 networks are routes as they stand, more are joined to the fewest with the same addresses', () => {
  expect(routes(configOf('Address = 192.0.2.1', hosts(9_999, 1)))).toHaveLength(10_000)
  expect(routes(configOf('Address = 192.0.2.1', hosts(130_561, 1)))).toEqual([
    '10.0.0.0/16',
    '10.1.0.0/17',
    '10.1.128.0/18',
    '10.1.192.0/19',
    '10.1.224.0/20',
    '10.1.240.0/21',
    '10.1.248.0/22',
    '10.1.252.0/23',
    '10.1.254.0/32',
    '192.0.2.1/32',
  ])
})

test('networks that are too many even when joined are refused by number and key', () => {
  expect(() => configOf('Address = 192.0.2.1', hosts(10_000, 2))).toThrow(
    /^AllowedIPs: 10001 networks, 10001 when .* 10000 routes/,
  )
})

test('with Table = off only the own networks are routed', () => {
  expect(routes(configOf('Address = 10.8.0.5/24\nTable = off', '0.0.0.0/0'))).toEqual(['10.8.0.0/24'])
})

test('a table of somebody else’s is refused by name', () => {
  expect(() => configOf('Address = 10.8.0.5/24\nTable = 1234')).toThrow(/1234: routes go into/)
})

test('an MTU whose packets fit into no datagram is refused by name', () => {
  expect(configOf('Address = 10.0.0.1\nMTU = 65475').mtu).toBe(65_475)
  expect(() => configOf('Address = 10.0.0.1\nMTU = 65476')).toThrow(/^MTU: 65476: .* 65475 bytes$/)
})
