import assert from 'node:assert/strict'
import { Namespace } from '@vpnext/lab'
import {
  isSystemError,
  openFds,
  type IpFamily,
  type RouteType,
  type RtRequest,
  type Rtnetlink,
  type RtRule,
} from '@vpnext/native'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NetworkView, PacketQuestion } from './packet.ts'
import { walkRules } from './rule-walk.ts'

/** As many worlds of rules and routes, and as many packets through each. */
const worlds = 150
const packetsEach = 40

const marks = [0, 0x0100_0000, 0x0200_0000, 0x0100_0001, 7] as const
const uids = [0, 1000, 1001, 65_534] as const
const ports = [53, 443, 1024] as const
const tables = [254, 52_000, 52_001, 52_002] as const
const foreign = [
  'unicast',
  'unicast',
  'unicast',
  'unreachable',
  'prohibit',
  'blackhole',
  'throw',
] as const satisfies RouteType[]

/** Few enough that packets meet rules and routes. */
const networks: Readonly<Record<IpFamily, readonly string[]>> = {
  4: ['0.0.0.0/0', '128.0.0.0/1', '203.0.113.0/24', '203.0.113.80/32', '203.0.0.0/9', '10.9.0.0/16'],
  6: ['::/0', '2001:db8::/32', '2001:db8:113::/48', '2001:db8:113::80/128', 'fd09::/16'],
}
const destinations: Readonly<Record<IpFamily, readonly string[]>> = {
  4: [
    '203.0.113.80',
    '203.0.113.81',
    '203.5.0.1',
    '10.9.1.1',
    '8.8.8.8',
    '10.77.1.2',
    '10.77.1.9',
    '127.0.0.1',
  ],
  6: [
    '2001:db8:113::80',
    '2001:db8:113::81',
    '2001:db8:9::1',
    'fd09::1',
    '2a00::1',
    'fd77::2',
    'fd77::9',
    '::1',
  ],
}

let namespace: Namespace
let netlink: Rtnetlink
let devices: readonly number[]

beforeAll(() => {
  namespace = Namespace.create('explain')
  netlink = namespace.rtnetlink()
  netlink.apply(
    ['one', 'two'].map((name) => ({ op: 'addLink', kind: 'bridge', name, up: true, addrGenModeNone: true })),
  )
  devices = ['one', 'two'].map((name) => namespace.linkIndex(name))
  const [index = 0] = devices
  netlink.apply([
    { op: 'addAddress', index, address: '10.77.1.2', prefixLength: 24 },
    { op: 'addAddress', index, address: 'fd77::2', prefixLength: 64, noDad: true },
  ])
})

afterAll(async () => {
  netlink[Symbol.dispose]()
  await namespace[Symbol.asyncDispose]()
  assert.equal(openFds(), 0)
})

function routeOf(family: IpFamily): fc.Arbitrary<RtRequest> {
  return fc
    .record({
      destination: fc.constantFrom(...networks[family]),
      table: fc.constantFrom(...tables),
      type: fc.constantFrom(...foreign),
      device: fc.nat(1),
      metric: fc.constantFrom(10, 20, 4_294_967_295),
    })
    .map(({ device, ...route }) => ({
      op: 'addRoute',
      route: { family, ...route, ...(route.type === 'unicast' ? { index: devices[device] ?? 0 } : {}) },
    }))
}

function ruleOf(family: IpFamily): fc.Arbitrary<RtRule> {
  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(value, { nil: undefined, freq: 2 })
  return fc
    .record({
      priority: fc.integer({ min: 100, max: 107 }),
      action: fc.constantFrom<RtRule['action']>(
        'lookup',
        'lookup',
        'lookup',
        'lookup',
        'goto',
        'nop',
        'unreachable',
        'prohibit',
        'blackhole',
      ),
      table: fc.constantFrom(...tables, 52_009),
      target: fc.integer({ min: 101, max: 108 }),
      fwmark: maybe(
        fc.record({ mark: fc.constantFrom(...marks), mask: fc.constantFrom(0x0300_0000, 0xffff_ffff) }),
      ),
      iif: maybe(fc.constantFrom('lo', 'lo', 'one')),
      oif: maybe(fc.constantFrom('one', 'two', 'absent')),
      uidRange: maybe(fc.constantFrom({ from: 1000, to: 1000 }, { from: 0, to: 1000 })),
      suppressPrefixLength: maybe(fc.constantFrom(0, 9, 24)),
      ipProto: maybe(fc.constantFrom(6, 17)),
      dport: maybe(fc.constantFrom({ from: 53, to: 53 }, { from: 1, to: 443 })),
      sport: maybe(fc.constantFrom({ from: 1024, to: 1024 })),
      from: maybe(fc.constantFrom(...networks[family].slice(1), family === 4 ? '10.77.1.0/24' : 'fd77::/64')),
      to: maybe(fc.constantFrom(...networks[family].slice(1))),
      invert: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
    })
    .map(({ action, table, target, fwmark, priority, invert, ...selectors }) => {
      const chosen = Object.fromEntries(
        Object.entries(selectors).filter(
          ([name, value]) => value !== undefined && (name !== 'suppressPrefixLength' || action === 'lookup'),
        ),
      )
      return {
        family,
        priority,
        action,
        ...(action === 'lookup' ? { table } : {}),
        // Forward only, as the kernel demands.
        ...(action === 'goto' ? { target: Math.max(target, priority + 1) } : {}),
        ...(fwmark === undefined ? {} : fwmark),
        ...(invert ? { invert } : {}),
        ...chosen,
      }
    })
}

function packetOf(family: IpFamily): fc.Arbitrary<PacketQuestion> {
  return fc
    .record({
      destination: fc.constantFrom(...destinations[family]),
      mark: fc.constantFrom(...marks),
      uid: fc.constantFrom(...uids),
      ipProto: fc.constantFrom(6, 17),
      device: fc.option(fc.nat(1), { nil: undefined, freq: 4 }),
      dport: fc.constantFrom(...ports),
      sport: fc.constantFrom(1024, 40_000),
      isBound: fc.integer({ min: 0, max: 3 }).map((value) => value === 0),
    })
    .map(({ device, isBound, ...rest }) => ({
      family,
      ...rest,
      ...(device === undefined ? {} : { oif: devices[device] ?? 0 }),
      ...(isBound && device === undefined ? { source: family === 4 ? '10.77.1.2' : 'fd77::2' } : {}),
    }))
}

/** What RTM_GETROUTE says, as one line. */
function asKernel(packet: PacketQuestion): string {
  const { source, ...query } = packet
  try {
    const way = netlink.getRoute({ ...query, ...(source === undefined ? {} : { from: source }) })
    // Packets to oneself go round by the loopback device, whichever device has the address.
    if (way.type === 'local') return 'local'
    return `${way.type} table ${way.table} dev ${way.index} metric ${way.metric}`
  } catch (error) {
    if (isSystemError(error)) return error.code
    throw error
  }
}

function asWalked(view: NetworkView, packet: PacketQuestion): string {
  const decision = walkRules(view, packet)
  switch (decision.kind) {
    case 'way': {
      const { route, hop } = decision
      if (route.type === 'local') return 'local'
      // An IPv4 answer has no metric.
      return `${route.type} table ${route.table} dev ${hop.index} metric ${packet.family === 4 ? 0 : route.metric}`
    }
    case 'refused':
      return decision.error
    case 'no-route':
      return 'ENETUNREACH'
    case 'assumed':
      return `unicast table 0 dev ${decision.index} metric 0`
    default:
      return decision satisfies never
  }
}

test.each([4, 6] as const)(
  'IPv%d: for random rules, routes and packets, the walk ends where the kernel says',
  (family) => {
    const seen = new Map<string, number>()
    const world = fc.record({
      routes: fc.array(routeOf(family), { minLength: 3, maxLength: 14 }),
      rules: fc.array(ruleOf(family), { minLength: 1, maxLength: 8 }),
      packets: fc.array(packetOf(family), { minLength: packetsEach, maxLength: packetsEach }),
    })
    fc.assert(
      fc.property(world, ({ routes, rules, packets }) => {
        const made = netlink.applyAll(routes)
        const ruled = netlink.applyAll(rules.map((rule) => ({ op: 'addRule', rule })))
        try {
          const view: NetworkView = {
            links: netlink.links(),
            routes: netlink.routes(),
            rules: netlink.rules(),
            filter: { kind: 'unreadable', reason: 'not asked' },
          }
          for (const packet of packets) {
            const expected = asKernel(packet)
            expect(asWalked(view, packet), JSON.stringify(packet)).toBe(expected)
            const kind = expected.split(' ')[0] ?? ''
            seen.set(kind, (seen.get(kind) ?? 0) + 1)
          }
        } finally {
          netlink.applyAll(
            rules.flatMap((rule, at) => (ruled[at]?.ok === true ? [{ op: 'deleteRule', rule }] : [])),
          )
          netlink.applyAll(
            routes.flatMap((request, at) =>
              made[at]?.ok === true && request.op === 'addRoute'
                ? [{ op: 'deleteRoute', route: request.route }]
                : [],
            ),
          )
        }
      }),
      { numRuns: worlds },
    )
    // Every kind of outcome was met, so that agreeing on it says something.
    for (const kind of ['unicast', 'local', 'ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL']) {
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(20)
    }
  },
)
