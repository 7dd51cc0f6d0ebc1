import assert from 'node:assert/strict'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import { watchNetlink } from './monitor.ts'
import type { NetlinkEvent } from './monitor.ts'
import type { RouteSpec, RtRule } from './objects.ts'
import type { RtRequest } from './request.ts'
import { Rtnetlink } from './rtnetlink.ts'

let namespace: Fd
let netlink: Rtnetlink

beforeEach(() => {
  namespace = createNetworkNamespace()
  netlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
  netlink.apply([
    { op: 'setLink', index: 1, up: true },
    { op: 'addLink', kind: 'bridge', name: 'br0', up: true },
  ])
})

afterEach(() => {
  netlink[Symbol.dispose]()
  namespace.close()
  assert.equal(openFds(), 0)
})

function watch(groups: Parameters<typeof watchNetlink>[0], events: NetlinkEvent[]): Disposable {
  return withNetworkNamespace(namespace, () => watchNetlink(groups, (event) => events.push(event)))
}

const patience = { timeout: 20_000 }

interface Changes {
  readonly make: readonly RtRequest[]
  readonly undo: readonly RtRequest[]
  /** What the events of these are called by {@link nameOf}, in the order of `undo`. */
  readonly names: readonly string[]
}

function changes(family: 4 | 6): Changes {
  const index = netlink.links().find(({ name }) => name === 'br0')?.index ?? 0
  const text = family === 4 ? '10.8.0.5' : 'fd08::5'
  const destination = family === 4 ? '203.0.113.0/24' : '2001:db8:113::/48'
  const address = { index, address: text, prefixLength: family === 4 ? 32 : 128 }
  const route: RouteSpec = { family, destination, table: 52001, type: 'unicast', index, protocol: 118 }
  const rule: RtRule = { family, priority: 9000, action: 'lookup', table: 52001, protocol: 118 }
  return {
    make: [
      { op: 'addAddress', noDad: true, ...address },
      { op: 'addRoute', route },
      { op: 'addRule', rule },
      { op: 'setLink', index, mtu: 1400 },
    ],
    undo: [
      { op: 'deleteRule', rule },
      { op: 'deleteRoute', route },
      { op: 'deleteAddress', ...address },
      { op: 'deleteLink', index },
    ],
    names: ['rule 9000', `route ${destination} 52001`, `address ${text}`, 'link br0 1400'],
  }
}

function nameOf(event: NetlinkEvent): string {
  switch (event.kind) {
    case 'address':
      return `address ${event.address.address}`
    case 'route':
      return `route ${event.route.destination} ${event.route.table}`
    case 'rule':
      return `rule ${event.rule.priority}`
    case 'link':
      return `link ${event.link.name} ${event.link.mtu}`
    case 'overrun':
    default:
      return 'overrun'
  }
}

const isDeletion = (event: NetlinkEvent): boolean => event.kind !== 'overrun' && event.deleted

test.each([4, 6] as const)('IPv%d: each group tells its own changes, made and undone', async (family) => {
  const events: NetlinkEvent[] = []
  using watching = watch(['link', 'address', 'route', 'rule'], events)
  const { make, undo, names } = changes(family)
  netlink.apply(make)
  // The kernel tells of a new IPv6 address later, and not at all when it is gone by then.
  await vi.waitUntil(() => events.some(({ kind }) => kind === 'address'), patience)
  netlink.apply(undo)
  await vi.waitUntil(() => events.some((event) => event.kind === 'link' && event.deleted), patience)
  watching[Symbol.dispose]()
  const told = events.filter((event) => names.includes(nameOf(event)))
  const made = told.filter((event) => !isDeletion(event)).map(nameOf)
  expect(new Set(made)).toEqual(new Set(names))
  expect(told.filter(isDeletion).map(nameOf)).toEqual(names)
})

test('only the groups asked for are told, and nothing after the end', async () => {
  const rulesOnly: NetlinkEvent[] = []
  const everything: NetlinkEvent[] = []
  const watching = watch(['rule'], rulesOnly)
  using control = watch(['link', 'address', 'route', 'rule'], everything)
  netlink.apply(changes(4).make)
  await vi.waitUntil(() => everything.some(({ kind }) => kind === 'link') && rulesOnly.length > 0, patience)
  expect(rulesOnly.map(({ kind }) => kind)).toEqual(['rule'])
  watching[Symbol.dispose]()
  watching[Symbol.dispose]()
  everything.length = 0
  netlink.apply([{ op: 'deleteRule', rule: { family: 4, priority: 9000, action: 'lookup', table: 52001 } }])
  await vi.waitUntil(() => everything.some(({ kind }) => kind === 'rule'), patience)
  control[Symbol.dispose]()
  expect(rulesOnly).toHaveLength(1)
})

test('lost events are told as an overrun, and what comes after it is told again', async () => {
  const events: NetlinkEvent[] = []
  using watching = watch(['route'], events)
  const index = netlink.links().find(({ name }) => name === 'br0')?.index ?? 0
  const routes = Array.from({ length: 10_000 }, (_, number): RouteSpec => {
    const destination = `20.${number >> 8}.${number & 255}.0/24`
    return { family: 4, destination, table: 52001, type: 'unicast', index }
  })
  // All of it happens before the event loop turns once.
  netlink.apply(routes.map((route) => ({ op: 'addRoute', route })))
  netlink.apply(routes.map((route) => ({ op: 'deleteRoute', route })))
  await vi.waitUntil(() => events.some(({ kind }) => kind === 'overrun'), patience)
  netlink.apply([
    {
      op: 'addRoute',
      route: { family: 4, destination: '198.51.100.0/24', table: 52001, type: 'unreachable' },
    },
  ])
  await vi.waitUntil(
    () => events.some((event) => event.kind === 'route' && event.route.destination === '198.51.100.0/24'),
    patience,
  )
  watching[Symbol.dispose]()
  expect(events.filter(({ kind }) => kind === 'overrun')).toHaveLength(1)
})

test('an end inside the callback ends it at once', async () => {
  const events: NetlinkEvent[] = []
  const watching = withNetworkNamespace(namespace, () =>
    watchNetlink(['rule'], (event) => {
      events.push(event)
      watching[Symbol.dispose]()
    }),
  )
  const others: NetlinkEvent[] = []
  using control = watch(['rule'], others)
  for (const priority of [1, 2, 3]) {
    netlink.apply([{ op: 'addRule', rule: { family: 4, priority, action: 'lookup', table: 7 } }])
  }
  await vi.waitUntil(() => others.length === 3 && events.length > 0, patience)
  control[Symbol.dispose]()
  expect(events).toHaveLength(1)
})

test('no group at all is refused', () => {
  expect(() => watchNetlink([], () => {})).toThrow(/^groups: /)
})
