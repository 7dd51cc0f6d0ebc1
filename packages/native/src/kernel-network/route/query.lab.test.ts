import assert from 'node:assert/strict'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import { SystemError } from '../../system-error.ts'
import type { IpFamily, RouteQuery } from './objects.ts'
import { Rtnetlink } from './rtnetlink.ts'

const PROTECT = 0x0100_0000

let namespace: Fd
let netlink: Rtnetlink
let index: number

beforeEach(() => {
  namespace = createNetworkNamespace()
  netlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
  netlink.apply([
    { op: 'setLink', index: 1, up: true },
    { op: 'addLink', kind: 'bridge', name: 'br0', up: true },
  ])
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

const facts = {
  4: { source: '10.77.1.2', near: '10.77.1.1', far: '203.0.113.80', network: '203.0.113.0/24', width: 32 },
  6: {
    source: 'fd77::2',
    near: 'fd77::1',
    far: '2001:db8:113::80',
    network: '2001:db8:113::/48',
    width: 128,
  },
} as const

function code(query: RouteQuery): string {
  try {
    return netlink.getRoute(query).type
  } catch (error) {
    if (error instanceof SystemError) return error.code
    throw error
  }
}

test.each([4, 6] as const)('IPv%d: the way of a packet has its table, interface and source', (family) => {
  const { source, near, width } = facts[family]
  expect(netlink.getRoute({ family, destination: near })).toMatchObject({
    destination: `${near}/${width}`,
    table: 254,
    type: 'unicast',
    index,
    preferredSource: source,
  })
})

test.each([4, 6] as const)('IPv%d: mark, uid and port choose the rule', (family) => {
  const { far, network } = facts[family]
  const everywhere = family === 4 ? '0.0.0.0/0' : '::/0'
  netlink.apply([
    { op: 'addRoute', route: { family, destination: everywhere, table: 52001, type: 'unicast', index } },
    { op: 'addRoute', route: { family, destination: network, table: 52002, type: 'unicast', index } },
    { op: 'addRoute', route: { family, destination: network, table: 52003, type: 'unicast', index } },
    { op: 'addRule', rule: { family, priority: 10, action: 'lookup', table: 52003, ipProto: 17, dport: 53 } },
    {
      op: 'addRule',
      rule: { family, priority: 20, action: 'lookup', table: 52002, uidRange: { from: 0, to: 0 } },
    },
    {
      op: 'addRule',
      rule: { family, priority: 30, action: 'lookup', table: 52001, mark: 0, mask: PROTECT, iif: 'lo' },
    },
  ])
  const ask = (more: Partial<RouteQuery>): number =>
    netlink.getRoute({ family, destination: far, uid: 1001, ...more }).table
  expect(ask({})).toBe(52001)
  expect(ask({ uid: 0 })).toBe(52002)
  expect(ask({ ipProto: 17, dport: 53 })).toBe(52003)
  expect(ask({ ipProto: 17, dport: 54 })).toBe(52001)
  expect(code({ family, destination: far, uid: 1001, mark: PROTECT })).toBe('ENETUNREACH')
  expect(netlink.getRoute({ family, destination: far, uid: 0, tableEntry: true }).destination).toBe(network)
})

test.each<[IpFamily, 'unreachable' | 'prohibit' | 'blackhole', string]>([
  [4, 'unreachable', 'EHOSTUNREACH'],
  [4, 'prohibit', 'EACCES'],
  [4, 'blackhole', 'EINVAL'],
  [6, 'unreachable', 'EHOSTUNREACH'],
  [6, 'prohibit', 'EACCES'],
  [6, 'blackhole', 'EINVAL'],
])('IPv%d: %s is told as the error a socket would get', (family, type, error) => {
  const { far, network } = facts[family]
  expect(code({ family, destination: far })).toBe('ENETUNREACH')
  netlink.apply([{ op: 'addRoute', route: { family, destination: network, table: 254, type } }])
  expect(code({ family, destination: far })).toBe(error)
})

test('bad input is refused by field', () => {
  expect(() => netlink.getRoute({ family: 4, destination: 'fd00::1' })).toThrow(/^destination: /)
  expect(() => netlink.getRoute({ family: 4, destination: '10.0.0.1', mark: -1 })).toThrow(/^mark: /)
})
