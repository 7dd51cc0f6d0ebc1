import { configWith } from '../configs.ts'
import { no, out, type Vector } from './vector.ts'

/** Everything but addresses and routes. */
export const optionVectors: Vector[] = [
  {
    name: "dnsAddresses: '8.8.8.8'",
    config: configWith({ dnsAddresses: '8.8.8.8' }),
    expected: no('config.dnsAddresses'),
    device: 'ignored',
  },
  {
    name: 'dnsAddresses: [8]',
    config: configWith({ dnsAddresses: [8] }),
    expected: no('config.dnsAddresses[0]'),
    device: 'code-less error',
  },
  {
    name: "dnsAddresses: ['dns.example']",
    config: configWith({ dnsAddresses: ['1.1.1.1', 'dns.example'] }),
    expected: out('config.dnsAddresses[1]'),
    device: 'handed to the resolver as it is',
  },
  {
    name: "dnsAddresses: ['', '0.0.0.0', '::']",
    config: configWith({ dnsAddresses: ['', '0.0.0.0', '::'] }),
    expected: 'ok',
  },
  {
    name: "searchDomains: ['a b']",
    config: configWith({ searchDomains: ['a b'] }),
    expected: out('config.searchDomains[0]'),
    device: 'not used',
  },
  { name: "mtu: '1400'", config: configWith({ mtu: '1400' }), expected: no('config.mtu'), device: 'ignored' },
  { name: 'mtu: undefined', config: configWith({ mtu: undefined }), expected: 'ok' },
  { name: 'mtu: 0', config: configWith({ mtu: 0 }), expected: 'ok' },
  { name: 'mtu: 576', config: configWith({ mtu: 576 }), expected: 'ok' },
  { name: 'mtu: 9000', config: configWith({ mtu: 9000 }), expected: 'ok' },
  { name: 'mtu: 65535', config: configWith({ mtu: 65_535 }), expected: 'ok' },
  ...[100, 575, -1, 65_536, 1400.5, Number.NaN, Number.POSITIVE_INFINITY].map((value): Vector => ({
    name: `mtu: ${value}`,
    config: configWith({ mtu: value }),
    expected: out('config.mtu'),
    device: 'cut to 16 bits, or a failure that is only logged',
  })),
  {
    name: 'mtu: 1279 with IPv6',
    config: configWith({ mtu: 1279, isIPv6Accepted: true }),
    expected: out('config.mtu'),
    device: 'the kernel removes IPv6',
  },
  { name: 'mtu: 1280 with IPv6', config: configWith({ mtu: 1280, isIPv6Accepted: true }), expected: 'ok' },
  {
    name: 'isBlocking: 1',
    config: configWith({ isBlocking: 1 }),
    expected: no('config.isBlocking'),
    device: 'ignored',
  },
  { name: 'vpnext.offload: true', config: configWith({ vpnext: { offload: true } }), expected: 'ok' },
  { name: 'vpnext: {}', config: configWith({ vpnext: {} }), expected: 'ok' },
  ...[true, [], 'offload'].map((value): Vector => ({
    name: `vpnext: ${JSON.stringify(value)}`,
    config: configWith({ vpnext: value }),
    expected: no('config.vpnext'),
    device: 'ignored',
  })),
  {
    name: "vpnext.offload: 'yes'",
    config: configWith({ vpnext: { offload: 'yes' } }),
    expected: no('config.vpnext.offload'),
    device: 'ignored',
  },
  { name: 'isInternal: true', config: configWith({ isInternal: true }), expected: 'ok' },
  {
    name: 'vpnId: 5',
    config: configWith({ vpnId: 5 }),
    expected: no('config.vpnId'),
    device: 'code-less error',
  },
  {
    name: 'both application lists empty',
    config: configWith({ trustedApplications: [], blockedApplications: [] }),
    expected: 'ok',
  },
  {
    name: "trusted [''], blocked filled",
    config: configWith({ trustedApplications: [''], blockedApplications: ['com.a.b'] }),
    expected: 'ok',
  },
  {
    name: 'both application lists filled',
    config: configWith({ trustedApplications: ['com.a.b'], blockedApplications: ['com.a.c'] }),
    expected: out('config.blockedApplications'),
    device: 'trusted wins',
  },
  { name: 'unknown keys', config: configWith({ isMetered: 5, isLegacy: 'x', whatever: {} }), expected: 'ok' },
  {
    name: 'the sample of the official test suite',
    config: {
      addresses: [{ address: { address: '10.0.0.5', family: 1 }, prefixLength: 24 }],
      routes: [],
      dnsAddresses: ['114.114.114.114'],
      mtu: 1400,
      isIPv4Accepted: true,
      isIPv6Accepted: false,
      isInternal: true,
      isBlocking: false,
      trustedApplications: [],
      blockedApplications: ['com.example.vpn_xts'],
    },
    expected: 'ok',
  },
]
