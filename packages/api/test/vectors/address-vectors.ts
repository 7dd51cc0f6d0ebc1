import { no, out, type Vector } from './vector.ts'

const one = (
  address: Record<string, unknown>,
  rest: Record<string, unknown> = { prefixLength: 24 },
): unknown => ({
  addresses: [{ address, ...rest }],
})
const text = 'config.addresses[0].address.address'
const family = 'config.addresses[0].address.family'
const length = 'config.addresses[0].prefixLength'

/** The config itself and its addresses. */
export const addressVectors: Vector[] = [
  { name: 'undefined', config: undefined, expected: no('config') },
  { name: 'null', config: null, expected: no('config') },
  { name: 'text', config: 'x', expected: no('config') },
  { name: 'function', config: () => 0, expected: no('config') },
  { name: 'array', config: [], expected: no('config'), device: 'an object without addresses' },
  { name: '{}', config: {}, expected: no('config.addresses'), device: 'accepted, no address' },
  { name: 'addresses: []', config: { addresses: [] }, expected: 'ok' },
  { name: 'addresses: undefined', config: { addresses: undefined }, expected: no('config.addresses') },
  { name: 'addresses: {}', config: { addresses: {} }, expected: no('config.addresses') },
  { name: 'family left out', config: one({ address: '10.0.0.5' }), expected: 'ok' },
  {
    name: 'family: undefined',
    config: one({ address: '10.0.0.5', family: undefined }),
    expected: no(family),
  },
  { name: 'family: 2 with an IPv4 text', config: one({ address: '10.0.0.5', family: 2 }), expected: 'ok' },
  ...[0, 3, 10, '1', null].map((value): Vector => ({
    name: `family: ${JSON.stringify(value)}`,
    config: one({ address: '10.0.0.5', family: value }),
    expected: no(family),
  })),
  {
    name: 'family: 257',
    config: one({ address: '10.0.0.5', family: 257 }),
    expected: no(family),
    device: 'taken for 1',
  },
  { name: 'network address', config: one({ address: '10.0.0.0' }), expected: no(text) },
  { name: 'broadcast address', config: one({ address: '10.0.0.255' }), expected: no(text) },
  {
    name: 'network address as /32',
    config: one({ address: '10.0.0.0' }, { prefixLength: 32 }),
    expected: 'ok',
  },
  { name: '/32', config: one({ address: '10.0.0.5' }, { prefixLength: 32 }), expected: 'ok' },
  { name: '/31, lower', config: one({ address: '10.0.0.4' }, { prefixLength: 31 }), expected: no(length) },
  { name: '/31, upper', config: one({ address: '10.0.0.5' }, { prefixLength: 31 }), expected: no(length) },
  { name: '/30', config: one({ address: '10.0.0.5' }, { prefixLength: 30 }), expected: 'ok' },
  { name: 'prefixLength missing', config: one({ address: '10.0.0.5' }, {}), expected: no(length) },
  ...['24', 0, 33, -1, null].map((value): Vector => ({
    name: `prefixLength: ${JSON.stringify(value)}`,
    config: one({ address: '10.0.0.5' }, { prefixLength: value }),
    expected: no(length),
  })),
  ...[280, 24.5, Number.NaN].map((value): Vector => ({
    name: `prefixLength: ${value}`,
    config: one({ address: '10.0.0.5' }, { prefixLength: value }),
    expected: no(length),
    device: 'truncated to 8 bits',
  })),
  ...['', 'abc', '10.0.0.5/24', 'fe80::1%eth0', '1.2.3', ' 10.0.0.5', '127.1'].map((value): Vector => ({
    name: `address: ${JSON.stringify(value)}`,
    config: one({ address: value }),
    expected: no(text),
  })),
  { name: 'IPv6', config: one({ address: 'fd00::1', family: 2 }, { prefixLength: 64 }), expected: 'ok' },
  { name: 'IPv6 network address', config: one({ address: 'fd00::' }, { prefixLength: 64 }), expected: 'ok' },
  { name: 'IPv6 /127', config: one({ address: 'fd00::' }, { prefixLength: 127 }), expected: 'ok' },
  {
    name: 'IPv6 prefixLength 0',
    config: one({ address: 'fd00::1' }, { prefixLength: 0 }),
    expected: no(length),
    device: 'derived from the leading bits of the address',
  },
  {
    name: 'IPv6 prefixLength 129',
    config: one({ address: 'fd00::1' }, { prefixLength: 129 }),
    expected: no(length),
  },
  ...['0.0.0.0', '127.0.0.1', '224.0.0.1', '255.255.255.255'].map((value): Vector => ({
    name: `address: ${value}/32`,
    config: one({ address: value }, { prefixLength: 32 }),
    expected: out(text),
    device: 'accepted; the kernel may refuse',
  })),
  ...['::', '::1', 'ff02::1', '::ffff:10.0.0.5'].map((value): Vector => ({
    name: `address: ${value}/128`,
    config: one({ address: value }, { prefixLength: 128 }),
    expected: out(text),
    device: 'accepted; the kernel may refuse',
  })),
  {
    name: 'a loopback address beside another',
    config: {
      addresses: [
        { address: { address: '10.0.0.5' }, prefixLength: 24 },
        { address: { address: '::1', family: 2 }, prefixLength: 128 },
      ],
    },
    expected: 'ok',
  },
  {
    name: 'address port: 70000',
    config: one({ address: '10.0.0.5', port: 70_000 }),
    expected: out('config.addresses[0].address.port'),
    device: 'ignored',
  },
  { name: 'address port: 8080', config: one({ address: '10.0.0.5', port: 8080 }), expected: 'ok' },
]
