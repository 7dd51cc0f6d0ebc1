import { expect, test } from 'vitest'
import { plainFacts, requestFor } from '../../test/sample-plan.ts'
import type { ApplicationFacts } from '../identity/application-facts.ts'
import { defaultSettings, planTunnel, type TunnelPlan, UnsupportedError } from '../index.ts'
import type { PlanStep } from './step.ts'
import type { TunnelRequest } from './request.ts'

const settings = defaultSettings()
const facts: ApplicationFacts = {
  identity: 'cgroup',
  cgroupRoot: '/sys/fs/cgroup',
  networkNamespace: '7',
  lists: [],
  valuesInUse: [],
  resolvers: ['192.0.2.53', '127.0.0.53', '2001:db8::53'],
  running: [],
  knowledge: { installed: ['com.example.one', 'com.example.two'] },
}

function plan(
  more: Readonly<Record<string, unknown>>,
  overrides: Partial<TunnelRequest> = {},
  applications: ApplicationFacts | undefined = facts,
): TunnelPlan {
  const request = requestFor({ addresses: ['10.8.0.5/24'], more }, overrides)
  return planTunnel(request, settings, plainFacts, applications)
}

function step<Kind extends PlanStep['kind']>(
  from: TunnelPlan,
  kind: Kind,
): Extract<PlanStep, { kind: Kind }> {
  const found = from.steps.find((each) => each.kind === kind)
  if (found === undefined) throw new Error(`no step ${kind}`)
  return found as Extract<PlanStep, { kind: Kind }>
}

const one = 'com.example.one'
const two = 'com.example.two'

test('trusted applications have a mark that leads into the table, and no rule catches others', () => {
  const made = plan({ trustedApplications: [one, two] })
  const rules = step(made, 'rules').apply.rules
  expect(rules.filter(({ family }) => family === 4)).toEqual([
    {
      family: 4,
      priority: 9000,
      action: 'lookup',
      table: 52_000,
      iif: 'lo',
      mark: 0x0200_0000,
      mask: 0x3f00_0000,
      protocol: 118,
    },
  ])
  expect(step(made, 'identity').apply.list.members.map(({ value }) => value)).toEqual([1, 1])
  expect(step(made, 'guard').apply.members).toMatchObject({ kind: 'included', marks: [0x0200_0000] })
})

test('all but blocked applications: these jump over the rule for everybody, which goes first when the tunnel goes', () => {
  const made = plan({ blockedApplications: [one] }, { excludable: [one] })
  const { apply, undo } = step(made, 'rules')
  expect(apply.rules.filter(({ family }) => family === 4)).toMatchObject([
    { priority: 9003, action: 'nop' },
    { priority: 9000, action: 'goto', target: 9003, mark: 0x0200_0000, mask: 0x3e00_0000 },
    { priority: 9001, action: 'lookup', table: 52_000, mark: 0, mask: 0x0100_0000 },
  ])
  expect(undo?.rules).toEqual(apply.rules.toReversed())
})

test('rules come last but for closing sockets, and identities right before them', () => {
  const ids = plan({ trustedApplications: [one], dnsAddresses: ['10.8.0.1'] }).steps.map(({ id }) => id)
  expect(ids.slice(-6)).toEqual([
    'guard',
    'dns rewriting',
    'identity',
    'sockets at destroy',
    'rules',
    'sockets at create',
  ])
})

test('without BPF an application is told by its own user, and otherwise covers nobody', () => {
  const without: ApplicationFacts = {
    ...facts,
    identity: 'uid-range',
    cgroupRoot: '',
    knowledge: { uids: { [one]: [4001, 4002] } },
  }
  const made = plan({ trustedApplications: [one, two] }, {}, without)
  expect(step(made, 'rules').apply.rules.filter(({ family }) => family === 4)).toMatchObject([
    { mark: 0, mask: 0x0100_0000, uidRange: { from: 4001, to: 4001 } },
    { mark: 0, mask: 0x0100_0000, uidRange: { from: 4002, to: 4002 } },
  ])
  expect(made.steps.some(({ kind }) => kind === 'identity')).toBe(false)
  expect(made.warnings).toEqual([expect.stringMatching(/^com\.example\.two covers nobody/)])
  expect(() => plan({ trustedApplications: [one], dnsAddresses: ['10.8.0.1'] }, {}, without)).toThrow(
    'config.dnsServers: ',
  )
})

test('values in the marks of sockets, or of other lists, are not given again; when none is left it is said', () => {
  const list = (value: number, slot: number) => ({
    list: {
      slot,
      members: [{ bundle: `com.example.n${slot}`, aliases: [], value, uids: [] }],
      lockDevice: false,
    },
    rules: [],
  })
  const value = (applications: ApplicationFacts): number | undefined =>
    step(plan({ trustedApplications: [one] }, { slot: 40 }, applications), 'identity').apply.list.members[0]
      ?.value
  expect(value({ ...facts, valuesInUse: [1, 3] })).toBe(2)
  expect(value({ ...facts, valuesInUse: [1, 3], lists: [list(2, 0)] })).toBe(4)
  const lists = Array.from({ length: 30 }, (_, index) => list(index + 1, index))
  expect(value({ ...facts, lists })).toBe(31)
  const full = { ...facts, lists: [...lists, list(31, 30)] }
  expect(() => value(full)).toThrow(UnsupportedError)
  expect(() => value(full)).toThrow('config.trustedApplications: ')
})

test('out of a device tunnel only policy lets an application, but a host of its own uid needs none', () => {
  const own = 'com.example.vpn'
  const made = plan({ blockedApplications: [one, own] }, { hostUid: 20_010_000 })
  expect(made.warnings).toEqual([expect.stringMatching(/^com\.example\.one stays inside/)])
  expect(step(made, 'guard').apply.members).toMatchObject({ marks: [], uids: [20_010_000] })
  const shared = plan({ blockedApplications: [own] }, { hostUid: 1000 })
  expect(step(shared, 'guard').apply.members).toMatchObject({ marks: [], uids: [] })
})

test('an application is known by installation, alias, user or because it runs; else a warning says it covers nobody', () => {
  const warnings = (knowledge: ApplicationFacts['knowledge'], running: readonly string[] = []): number =>
    plan({ trustedApplications: ['org.example'] }, {}, { ...facts, knowledge, running }).warnings.length
  expect(warnings({})).toBe(1)
  expect(warnings({ installed: ['org.example'] })).toBe(0)
  expect(warnings({ aliases: { 'org.example': ['snap:example'] } })).toBe(0)
  expect(warnings({ uids: { 'org.example': [7] } })).toBe(0)
  expect(warnings({}, ['org.example'])).toBe(0)
  expect(
    plan({ trustedApplications: ['org.example'] }, {}, { ...facts, knowledge: {} }).steps.length,
  ).toBeGreaterThan(0)
})

test('without facts about applications a list is refused', () => {
  expect(() =>
    planTunnel(requestFor({ more: { trustedApplications: [one] } }), settings, plainFacts),
  ).toThrow('config.trustedApplications: ')
})

test('each resolver goes to a server of its family, or is refused', () => {
  const rewriting = (dnsAddresses: readonly string[]): unknown =>
    step(plan({ dnsAddresses }, { scope: { kind: 'user', uid: 1000 } }), 'dns-rewrite').apply
  expect(rewriting(['10.8.0.1', '10.8.0.2'])).toMatchObject({
    uid: 1000,
    role: 'dns',
    networkNamespace: '7',
    redirects: [
      { from: '192.0.2.53', to: '10.8.0.1' },
      { from: '127.0.0.53', to: '10.8.0.2' },
      { from: '2001:db8::53', to: 'refuse' },
    ],
  })
  const onlyV6 = { ...facts, resolvers: ['127.0.0.53'] }
  const user = { scope: { kind: 'user', uid: 1000 } } as const
  expect(() => plan({ dnsAddresses: ['fd08::1'] }, user, onlyV6)).toThrow(
    'config.dnsServers: has no IPv4 server',
  )
  expect(() => plan({ dnsAddresses: ['fe80::1'] }, user)).toThrow('config.dnsServers: has only link-local')
  const same = plan({ dnsAddresses: ['192.0.2.53'] }, user, { ...facts, resolvers: ['192.0.2.53'] })
  expect(same.steps.some(({ kind }) => kind === 'dns-rewrite')).toBe(false)
})
