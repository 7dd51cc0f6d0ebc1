import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import type { IpFamily, RouteSpec, RtRoute } from './objects.ts'
import type { RouteRequest } from './request.ts'
import { Rtnetlink } from './rtnetlink.ts'

const TABLE = 52001
const WORST = 4294967294

let namespace: Fd
let netlink: Rtnetlink
let index: number

beforeEach(() => {
  namespace = createNetworkNamespace()
  netlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
  netlink.apply([{ op: 'addLink', kind: 'bridge', name: 'br0', up: true }])
  index = netlink.links().find(({ name }) => name === 'br0')?.index ?? 0
  netlink.apply([
    { op: 'addAddress', index, address: '10.77.1.2', prefixLength: 24 },
    { op: 'addAddress', index, address: 'fd77::2', prefixLength: 64, noDad: true },
  ])
})

afterEach(() => {
  netlink[Symbol.dispose]()
  namespace.close()
  assert.equal(openFds(), 0)
})

interface IpRoute {
  readonly table?: string
  readonly type: string
  readonly dst: string
  readonly dev?: string
  readonly gateway?: string
  readonly via?: { readonly host: string }
  readonly metric?: number
  readonly protocol: string
  readonly scope?: string
  readonly prefsrc?: string
  readonly metrics?: readonly { readonly mtu?: number }[]
  readonly flags: readonly string[]
}

function ip(...args: string[]): string {
  return withNetworkNamespace(namespace, () =>
    execFileSync('ip', args, { encoding: 'utf8', maxBuffer: 2 ** 24 }),
  )
}

function ipRoutes(family: IpFamily): IpRoute[] {
  // Not `table 52001`: that is an error while the table is empty.
  const routes: IpRoute[] = JSON.parse(ip(`-${family}`, '-json', '-details', 'route', 'show', 'table', 'all'))
  return routes.filter(({ table }) => table === `${TABLE}`)
}

/** A route of ours in iproute2's words. */
function inIpWords(route: RtRoute): object {
  const width = route.family === 4 ? '/32' : '/128'
  return {
    type: route.type,
    dst: route.destination.endsWith('/0')
      ? 'default'
      : route.destination.replace(new RegExp(`${width}$`), ''),
    gateway: route.gateway,
    metric: route.metric === 0 ? undefined : route.metric,
    protocol: `${route.protocol}`,
    prefsrc: route.preferredSource,
    mtu: route.mtu,
    onlink: route.onlink === true,
  }
}

function fromIp(route: IpRoute): object {
  return {
    type: route.type,
    dst: route.dst,
    gateway: route.gateway ?? route.via?.host,
    metric: route.metric,
    protocol: route.protocol,
    prefsrc: route.prefsrc,
    mtu: route.metrics?.find(({ mtu }) => mtu !== undefined)?.mtu,
    onlink: route.flags.includes('onlink'),
  }
}

function specs(): RouteSpec[] {
  const base = { table: TABLE, protocol: 118 } as const
  return [
    { ...base, family: 4, destination: '0.0.0.0/0', type: 'unicast', index },
    { ...base, family: 4, destination: '0.0.0.0/0', type: 'unreachable', metric: WORST },
    { ...base, family: 4, destination: '203.0.113.0/24', type: 'throw' },
    { ...base, family: 4, destination: '198.51.100.7/32', type: 'blackhole' },
    { ...base, family: 4, destination: '198.51.100.8/32', type: 'prohibit' },
    {
      ...base,
      family: 4,
      destination: '10.1.0.0/16',
      type: 'unicast',
      index,
      gateway: '10.77.1.1',
      mtu: 1380,
    },
    {
      ...base,
      family: 4,
      destination: '10.2.0.0/16',
      type: 'unicast',
      index,
      gateway: '9.9.9.9',
      onlink: true,
    },
    { ...base, family: 4, destination: '10.3.0.0/16', type: 'unicast', index, gateway: 'fd77::1', metric: 7 },
    { ...base, family: 4, destination: '10.4.0.0/16', type: 'unicast', index, preferredSource: '10.77.1.2' },
    { ...base, family: 6, destination: '::/0', type: 'unicast', index },
    { ...base, family: 6, destination: '::/0', type: 'unreachable', metric: WORST },
    { ...base, family: 6, destination: '2001:db8:113::/48', type: 'throw' },
    { ...base, family: 6, destination: 'fd01::/32', type: 'unicast', index, gateway: 'fd77::1', mtu: 1300 },
    { ...base, family: 6, destination: 'fd02::1/128', type: 'unicast', index, preferredSource: 'fd77::2' },
  ]
}

const requests = (op: RouteRequest['op'], routes: readonly RouteSpec[]): RouteRequest[] =>
  routes.map((route) => ({ op, route }))

test('every kind of route is made as asked, and told as iproute2 tells it', () => {
  netlink.apply(requests('addRoute', specs()))
  const ours = netlink.routes().filter(({ table }) => table === TABLE)
  for (const spec of specs()) {
    const found = ours.find(
      ({ destination, metric, type }) =>
        destination === spec.destination && type === spec.type && (spec.metric ?? metric) === metric,
    )
    expect(found).toMatchObject(spec)
  }
  for (const family of [4, 6] as const) {
    const mine = ours.filter((route) => route.family === family).map(inIpWords)
    expect(mine).toEqual(ipRoutes(family).map(fromIp))
    expect(mine).toHaveLength(specs().filter((spec) => spec.family === family).length)
  }
})

test('what is read can be given back to delete and to make again', () => {
  netlink.apply(requests('addRoute', specs()))
  const before = netlink.routes().filter(({ table }) => table === TABLE)
  netlink.apply(requests('deleteRoute', before))
  expect(netlink.routes().filter(({ table }) => table === TABLE)).toEqual([])
  netlink.apply(requests('addRoute', before))
  expect(netlink.routes().filter(({ table }) => table === TABLE)).toEqual(before)
})

test('a route is replaced, an equal one refused, a missing one not found', () => {
  const route: RouteSpec = { family: 4, destination: '10.5.0.0/16', table: TABLE, type: 'unicast', index }
  netlink.apply(requests('addRoute', [route]))
  expect(() => netlink.apply(requests('addRoute', [route]))).toThrow(
    expect.objectContaining({ code: 'EEXIST' }),
  )
  netlink.apply(requests('replaceRoute', [{ ...route, mtu: 1234 }]))
  expect(ipRoutes(4).map(fromIp)).toMatchObject([{ dst: '10.5.0.0/16', mtu: 1234 }])
  netlink.apply(requests('deleteRoute', [route]))
  expect(() => netlink.apply(requests('deleteRoute', [route]))).toThrow(
    expect.objectContaining({ code: 'ESRCH' }),
  )
})

test('routes of several next hops are told with all of them', () => {
  ip(
    'route',
    'add',
    '10.6.0.0/16',
    'table',
    `${TABLE}`,
    'nexthop',
    'via',
    '10.77.1.1',
    'weight',
    '3',
    'nexthop',
    'via',
    '10.77.1.9',
  )
  const route = netlink.routes().find(({ table }) => table === TABLE)
  expect(route?.index).toBeUndefined()
  expect(route?.nextHops).toEqual([
    { index, gateway: '10.77.1.1', weight: 3 },
    { index, gateway: '10.77.1.9', weight: 1 },
  ])
})

test.each([
  [4, 1024],
  [4, 10_000],
  [6, 10_000],
] as const)('IPv%d: %d routes are made, told and deleted', (family, count) => {
  const routes = Array.from({ length: count }, (_, number): RouteSpec => {
    const destination =
      family === 4 ? `20.${number >> 8}.${number & 255}.0/24` : `fd20:${number.toString(16)}::/48`
    return { family, destination, table: TABLE, type: 'unicast', index, protocol: 118 }
  })
  netlink.apply(requests('addRoute', routes))
  const wanted = routes.map(({ destination }) => destination.replace('fd20:0::', 'fd20::')).toSorted()
  const told = ipRoutes(family)
  expect(told.map(({ dst }) => dst).toSorted()).toEqual(wanted)
  const ours = netlink.routes().filter(({ table }) => table === TABLE)
  expect(ours.map(({ destination }) => destination).toSorted()).toEqual(wanted)
  netlink.apply(requests('deleteRoute', routes))
  expect(ipRoutes(family)).toEqual([])
})
