import assert from 'node:assert/strict'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import type { RouteSpec } from './objects.ts'
import type { RouteRequest } from './request.ts'
import { Rtnetlink } from './rtnetlink.ts'

let namespace: Fd
let netlink: Rtnetlink

beforeEach(() => {
  namespace = createNetworkNamespace()
  netlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
  netlink.apply([{ op: 'setLink', index: 1, up: true }])
})

afterEach(() => {
  netlink[Symbol.dispose]()
  namespace.close()
  assert.equal(openFds(), 0)
})

function addRoute(number: number, more: Partial<RouteSpec> = {}): RouteRequest {
  const destination = `20.${number >> 8}.${number & 255}.0/24`
  return {
    op: 'addRoute',
    route: { family: 4, destination, table: 52001, type: 'unicast', index: 1, ...more },
  }
}

const numbered = (count: number): RouteRequest[] =>
  Array.from({ length: count }, (_, number) => addRoute(number))
const made = (): string[] =>
  netlink.routes().flatMap(({ table, destination }) => (table === 52001 ? [destination] : []))

test('the failed request is named by its position, with the kernel’s own words', () => {
  const requests = [...numbered(3), addRoute(3, { gateway: '192.0.2.1' })]
  expect(() => netlink.apply(requests)).toThrow(
    expect.objectContaining({
      code: 'ENETUNREACH',
      errno: 101,
      index: 3,
      detail: 'Nexthop has invalid gateway',
      syscall: 'rtnetlink addRoute',
    }),
  )
  expect(made()).toHaveLength(3)
})

test('the first failure is the one told, and nothing is sent behind its window', () => {
  const requests = numbered(1000)
  requests[200] = addRoute(200, { index: 4711 })
  requests[210] = addRoute(210, { gateway: '192.0.2.1' })
  expect(() => netlink.apply(requests)).toThrow(expect.objectContaining({ code: 'ENODEV', index: 200 }))
  expect(made()).toContain('20.0.199.0/24')
  expect(made()).not.toContain('20.0.200.0/24')
  expect(made().length).toBeLessThan(330)
})

test('applyAll does all it can and tells each outcome', () => {
  const requests = numbered(1000)
  requests[0] = addRoute(0, { index: 4711 })
  requests[999] = addRoute(999, { gateway: '192.0.2.1' })
  const results = netlink.applyAll(requests)
  expect(results).toHaveLength(1000)
  expect(
    results.flatMap((result, index) => (result.ok ? [] : [[index, result.error.code, result.error.index]])),
  ).toEqual([
    [0, 'ENODEV', 0],
    [999, 'ENETUNREACH', 999],
  ])
  expect(made()).toHaveLength(998)
})

test('bad input anywhere changes nothing', () => {
  const requests = numbered(1000)
  requests[999] = addRoute(999, { destination: '20.3.231.0/40' })
  for (const call of [() => netlink.apply(requests), () => netlink.applyAll(requests)]) {
    expect(call).toThrow(/^requests\[999\]\.route\.destination: "20\.3\.231\.0\/40" is not an IPv4 prefix$/)
  }
  expect(made()).toEqual([])
  netlink.apply(requests.slice(0, 999))
  expect(made()).toHaveLength(999)
})

test('a request of two messages has one result', () => {
  netlink.apply([{ op: 'addLink', kind: 'veth', name: 'a', peer: { name: 'b' } }])
  const index = netlink.links().find(({ name }) => name === 'a')?.index ?? 0
  const results = netlink.applyAll([
    { op: 'setLink', index, up: true, addrGenModeNone: true },
    { op: 'setLink', index: 4711, up: true, addrGenModeNone: true },
    { op: 'setLink', index, mtu: 1400 },
  ])
  expect(results.map((result) => result.ok)).toEqual([true, false, true])
})

test('no requests are no work', () => {
  netlink.apply([])
  expect(netlink.applyAll([])).toEqual([])
})

test('after close every call is refused', () => {
  const closed = withNetworkNamespace(namespace, () => Rtnetlink.open())
  closed[Symbol.dispose]()
  closed[Symbol.dispose]()
  expect(() => closed.links()).toThrow('fd: used after close')
})
