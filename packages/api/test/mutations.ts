import type { VpnConfig } from '../src/index.ts'

/** One way to break a valid config: what to put where, and what must come of it. */
export interface Mutation {
  /** As in `data.field`, for example `config.addresses[0].prefixLength`. */
  readonly path: string
  /** `removed`: the property is deleted. */
  readonly value: unknown
  readonly code: 401 | 2200001
}

/** Stands for a property that is not there at all. */
export const removed: unique symbol = Symbol('removed')

const noObject = [null, undefined, removed, 5, 'text', true, [], () => 0]
const noText = [null, 5, true, {}, []]
const noNumber = [null, '24', true, {}, []]
const noBoolean = [null, 0, 1, 'true', {}, []]
const noArray = [null, 5, 'text', { length: 1 }, () => 0]
const many = (count: number): unknown[] => Array.from({ length: count }, () => 'x')

/** Every mutation of `config` we know, each at a path that exists in it. */
export function mutationsOf(config: VpnConfig): Mutation[] {
  return [
    ...mutate('config.vpnId', noText, ['x'.repeat(129)]),
    ...mutate('config.addresses', [...noArray, undefined, removed], [many(2001)]),
    ...config.addresses.flatMap((address, index) =>
      addressMutations(`config.addresses[${index}]`, address.address.family),
    ),
    ...mutate('config.routes', [...noArray, undefined], [many(10_001)]),
    ...(config.routes ?? []).flatMap((route, index) =>
      routeMutations(`config.routes[${index}]`, route.destination.address.family),
    ),
    ...mutate('config.dnsAddresses', noArray, [many(65)]),
    ...elements('config.dnsAddresses', config.dnsAddresses, [
      '1.2.3',
      'dns.example',
      'fe80::1%eth0',
      '224.0.0.1',
      ' 1.1.1.1',
    ]),
    ...mutate('config.searchDomains', noArray, [many(65)]),
    ...elements('config.searchDomains', config.searchDomains, [
      '.',
      'a..b',
      '-a.example',
      'a-.example',
      'a b',
      '~example',
      'bücher.example',
      'x\nnameserver 1.2.3.4',
      'x'.repeat(64),
      `${'abcdefg.'.repeat(32)}com`,
    ]),
    ...mutate('config.mtu', noNumber, [
      1,
      575,
      65_536,
      -1,
      1400.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      2 ** 32,
    ]),
    ...['isIPv4Accepted', 'isIPv6Accepted', 'isInternal', 'isBlocking'].flatMap((name) =>
      mutate(`config.${name}`, noBoolean),
    ),
    ...mutate(
      'config.vpnext',
      noObject.filter((value) => value !== removed && value !== undefined),
    ),
    ...mutate('config.vpnext.offload', noBoolean),
    ...['trustedApplications', 'blockedApplications'].flatMap((name) =>
      mutate(`config.${name}`, noArray, [many(257)]),
    ),
    ...elements('config.trustedApplications', config.trustedApplications, [
      '../x',
      'a\0b',
      '..',
      'x'.repeat(129),
    ]),
    ...elements('config.blockedApplications', config.blockedApplications, [
      '../x',
      'a\nb',
      '.',
      'x'.repeat(129),
    ]),
  ]
}

function addressMutations(path: string, family: number | undefined): Mutation[] {
  return [
    ...mutate(
      path,
      noObject.filter((value) => value !== removed),
    ),
    ...netAddressMutations(`${path}.address`),
    ...mutate(`${path}.prefixLength`, [
      ...noNumber,
      undefined,
      removed,
      0,
      -1,
      280,
      24.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]),
    ...mutate(`${path}.prefixLength`, family === 1 ? [31, 33, 128] : [129]),
  ]
}

function routeMutations(path: string, family: number | undefined): Mutation[] {
  return [
    ...mutate(
      path,
      noObject.filter((value) => value !== removed),
    ),
    ...mutate(`${path}.interface`, noText, ['eth0', 'lo', 'vpn-tun1', 'VPN-TUN', 'multitun-vpn']),
    ...mutate(`${path}.destination`, noObject),
    ...netAddressMutations(`${path}.destination.address`),
    ...mutate(`${path}.destination.prefixLength`, [...noNumber, -1, 280, 8.5, Number.NaN]),
    ...mutate(`${path}.destination.prefixLength`, family === 1 ? [33] : [129]),
    ...mutate(`${path}.gateway`, noObject),
    ...mutate(`${path}.gateway.address`, noText, [
      'unreachable',
      'throw',
      '10.0.0',
      '239.0.0.1',
      '224.0.0.1',
      'fe80::1%eth0',
    ]),
    ...familyAndPortMutations(`${path}.gateway`),
    ...['hasGateway', 'isDefaultRoute', 'isExcludedRoute'].flatMap((name) =>
      mutate(`${path}.${name}`, noBoolean),
    ),
  ]
}

function netAddressMutations(path: string): Mutation[] {
  const texts = [
    '',
    'abc',
    '10.0.0.5/24',
    'fe80::1%eth0',
    '1.2.3',
    ' 10.0.0.5',
    '10.0.0.05',
    '10.0.0.5:80',
    '[::1]',
  ]
  return [
    ...mutate(path, noObject),
    ...mutate(`${path}.address`, [...noText, undefined, removed, ...texts]),
    ...familyAndPortMutations(path),
  ]
}

function familyAndPortMutations(path: string): Mutation[] {
  return [
    ...mutate(`${path}.family`, [...noNumber, undefined, 0, 3, 10, 257, -1, 1.5, Number.NaN]),
    ...mutate(`${path}.port`, noNumber, [-1, 65_536, 1.5, Number.NaN, Number.POSITIVE_INFINITY]),
  ]
}

function elements(
  path: string,
  list: readonly string[] | undefined,
  badValues: readonly unknown[],
): Mutation[] {
  return (list ?? []).flatMap((_, index) => mutate(`${path}[${index}]`, [...noText, undefined], badValues))
}

function mutate(
  path: string,
  badParameters: readonly unknown[],
  badValues: readonly unknown[] = [],
): Mutation[] {
  return [
    ...badParameters.map((value): Mutation => ({ path, value, code: 401 })),
    ...badValues.map((value): Mutation => ({ path, value, code: 2200001 })),
  ]
}

/** The keys from the config down to a field: `['addresses', 0, 'prefixLength']`. */
export function keysOf(path: string): (string | number)[] {
  const keys = path.match(/[A-Za-z0-9_]+/g) ?? []
  return keys.slice(1).map((key) => (/^[0-9]+$/.test(key) ? Number(key) : key))
}

/** A copy of `config` with `change` applied to the object that holds the field. */
export function changed(
  config: unknown,
  path: string,
  change: (holder: object, key: string | number) => void,
): unknown {
  const copy: unknown = structuredClone(config)
  const keys = keysOf(path)
  let holder = copy
  for (const key of keys.slice(0, -1)) {
    holder = typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined
  }
  const last = keys.at(-1)
  if (typeof holder !== 'object' || holder === null || last === undefined)
    throw new TypeError(`no ${path} in config`)
  change(holder, last)
  return copy
}

/** A copy of `config` with the mutation applied. */
export function mutated(config: unknown, mutation: Mutation): unknown {
  return changed(config, mutation.path, (holder, key) => {
    if (mutation.value === removed) Reflect.deleteProperty(holder, key)
    else Reflect.set(holder, key, mutation.value)
  })
}
