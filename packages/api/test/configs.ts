import * as fc from 'fast-check'
import type { LinkAddress, RouteInfo, VpnConfig } from '../src/index.ts'

/** The smallest config, with `changes` on top. */
export function configWith(changes: Record<string, unknown>): Record<string, unknown> {
  return { addresses: [{ address: { address: '10.0.0.5', family: 1 }, prefixLength: 24 }], ...changes }
}

/** A route to 10.0.0.0/8, with `changes` on top. */
export function routeWith(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    interface: 'vpn-tun',
    destination: { address: { address: '10.0.0.0', family: 1 }, prefixLength: 8 },
    gateway: { address: '', family: 1 },
    hasGateway: false,
    isDefaultRoute: false,
    ...changes,
  }
}

const port = fc.integer({ min: 0, max: 65_535 })

/** Valid addresses: host parts 5 to 250 of a subnet of at least 8 bits are never its first or last address. */
const linkAddress: fc.Arbitrary<LinkAddress> = fc.oneof(
  fc
    .tuple(fc.nat(255), fc.integer({ min: 5, max: 250 }), fc.constantFrom(8, 16, 24, 32), port)
    .map(([net, host, prefixLength, number]) => ({
      address: { address: `10.1.${net}.${host}`, family: 1, port: number },
      prefixLength,
    })),
  fc.tuple(fc.nat(0xffff), fc.integer({ min: 1, max: 128 })).map(([host, prefixLength]) => ({
    address: { address: `fd00:1::${host.toString(16)}`, family: 2 },
    prefixLength,
  })),
)

const route: fc.Arbitrary<RouteInfo> = fc.oneof(
  fc
    .tuple(fc.ipV4(), fc.nat(32), fc.constantFrom('', '0.0.0.0', '10.1.0.1'), fc.constantFrom('', 'vpn-tun'))
    .map(([address, prefixLength, gateway, name]) => ({
      interface: name,
      destination: { address: { address, family: 1 }, prefixLength },
      gateway: { address: gateway, family: 1 },
      hasGateway: gateway !== '',
      isDefaultRoute: prefixLength === 0,
    })),
  fc
    .tuple(fc.ipV6(), fc.nat(128), fc.constantFrom('', '::', 'fe80::', 'fd00:1::1'))
    .map(([address, prefixLength, gateway]) => ({
      interface: 'vpn-tun',
      destination: { address: { address, family: 2 }, prefixLength },
      gateway: { address: gateway, family: 2 },
      hasGateway: false,
      isDefaultRoute: false,
      isExcludedRoute: false,
    })),
)

const names = fc.uniqueArray(fc.stringMatching(/^com\.[a-z]{1,8}\.[a-z_]{1,8}$/), {
  minLength: 1,
  maxLength: 3,
})

/** Valid configs with every field given and every list filled (one of the two application lists). */
export const validConfig: fc.Arbitrary<VpnConfig> = fc
  .record({
    vpnId: fc.stringMatching(/^[0-9a-f]{0,36}$/),
    addresses: fc.array(linkAddress, { minLength: 1, maxLength: 3 }),
    routes: fc.array(route, { minLength: 1, maxLength: 4 }),
    dnsAddresses: fc.array(fc.constantFrom('1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', 'fe80::53'), {
      minLength: 1,
      maxLength: 3,
    }),
    searchDomains: fc.array(
      fc.constantFrom('example.com', 'corp.example.', '_tcp.example', 'xn--bcher-kva.example'),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    mtu: fc.integer({ min: 1280, max: 9000 }),
    isIPv4Accepted: fc.boolean(),
    isIPv6Accepted: fc.boolean(),
    isInternal: fc.boolean(),
    isBlocking: fc.boolean(),
    vpnext: fc.record({ offload: fc.boolean() }),
    applications: names,
    trusted: fc.boolean(),
  })
  .map(({ applications, trusted, ...rest }) => ({
    ...rest,
    trustedApplications: trusted ? applications : [],
    blockedApplications: trusted ? [] : applications,
  }))
