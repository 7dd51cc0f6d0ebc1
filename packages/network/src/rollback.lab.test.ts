import type { Lab } from '@vpnext/lab'
import { cgroup2Mount, openTun, setSysctl } from '@vpnext/native'
import { beforeAll, describe, expect, test } from 'vitest'
import { inside, machineIn } from '../test/lab-tunnel.ts'
import { type ConfigInWords, requestFor } from '../test/sample-plan.ts'
import { useLab } from '../test/use-lab.ts'
import {
  createTunnel,
  diffSnapshots,
  ensureApplicationCgroup,
  planTunnel,
  readKernelFacts,
  rehearseTunnel,
  removeIdleCgroups,
  type Scope,
  TunnelError,
} from './index.ts'

const root = cgroup2Mount()!
let lab: Lab

useLab((made) => (lab = made))
beforeAll(() => {
  // The strict check adds a step that changes a setting of the whole machine.
  lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 1))
})

const dns = { more: { dnsAddresses: ['10.8.0.1'], searchDomains: ['corp.test'] } }
const device: Scope = { kind: 'device' }
const user: Scope = { kind: 'user', uid: 1000 }
const tunnels: Readonly<Record<string, { readonly words: ConfigInWords; readonly scope: Scope }>> = {
  'IPv4, full': { words: { addresses: ['10.8.0.5/24'], ...dns }, scope: device },
  'IPv6, full': { words: { addresses: ['fd08::5/64'], ...dns }, scope: device },
  'both, full': { words: { addresses: ['10.8.0.5/24', 'fd08::5/64'], ...dns }, scope: device },
  'both, split': {
    words: {
      addresses: ['10.8.0.5/32', 'fd08::5/128'],
      routes: ['198.51.100.0/24', '2001:db8:1::/48'],
      ...dns,
    },
    scope: device,
  },
  'both, with exclusions': {
    words: {
      addresses: ['10.8.0.5/24', 'fd08::5/64'],
      routes: ['0.0.0.0/0', '::/0', '!203.0.113.0/24', '!2001:db8:113::/48'],
    },
    scope: device,
  },
  'of a user': { words: { addresses: ['10.8.0.5/24', 'fd08::5/64'] }, scope: user },
  'of a user, with DNS': { words: { addresses: ['10.8.0.5/24', 'fd08::5/64'], ...dns }, scope: user },
  'of an application': {
    words: {
      addresses: ['10.8.0.5/24', 'fd08::5/64'],
      more: { ...dns.more, trustedApplications: ['com.example.one'] },
    },
    scope: device,
  },
  'of all but an application': {
    words: {
      addresses: ['10.8.0.5/24', 'fd08::5/64'],
      more: { ...dns.more, blockedApplications: ['com.example.one'] },
    },
    scope: device,
  },
  'without an address': { words: { addresses: [] }, scope: device },
}

describe.each(Object.entries(tunnels))('a tunnel (%s)', (_name, { words, scope }) => {
  test('that fails at any step leaves everything as it was', async () => {
    await using machine = machineIn(lab)
    const { settings, journal } = machine
    ensureApplicationCgroup({ root, settings, journal }, { uid: 1000, bundle: 'com.example.one' })
    const empty = machine.snapshot()
    const plan = machine.plan(words, { scope, excludable: ['com.example.one'] })
    const stepIds = ['journal', ...plan.steps.map(({ id }) => id), 'hand-over']
    expect(new Set(stepIds).size).toBe(stepIds.length)
    for (const stepId of stepIds) {
      const seen: string[] = []
      const faults = {
        before(id: string): void {
          seen.push(id)
          if (id === stepId) throw new Error('injected')
        },
      }
      const made = inside(lab.client, () => createTunnel(plan, { journal, faults }))
      const failure: unknown = await made.catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(TunnelError)
      expect(failure).toMatchObject({ stepId, rollbackFailures: [], cause: { message: 'injected' } })
      expect(seen.at(-1)).toBe(stepId)
      expect({ stepId, changes: diffSnapshots(empty, machine.snapshot()) }).toEqual({ stepId, changes: [] })
      expect(journal.entries()).toEqual([])
    }
    // The control: the same plan does change something when nothing fails.
    const tunnel = await inside(lab.client, () => createTunnel(plan, { journal }))
    expect(diffSnapshots(empty, machine.snapshot()).length).toBeGreaterThan(10)
    await machine.destroy(tunnel)
    expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
    removeIdleCgroups({ root, settings })
  })
})

test('a kernel that refuses half way leaves everything as it was', async () => {
  await using machine = machineIn(lab)
  const { settings, journal } = machine
  const empty = machine.snapshot()
  const plan = lab.client.run(() => planTunnel(requestFor({}), settings, readKernelFacts(settings)))
  const broken = {
    ...plan,
    steps: plan.steps.map((step) =>
      step.kind === 'routes'
        ? { ...step, apply: { ...step.apply, excluded: ['10.0.0.0/8', '10.0.0.0/8'] } }
        : step,
    ),
  }
  const failure: unknown = await inside(lab.client, () => createTunnel(broken, { journal })).catch(
    (e: unknown) => e,
  )
  expect(failure).toMatchObject({ stepId: 'routes', cause: { code: 'EEXIST' } })
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('a device of the same name that comes up meanwhile is not touched', async () => {
  await using machine = machineIn(lab)
  const { settings, journal } = machine
  const plan = lab.client.run(() => planTunnel(requestFor({}), settings, readKernelFacts(settings)))
  using _other = lab.client.run(() => openTun({ name: plan.interfaceName })).fd
  const withOther = machine.snapshot()
  const failure: unknown = await inside(lab.client, () => createTunnel(plan, { journal })).catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({ stepId: 'tun', cause: { code: 'EBUSY' } })
  expect(diffSnapshots(withOther, machine.snapshot())).toEqual([])
})

test('an aborted creation rejects with the reason and leaves everything as it was', async () => {
  await using machine = machineIn(lab)
  const empty = machine.snapshot()
  const controller = new AbortController()
  const reason = new Error('no longer wanted')
  const faults = {
    before(id: string): void {
      if (id === 'guard') controller.abort(reason)
    },
  }
  await expect(machine.create({}, {}, { faults, signal: controller.signal })).rejects.toBe(reason)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('a rehearsal does everything that changes nothing, and a real creation goes on as after none', async () => {
  await using machine = machineIn(lab)
  const { settings, journal } = machine
  const empty = machine.snapshot()
  const plan = lab.client.run(() => planTunnel(requestFor(dns), settings, readKernelFacts(settings)))
  lab.client.run(() => rehearseTunnel(plan, journal))
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
  expect(journal.entries()).toEqual([])
  const tunnel = await inside(lab.client, () => createTunnel(plan, { journal }))
  expect(diffSnapshots(empty, machine.snapshot())).not.toEqual([])
  await machine.destroy(tunnel)
})

test('sockets are left to whoever wants to close them afterwards, and everything else is done', async () => {
  await using machine = machineIn(lab)
  const { settings, journal } = machine
  const plan = lab.client.run(() => planTunnel(requestFor({}), settings, readKernelFacts(settings)))
  const later: (() => void)[] = []
  const afterwards = (close: () => void): unknown => later.push(close)
  const tunnel = await inside(lab.client, () => createTunnel(plan, { journal, afterwards }))
  expect(later).toHaveLength(1)
  lab.client.run(() => later[0]?.())
  await machine.destroy(tunnel)
})
