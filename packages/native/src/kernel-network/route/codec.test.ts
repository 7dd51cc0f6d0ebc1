import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { readMessages } from '../netlink/message-reader.ts'
import type { NetlinkMessage } from '../netlink/message-reader.ts'
import { MessageWriter } from '../netlink/message-writer.ts'
import { readAddress } from './address-message.ts'
import { readLink } from './link-reader.ts'
import { readEvent } from './monitor.ts'
import type { IpFamily, RouteSpec, RtRule } from './objects.ts'
import { writeRequest } from './request-writer.ts'
import type { RtRequest } from './request.ts'
import { routeTypes } from './route-attributes.ts'
import { readRoute } from './route-reader.ts'
import { readRule } from './rule-reader.ts'

const u8 = fc.nat(255)
const u32 = fc.nat({ max: 0xffff_ffff })
const index = fc.integer({ min: 1, max: 0x7fff_ffff })
const family = fc.constantFrom<IpFamily>(4, 6)
const linkName = fc.stringMatching(/^[a-z][a-z0-9-]{0,14}$/)

/** Canonical IPv6 texts: what the readers answer. */
function addressOf(of: IpFamily): fc.Arbitrary<string> {
  if (of === 4) return fc.ipV4()
  return fc
    .ipV6()
    .map((text) => new URL(`http://[${text}]`).hostname.slice(1, -1))
    .filter((text) => !text.startsWith('::ffff:'))
}

function prefixOf(of: IpFamily): fc.Arbitrary<string> {
  return fc
    .tuple(addressOf(of), fc.nat(of === 4 ? 32 : 128))
    .map(([address, length]) => `${address}/${length}`)
}

function range(max: number): fc.Arbitrary<{ from: number; to: number }> {
  return fc
    .tuple(fc.nat({ max }), fc.nat({ max }))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
}

function roundTrip(request: RtRequest): NetlinkMessage {
  const writer = new MessageWriter()
  writeRequest(writer, request, 1)
  const bytes = Buffer.from(writer.messages(0, 1))
  const [message] = readMessages(bytes, bytes.length)
  if (message === undefined) throw new Error('nothing was written')
  expect(message.end).toBe(bytes.length)
  return message
}

test('a route request says exactly what the reader reads', () => {
  const routes = family.chain((of) =>
    fc.record(
      {
        family: fc.constant(of),
        destination: prefixOf(of),
        table: u32,
        type: fc.constantFrom(...routeTypes),
        index: index,
        gateway: of === 4 ? fc.oneof(addressOf(4), addressOf(6)) : addressOf(6),
        metric: u32,
        protocol: u8,
        scope: u8,
        preferredSource: addressOf(of),
        onlink: fc.constant(true),
        mtu: u32,
      },
      { requiredKeys: ['family', 'destination', 'table', 'type', 'metric', 'protocol', 'scope'] },
    ),
  )
  fc.assert(
    fc.property(routes, fc.constantFrom('addRoute' as const, 'deleteRoute' as const), (route, op) => {
      const flags = route.onlink === true ? 4 : 0
      expect(readRoute(roundTrip({ op, route }))).toEqual({ ...route, flags })
    }),
    { numRuns: 500 },
  )
})

test('a rule request says exactly what the reader reads', () => {
  const rules = family.chain((of) =>
    fc.record(
      {
        family: fc.constant(of),
        priority: u32,
        action: fc.constantFrom(
          'lookup' as const,
          'unreachable' as const,
          'prohibit' as const,
          'blackhole' as const,
        ),
        table: fc.integer({ min: 1, max: 0xffff_ffff }),
        mark: u32,
        mask: u32,
        iif: linkName,
        oif: linkName,
        uidRange: range(0xffff_fffe),
        suppressPrefixLength: fc.nat(128),
        ipProto: u8,
        sport: range(65535),
        dport: range(65535),
        from: prefixOf(of),
        to: prefixOf(of),
        invert: fc.constant(true),
        l3mdev: fc.constant(true),
        protocol: u8,
      },
      { requiredKeys: ['family', 'priority', 'action', 'table', 'mark', 'mask'] },
    ),
  )
  fc.assert(
    fc.property(rules, (rule) => {
      expect(readRule(roundTrip({ op: 'addRule', rule }))).toEqual(rule)
    }),
    { numRuns: 500 },
  )
})

test('an address request says exactly what the reader reads', () => {
  const addresses = family.chain((of) =>
    fc.record({
      address: addressOf(of),
      prefixLength: fc.nat(of === 4 ? 32 : 128),
      index,
      noPrefixRoute: fc.boolean(),
      noDad: fc.boolean(),
      scope: u8,
    }),
  )
  fc.assert(
    fc.property(addresses, ({ noDad, ...rest }) => {
      const message = roundTrip({ op: 'addAddress', noDad, ...rest })
      expect(readAddress(message)).toMatchObject(rest)
      expect((readAddress(message)?.flags ?? 0) & 2).toBe(noDad ? 2 : 0)
    }),
  )
})

test('garbage is passed over without an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 160 }), fc.nat(40), (bytes, type) => {
      const source = Buffer.from(bytes)
      const message = { type, flags: 0, sequence: 0, source, start: 0, end: source.length }
      expect(() => {
        readEvent(message)
        readLink(message)
        readRoute(message, true)
        readRule(message)
        readAddress(message)
      }).not.toThrow()
    }),
    { numRuns: 3000 },
  )
})

const good: RouteSpec = { family: 4, destination: '10.0.0.0/8', table: 254, type: 'unicast', index: 1 }
const goodRule: RtRule = { family: 4, priority: 1, action: 'lookup', table: 1 }

test.each<[string, RtRequest]>([
  ['route.destination', { op: 'addRoute', route: { ...good, destination: '10.0.0.0' } }],
  ['route.destination', { op: 'addRoute', route: { ...good, destination: '10.0.0.0/33' } }],
  ['route.destination', { op: 'addRoute', route: { ...good, destination: 'fd00::/8' } }],
  ['route.destination', { op: 'addRoute', route: { ...good, destination: '10.0.0.0/0x8' } }],
  ['route.table', { op: 'addRoute', route: { ...good, table: -1 } }],
  ['route.metric', { op: 'addRoute', route: { ...good, metric: 2 ** 32 } }],
  ['route.protocol', { op: 'addRoute', route: { ...good, protocol: 256 } }],
  ['route.gateway', { op: 'addRoute', route: { ...good, gateway: 'fe80::1%eth0' } }],
  [
    'route.gateway',
    { op: 'addRoute', route: { ...good, family: 6, destination: '::/0', gateway: '10.0.0.1' } },
  ],
  ['rule.table', { op: 'addRule', rule: { family: 4, priority: 1, action: 'lookup' } }],
  ['rule.target', { op: 'addRule', rule: { ...goodRule, action: 'goto' } }],
  ['rule.mark', { op: 'addRule', rule: { ...goodRule, mask: 1 } }],
  ['rule.uidRange', { op: 'addRule', rule: { ...goodRule, uidRange: { from: 2, to: 1 } } }],
  ['rule.dport.from', { op: 'addRule', rule: { ...goodRule, dport: 65536 } }],
  ['rule.iif', { op: 'addRule', rule: { ...goodRule, iif: 'an-interface-name' } }],
  ['address', { op: 'addAddress', index: 1, address: '10.0.0.256', prefixLength: 8 }],
  ['prefixLength', { op: 'addAddress', index: 1, address: '10.0.0.1', prefixLength: 33 }],
  ['index', { op: 'setLink', index: 0, up: true }],
  ['name', { op: 'addLink', kind: 'bridge', name: 'a/b' }],
  ['peer', { op: 'addLink', kind: 'bridge', name: 'a', peer: { name: 'b' } }],
  ['address', { op: 'addLink', kind: 'bridge', name: 'a', address: '02:00' }],
])('bad input is refused with the name of its field: %s', (field, request) => {
  expect(() => writeRequest(new MessageWriter(), request, 1)).toThrow(new RegExp(`^${field}: `))
})
