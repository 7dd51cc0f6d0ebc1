import { describe, expect, test } from 'vitest'
import { plainFacts, planFor, requestFor } from '../../test/sample-plan.ts'
import {
  defaultSettings,
  describePlan,
  OccupiedError,
  type PlanStep,
  planTunnel,
  type TunnelPlan,
  UnsupportedError,
} from '../index.ts'

function step<Kind extends PlanStep['kind']>(
  plan: TunnelPlan,
  kind: Kind,
): Extract<PlanStep, { kind: Kind }> {
  const found = plan.steps.find((each): each is Extract<PlanStep, { kind: Kind }> => each.kind === kind)
  if (found === undefined) throw new Error(`no step ${kind}`)
  return found
}

const dual = { addresses: ['10.8.0.5/24', 'fd08::5/64'] }

test('a plan says what it will do, in the order of the design', () => {
  expect(describePlan(planFor({ ...dual, more: { dnsAddresses: ['10.8.0.1'] } }))).toEqual([
    'make TUN device vpn-tun',
    'set net/ipv6/conf/vpn-tun/accept_ra to 0',
    'set MTU 1500 and no IPv6 link-local address',
    'add 2 addresses: 10.8.0.5/24, fd08::5/64',
    'bring the device up',
    'fill table 52000: into the tunnel, else unreachable: 0.0.0.0/0, 10.8.0.0/24, ::/0, fd08::/64',
    'set net/ipv4/conf/all/arp_ignore to 1',
    'add the guard to nft table inet vpnext: covered traffic leaves through vpn-tun or not at all',
    'write /etc/resolv.conf: 10.8.0.1',
    'when the tunnel goes: close sockets that have its source address',
    'add 2 rules: IPv4 pref 9000 iif lo fwmark 0x0/0x1000000 lookup 52000; IPv6 pref 9000 iif lo fwmark 0x0/0x1000000 lookup 52000',
    'close sockets of covered destinations that have another source address',
  ])
})

test.each([
  ['accepts IPv6 where new interfaces have it', true, false, []],
  ['accepts IPv6 where new interfaces are without', true, true, [{ value: '0', optional: false }]],
  ['refuses IPv6 where new interfaces have it', false, false, [{ value: '1', optional: true }]],
  ['refuses IPv6 where new interfaces are without', false, true, []],
])('a tunnel that %s', (_what, isIPv6Accepted, ipv6DisabledByDefault, expected) => {
  const facts = { ...plainFacts, ipv6DisabledByDefault }
  const plan = planFor({ addresses: ['10.8.0.5/24'], more: { isIPv6Accepted } }, {}, facts)
  const set = plan.steps.flatMap((each) => (each.kind === 'sysctl' ? [each.apply] : []))
  expect(set.filter(({ name }) => name === 'net/ipv6/conf/vpn-tun/disable_ipv6')).toMatchObject(expected)
})

test('a plan is plain JSON and the same every time', () => {
  const plan = planFor({ ...dual, more: { dnsAddresses: ['10.8.0.1'] } })
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  expect(planFor({ ...dual, more: { dnsAddresses: ['10.8.0.1'] } })).toEqual(plan)
})

test('every lasting change has its undo', () => {
  const facts = { ...plainFacts, strictSourceCheck: true, rpFilterAll: 1 }
  const plan = planFor({ ...dual, more: { dnsAddresses: ['10.8.0.1'] } }, {}, facts)
  const kinds = plan.steps.flatMap(({ undo }) => (undo === undefined ? [] : [undo.kind]))
  expect(kinds).toEqual(['link', 'routes', 'sysctl', 'sysctl', 'guard', 'dns-planned', 'sockets', 'rules'])
})

test('table, preferences and interface follow from the slot', () => {
  const plan = planFor(dual, { slot: 7, interfaceName: 'vpn-tun7' })
  expect(plan.table).toBe(52_007)
  expect(step(plan, 'rules').apply.rules.map(({ priority, table }) => [priority, table])).toEqual([
    [9028, 52_007],
    [9028, 52_007],
  ])
})

test('a user tunnel catches one uid and leaves the system resolver alone', () => {
  const plan = planFor(
    { ...dual, more: { searchDomains: ['corp.test'] } },
    { scope: { kind: 'user', uid: 1000 }, hostUid: 20_010_000 },
  )
  expect(step(plan, 'rules').apply.rules.map(({ uidRange }) => uidRange)).toEqual([
    { from: 1000, to: 1000 },
    { from: 1000, to: 1000 },
  ])
  expect(step(plan, 'guard').apply).toMatchObject({ uid: 1000, hostUid: 20_010_000 })
  expect(plan.steps.some(({ kind }) => kind === 'dns')).toBe(false)
})

test('a host that shares its uid with the user is known by its mark alone', () => {
  const owner = { uid: 1000, bundleName: 'com.example.vpn' }
  expect(step(planFor(dual, { hostUid: 1000, owner }), 'guard').apply).not.toHaveProperty('hostUid')
  expect(step(planFor(dual, { hostUid: 20_010_000, owner }), 'guard').apply).toHaveProperty('hostUid')
})

describe('a family that is not accepted', () => {
  test('is refused altogether beside a full tunnel', () => {
    for (const routes of [undefined, ['0.0.0.0/0'], ['0.0.0.0/1', '128.0.0.0/1']]) {
      const plan = planFor({ addresses: ['10.8.0.5/24'], ...(routes === undefined ? {} : { routes }) })
      expect(step(plan, 'routes').apply.refused).toEqual(['::/0'])
      expect(step(plan, 'guard').apply.covered6).toEqual(['::/0'])
      expect(step(plan, 'rules').apply.rules.map(({ family }) => family)).toEqual([4, 6])
    }
  })

  test('is free beside a split tunnel', () => {
    const plan = planFor({ addresses: ['10.8.0.5/32'], routes: ['198.51.100.0/24'] })
    expect(step(plan, 'routes').apply).toMatchObject({
      tunnel: ['198.51.100.0/24'],
      refused: [],
      excluded: [],
    })
    expect(step(plan, 'guard').apply.covered6).toEqual([])
    expect(step(plan, 'rules').apply.rules.map(({ family }) => family)).toEqual([4])
  })

  test('is refused where a route names it', () => {
    const plan = planFor({ addresses: ['10.8.0.5/32'], routes: ['198.51.100.0/24', '2001:db8::/32'] })
    expect(step(plan, 'routes').apply.refused).toEqual(['2001:db8::/32'])
  })

  test('is left out where the kernel has no IPv6', () => {
    const plan = planFor(dual, {}, { ...plainFacts, ipv6: false })
    expect(step(plan, 'routes').apply).toMatchObject({ tunnel: ['0.0.0.0/0', '10.8.0.0/24'], refused: [] })
    expect(step(plan, 'addresses').apply.addresses).toHaveLength(1)
    expect(plan.warnings).toEqual(['the kernel has no IPv6: the IPv6 part of the tunnel is left out'])
  })
})

test('excluded destinations are not covered, unless a longer route catches them again', () => {
  const plan = planFor({
    addresses: ['10.8.0.5/32'],
    routes: ['10.0.0.0/8', '!10.0.0.0/9', '10.64.0.0/10'],
  })
  expect(step(plan, 'routes').apply).toMatchObject({
    tunnel: ['10.0.0.0/8', '10.64.0.0/10'],
    excluded: ['10.0.0.0/9'],
  })
  expect(step(plan, 'guard').apply.covered4).toEqual(['10.64.0.0/10', '10.128.0.0/9'])
})

test('a tunnel without addresses carries nothing, and says so', () => {
  const plan = planFor({ addresses: [] })
  expect(plan.warnings).toEqual(['the tunnel has no address, so it carries nothing'])
  expect(plan.steps.some(({ kind }) => kind === 'addresses')).toBe(false)
})

test('what is not supported is refused by name', () => {
  const user = { scope: { kind: 'user', uid: 1000 } } as const
  expect(() => planFor({ more: { dnsAddresses: ['10.8.0.1'] } }, user)).toThrow(UnsupportedError)
  expect(() => planFor({ more: { dnsAddresses: ['10.8.0.1'] } }, user)).toThrow(
    'config.dnsServers: DNS servers for some programs only need BPF and cgroup2',
  )
  for (const field of ['trustedApplications', 'blockedApplications']) {
    expect(() => planFor({ more: { [field]: ['com.example.app'] } })).toThrow(`config.${field}: `)
  }
})

test('what belongs to somebody else is refused by name', () => {
  const taken = (facts: object, overrides = {}): (() => TunnelPlan) => {
    return () => planTunnel(requestFor({}, overrides), defaultSettings(), { ...plainFacts, ...facts })
  }
  expect(taken({ interfaceNames: ['vpn-tun'] })).toThrow(OccupiedError)
  expect(taken({ interfaceNames: ['vpn-tun'] })).toThrow(/^interface vpn-tun: /)
  expect(taken({ ruleTables: [52_000] })).toThrow(/^table 52000: /)
  expect(taken({ rulePriorities: [9003] })).toThrow(/^rule preference 9003: /)
  expect(taken({ rulePriorities: [9004], ruleTables: [52_001] })).not.toThrow()
})

test.each([
  ['slot', { slot: -1 }],
  ['slot', { slot: 500 }],
  ['slot', { slot: 0.5 }],
  ['interfaceName', { interfaceName: '' }],
  ['interfaceName', { interfaceName: 'sixteen-letters-' }],
  ['interfaceName', { interfaceName: '../../kernel' }],
  ['interfaceName', { interfaceName: 'a" drop; #' }],
  ['hostUid', { hostUid: 4_294_967_295 }],
  ['uid', { scope: { kind: 'user' as const, uid: -1 } }],
])('a bad %s is refused by name: %j', (field, overrides) => {
  expect(() => planFor({}, overrides)).toThrow(new RegExp(`^${field}: `))
})
