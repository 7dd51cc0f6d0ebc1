import { describe, expect, it } from 'vitest'
import { configWith, routeWith } from '../../test/configs.ts'
import { failureOf } from '../../test/failure-of.ts'
import { checkVpnConfig, limits } from '../index.ts'

const warned = (config: unknown): string[] => checkVpnConfig(config).warnings.map((warning) => warning.field)

describe('checkVpnConfig, what it makes of a config', () => {
  it('decides everything that was left open', () => {
    expect(checkVpnConfig(configWith({}))).toEqual({
      vpnId: '',
      addresses: [{ address: '10.0.0.5', family: 4, prefixLength: 24 }],
      routes: [{ destination: '0.0.0.0/0', family: 4, gateway: '', excluded: false, generated: true }],
      dnsServers: [],
      searchDomains: [],
      mtu: 1500,
      acceptIPv4: true,
      acceptIPv6: false,
      blocking: false,
      offload: false,
      trustedApplications: [],
      blockedApplications: [],
      warnings: [],
    })
  })

  it('does without loopback addresses where there are others, and without loopback gateways', () => {
    const addresses = [
      { address: { address: '10.0.0.5', family: 1 }, prefixLength: 24 },
      { address: { address: '::1', family: 2 }, prefixLength: 128 },
    ]
    const routes = [routeWith({ gateway: { address: '127.0.0.1' } })]
    const checked = checkVpnConfig({ addresses, routes })
    expect(checked).toMatchObject({
      addresses: [{ address: '10.0.0.5' }],
      routes: [{ gateway: '' }],
      acceptIPv6: false,
    })
    expect(checked.warnings.map(({ field }) => field)).toEqual([
      'config.addresses[1].address.address',
      'config.routes[0].gateway.address',
    ])
  })

  it('writes everything in its canonical form', () => {
    const checked = checkVpnConfig({
      vpnId: 'one',
      addresses: [{ address: { address: 'FD00:0::0005', family: 2 }, prefixLength: 64 }],
      routes: [
        routeWith({
          destination: { address: { address: '2001:DB8::FFFF', family: 2 }, prefixLength: 32 },
          gateway: { address: 'FD00::1', family: 2 },
        }),
        routeWith({
          destination: { address: { address: '10.0.0.10', family: 1 }, prefixLength: 24 },
          isExcludedRoute: true,
          gateway: { address: '10.0.0.1' },
        }),
      ],
      dnsAddresses: ['2001:4860:4860:0::8888'],
      searchDomains: ['Corp.Example.'],
      mtu: 1400,
      isBlocking: true,
      vpnext: { offload: true },
      trustedApplications: ['com.a.b'],
    })
    expect(checked).toEqual({
      vpnId: 'one',
      addresses: [{ address: 'fd00::5', family: 6, prefixLength: 64 }],
      routes: [
        { destination: '2001:db8::/32', family: 6, gateway: 'fd00::1', excluded: false, generated: false },
        { destination: '10.0.0.0/24', family: 4, gateway: '', excluded: true, generated: false },
      ],
      dnsServers: ['2001:4860:4860::8888'],
      searchDomains: ['corp.example'],
      mtu: 1400,
      acceptIPv4: false,
      acceptIPv6: true,
      blocking: true,
      offload: true,
      trustedApplications: ['com.a.b'],
      blockedApplications: [],
      warnings: [],
    })
  })

  it('reads a destination without prefixLength as the default route', () => {
    const destination = { address: { address: '10.0.0.0' } }
    expect(checkVpnConfig(configWith({ routes: [routeWith({ destination })] })).routes[0]?.destination).toBe(
      '0.0.0.0/0',
    )
  })
})

describe('checkVpnConfig, warnings', () => {
  const v4 = { address: { address: '10.0.0.5' }, prefixLength: 24 }
  it.each([
    ['no address', { addresses: [] }, ['config.addresses']],
    [
      'a family that the text contradicts',
      { addresses: [{ address: { address: 'fd00::1', family: 1 }, prefixLength: 64 }] },
      ['config.addresses[0].address.family'],
    ],
    ['a repeated address', { addresses: [v4, v4] }, ['config.addresses[1]']],
    [
      'a repeated route',
      configWith({
        routes: [
          routeWith(),
          routeWith({ destination: { address: { address: '10.1.2.3' }, prefixLength: 8 } }),
        ],
      }),
      ['config.routes[1]'],
    ],
    [
      'only excluded routes',
      configWith({ routes: [routeWith({ isExcludedRoute: true })] }),
      ['config.routes'],
    ],
    ['no accepted family', configWith({ isIPv4Accepted: false }), ['config.isIPv4Accepted']],
    [
      'a route of a family that is not accepted',
      configWith({
        routes: [routeWith({ destination: { address: { address: '::', family: 2 }, prefixLength: 0 } })],
      }),
      ['config.routes[0]'],
    ],
    [
      'an IPv6 destination without family',
      configWith({
        isIPv6Accepted: true,
        routes: [routeWith({ destination: { address: { address: '::' }, prefixLength: 0 } })],
      }),
      ['config.routes[0].destination.address.family'],
    ],
    [
      'DNS servers that are none',
      configWith({ dnsAddresses: ['', '1.1.1.1', '0.0.0.0', '::', '1.1.1.1'] }),
      [
        'config.dnsAddresses[0]',
        'config.dnsAddresses[2]',
        'config.dnsAddresses[3]',
        'config.dnsAddresses[4]',
      ],
    ],
    [
      'a DNS server on this machine',
      configWith({ dnsAddresses: ['127.0.0.53'] }),
      ['config.dnsAddresses[0]'],
    ],
    [
      'empty and repeated domains',
      configWith({ searchDomains: ['', 'a.example', 'A.example.'] }),
      ['config.searchDomains[0]', 'config.searchDomains[2]'],
    ],
    ['an mtu above 1500', configWith({ mtu: 9000 }), ['config.mtu']],
    ['isInternal', configWith({ isInternal: true }), ['config.isInternal']],
    [
      'empty and repeated applications',
      configWith({ blockedApplications: ['', 'com.a.b', 'com.a.b'] }),
      ['config.blockedApplications[0]', 'config.blockedApplications[2]'],
    ],
  ])('%s', (_, config, fields) => {
    expect(warned(config)).toEqual(fields)
  })

  it('leaves out what it warned of', () => {
    const checked = checkVpnConfig(
      configWith({
        dnsAddresses: ['', '1.1.1.1', '1.1.1.1'],
        blockedApplications: ['', 'com.a.b', 'com.a.b'],
      }),
    )
    expect(checked.dnsServers).toEqual(['1.1.1.1'])
    expect(checked.blockedApplications).toEqual(['com.a.b'])
  })

  it('shows a hundred warnings and counts the rest', () => {
    const routes = Array.from({ length: 5000 }, () => routeWith())
    const { warnings } = checkVpnConfig(configWith({ routes }))
    expect(warnings).toHaveLength(101)
    expect(warnings.at(-1)).toEqual({ field: 'config', reason: '4899 more warnings are not shown' })
  })
})

const address = (index: number): unknown => ({
  address: { address: `10.${index >> 8}.${index & 255}.5` },
  prefixLength: 32,
})
const route = (index: number): unknown =>
  routeWith({
    destination: { address: { address: `11.${index >> 8}.${index & 255}.0` }, prefixLength: 24 },
  })

describe('checkVpnConfig, limits', () => {
  const lists: [string, number, (index: number) => unknown][] = [
    ['addresses', limits.addresses, address],
    ['routes', limits.routes, route],
    ['dnsAddresses', limits.dnsServers, (index) => `10.0.0.${index}`],
    ['searchDomains', limits.searchDomains, (index) => `d${index}.example`],
    ['trustedApplications', limits.applications, (index) => `com.example.a${index}`],
    ['blockedApplications', limits.applications, (index) => `com.example.a${index}`],
  ]

  it.each(lists)('%s: %i pass, one more is refused', (name, limit, element) => {
    const list = (length: number): unknown =>
      configWith({ [name]: Array.from({ length }, (_, index) => element(index)) })
    expect(failureOf(() => checkVpnConfig(list(limit)))).toBeUndefined()
    expect(failureOf(() => checkVpnConfig(list(limit + 1)))).toEqual({
      code: 2200001,
      field: `config.${name}`,
    })
  })

  it.each(lists)('%s: a list above the limit is not walked', (name) => {
    let reads = 0
    const list = new Proxy(Array(2 ** 32 - 1), {
      get(target, key, receiver): unknown {
        if (key !== 'length') reads += 1
        return Reflect.get(target, key, receiver)
      },
    })
    expect(failureOf(() => checkVpnConfig(configWith({ [name]: list })))).toEqual({
      code: 2200001,
      field: `config.${name}`,
    })
    expect(reads).toBe(0)
  })

  it('vpnId: 128 characters pass, one more is refused', () => {
    expect(checkVpnConfig(configWith({ vpnId: 'x'.repeat(128) })).vpnId).toHaveLength(128)
    expect(failureOf(() => checkVpnConfig(configWith({ vpnId: 'x'.repeat(129) })))).toEqual({
      code: 2200001,
      field: 'config.vpnId',
    })
  })

  it('never repeats a long text in an error', () => {
    const long = 'x'.repeat(1_000_000)
    expect(() => checkVpnConfig(configWith({ dnsAddresses: [long] }))).toThrow(
      expect.objectContaining({
        data: { field: 'config.dnsAddresses[0]', reason: expect.stringMatching(/^.{1,120}$/) },
      }),
    )
  })
})
