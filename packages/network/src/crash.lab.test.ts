import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { capture, EchoServer, type Lab, labAddresses, labLinks, tcpProbe, udpProbe } from '@vpnext/lab'
import { beforeAll, expect, test } from 'vitest'
import { inside, type Machine, machineIn, originalResolvConf } from '../test/lab-tunnel.ts'
import { type ConfigInWords, requestFor } from '../test/sample-plan.ts'
import { useLab, useMachine } from '../test/use-lab.ts'
import type { TunnelRequest } from './plan/request.ts'
import { cgroup2Mount } from '@vpnext/native'
import {
  createTunnel,
  diffSnapshots,
  ensureApplicationCgroup,
  type Journal,
  type NetworkSettings,
  openJournal,
  planClosed,
  planTunnel,
  readApplicationFacts,
  readKernelFacts,
  removeIdleCgroups,
  type RepairReport,
  type TunnelPlan,
} from './index.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const internet = labAddresses.internet
const root = cgroup2Mount()!
let lab: Lab
let machine: Machine

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)
beforeAll(() => {
  // The child is a program of its own and so runs what is built.
  execFileSync(process.execPath, [
    here('../../../node_modules/typescript/bin/tsc'),
    '-b',
    here('../tsconfig.build.json'),
  ])
})

const words: ConfigInWords = {
  addresses: ['10.8.0.5/24', 'fd08::5/64'],
  more: { dnsAddresses: ['10.8.0.1'] },
}

/** Runs a process that holds a tunnel. Resolves when the tunnel is up, or when the process has killed itself. */
async function hold(
  killBefore?: string,
  request: TunnelRequest = requestFor(words),
  ahead = false,
): Promise<{ kill(): Promise<void> }> {
  const { settings, journal } = machine
  const argument = { settings, directory: journal.directory, request, killBefore, ahead }
  const child = lab.client.spawn(
    process.execPath,
    [here('../test/hold-tunnel.mjs'), JSON.stringify(argument)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(child, 'exit')
  const first = await Promise.race([once(child.stdout!, 'data'), ended])
  if (killBefore === undefined) expect(String(first[0])).toBe('up\n')
  else expect((await ended)[1]).toBe('SIGKILL')
  return {
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** What a new service does: a process of its own, in the client's namespace from its start to its end. */
function repairAsNewService(
  settings: NetworkSettings = machine.settings,
  { directory }: Journal = machine.journal,
  keepsClosed = false,
): RepairReport {
  const argument = JSON.stringify({ settings, directory, keepsClosed })
  const command = [here('../test/repair-journal.mjs'), argument]
  return JSON.parse(lab.client.run(() => execFileSync(process.execPath, command, { encoding: 'utf8' })))
}

test('a killed tunnel is closed until it is repaired, and then as if it had never been', async () => {
  const empty = machine.snapshot()
  const holder = await hold()
  expect(readFileSync(machine.settings.resolvConf, 'utf8')).toContain('nameserver 10.8.0.1\n')
  await holder.kill()
  using uplink = capture(lab.router, labLinks.routerToClient)
  for (const version of ['v4', 'v6'] as const) {
    expect(await udpProbe(lab.client, internet[version], { connect: true })).toBe('EHOSTUNREACH')
    const around = { bindToDevice: labLinks.client, timeoutMs: 400 }
    expect(await udpProbe(lab.client, internet[version], around)).not.toBe(labAddresses.client[version])
  }
  expect(uplink.count({ destinationPort: 7 })).toBe(0)

  const report = repairAsNewService()
  expect(report.tunnels).toMatchObject([{ slot: 0, interfaceName: 'vpn-tun', failed: [] }])
  expect(report.tunnels[0]?.undone).toContain(machine.settings.resolvConf)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
  expect(readFileSync(machine.settings.resolvConf, 'utf8')).toBe(originalResolvConf)
  expect(await udpProbe(lab.client, internet.v4)).toBe(labAddresses.client.v4)
  expect(repairAsNewService()).toEqual({ tunnels: [], swept: [], closed: [] })
})

/** Of several settings in a row, the first. */
function unlikeSteps({ steps }: TunnelPlan): string[] {
  return steps
    .filter(({ kind }, at) => kind !== 'sysctl' || steps[at - 1]?.kind !== 'sysctl')
    .map(({ id }) => id)
}

const application = { trustedApplications: ['com.example.one'] }
const requests: readonly (readonly [string, TunnelRequest])[] = [
  ['of the device', requestFor(words)],
  ['of an application', requestFor({ ...words, more: { ...words.more, ...application } })],
]

test.each(requests)(
  'a tunnel %s, killed before any step, is repaired to what was there before',
  async (_name, request) => {
    const { settings, journal } = machine
    ensureApplicationCgroup({ root, settings, journal }, { uid: 1000, bundle: 'com.example.one' })
    const empty = machine.snapshot()
    const plan = lab.client.run(() =>
      planTunnel(request, settings, readKernelFacts(settings), readApplicationFacts(journal, settings)),
    )
    let changed = 0
    for (const stepId of [...plan.steps.map(({ id }) => id), 'hand-over']) {
      await hold(stepId, request)
      if (diffSnapshots(empty, machine.snapshot()).length > 0) changed += 1
      const report = repairAsNewService()
      expect({ stepId, failed: report.tunnels.map(({ failed }) => failed) }).toEqual({ stepId, failed: [[]] })
      expect({ stepId, changes: diffSnapshots(empty, machine.snapshot()) }).toEqual({ stepId, changes: [] })
    }
    // The control: from the routes on, something stays after the process.
    expect(changed).toBeGreaterThan(4)
    removeIdleCgroups({ root, settings })
  },
)

test('an always-on tunnel, killed before any step, is closed by the next service, and replaced without a gap', async () => {
  const { settings, journal } = machine
  const empty = machine.snapshot()
  const request = requestFor(words, { lockdown: true })
  const plan = lab.client.run(() => planTunnel(request, settings, readKernelFacts(settings)))
  const around = { bindToDevice: labLinks.client, timeoutMs: 100 }
  for (const stepId of [...unlikeSteps(plan), 'hand-over']) {
    await hold(stepId, request)
    const report = repairAsNewService(settings, journal, true)
    expect({ stepId, closed: report.closed }).toMatchObject({ stepId, closed: [{ slot: 0 }] })
    // A second crash and repair change nothing.
    const closed = machine.snapshot()
    repairAsNewService(settings, journal, true)
    expect(diffSnapshots(closed, machine.snapshot())).toEqual([])
    using uplink = capture(lab.router, labLinks.routerToClient)
    for (const version of ['v4', 'v6'] as const) {
      expect(await udpProbe(lab.client, internet[version], { connect: true })).toBe('EHOSTUNREACH')
      await udpProbe(lab.client, internet[version], around)
    }
    expect({ stepId, leaked: uplink.count({ destinationPort: 7 }) }).toEqual({ stepId, leaked: 0 })
    // Its successor stands before it goes.
    const reread = openJournal(journal.directory, settings)
    const tunnel = await inside(lab.client, () =>
      createTunnel(planTunnel(requestFor(words, { slot: 1 }), settings, readKernelFacts(settings)), {
        journal: reread,
      }),
    )
    expect(await udpProbe(lab.client, internet.v4, around)).not.toBe(labAddresses.client.v4)
    await inside(lab.client, () => tunnel.destroy())
    expect(repairAsNewService().tunnels).toMatchObject([{ slot: 0, failed: [] }])
    expect({ stepId, changes: diffSnapshots(empty, machine.snapshot()) }).toEqual({ stepId, changes: [] })
  }
  using uplink = capture(lab.router, labLinks.routerToClient)
  expect(await udpProbe(lab.client, internet.v4, { timeoutMs: 400 })).toBe(labAddresses.client.v4)
  expect(uplink.count({ destinationPort: 7 })).toBeGreaterThan(0)
})

test('closed ahead and killed before any step: closed by the next service, and opened to what was before', async () => {
  const { settings, journal } = machine
  const empty = machine.snapshot()
  const request = requestFor({}, { interfaceName: 'vpn-closed0', hostUid: 20_010_000 })
  const plan = lab.client.run(() => planClosed(request, settings, readKernelFacts(settings)))
  await using _server = await EchoServer.open(lab.client, labAddresses.client, 80)
  for (const stepId of unlikeSteps(plan)) {
    await hold(stepId, request, true)
    expect(repairAsNewService(settings, journal, true)).toMatchObject({ closed: [{ slot: 0 }] })
    for (const version of ['v4', 'v6'] as const) {
      const answer = await udpProbe(lab.client, internet[version], { connect: true })
      expect({ stepId, answer }).toEqual({ stepId, answer: 'EHOSTUNREACH' })
      // Who connects to this machine is answered nevertheless.
      expect(await tcpProbe(lab.internet, labAddresses.client[version], { port: 80 })).toBe(internet[version])
    }
    expect(repairAsNewService().tunnels).toMatchObject([{ slot: 0, failed: [] }])
    expect({ stepId, changes: diffSnapshots(empty, machine.snapshot()) }).toEqual({ stepId, changes: [] })
  }
})

test('a repair leaves another instance alone', async () => {
  const other = machineIn(lab, {
    instance: 'other',
    tableBase: 53_000,
    rulePriorities: { first: 9500, last: 9599 },
  })
  const empty = machine.snapshot()
  const tunnel = await other.create({ routes: ['198.51.100.0/24'] }, { interfaceName: 'other-tun' })
  const withOther = machine.snapshot()
  const holder = await hold()
  await holder.kill()
  repairAsNewService()
  expect(diffSnapshots(withOther, machine.snapshot())).toEqual([])
  await other.destroy(tunnel)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
  await other[Symbol.asyncDispose]()
})

test('after a reboot only the resolver is restored', async () => {
  const holder = await hold()
  await holder.kill()
  const { journal, settings } = machine
  const found = openJournal(journal.directory, settings).entries()[0]
  if (found === undefined) throw new Error('no journal entry')
  const rebooted = machineIn(lab)
  rebooted.journal.record({ ...found, bootId: 'another' })
  const kernel = machine.snapshot()
  const elsewhere = { ...settings, nftTable: 'vpnext-none', tableBase: 60_000 }
  const report = repairAsNewService(elsewhere, rebooted.journal)
  expect(report).toMatchObject({ tunnels: [{ undone: [settings.resolvConf], failed: [] }], swept: [] })
  expect(diffSnapshots(kernel, machine.snapshot()).map((line) => line.slice(0, 12))).toEqual([
    '- resolvConf',
    '+ resolvConf',
  ])
  await rebooted[Symbol.asyncDispose]()
  repairAsNewService()
})

test('in another network namespace only files are restored, and the entry stays while the right one exists', async () => {
  const empty = machine.snapshot()
  await hold('hand-over')
  const argument = JSON.stringify({ settings: machine.settings, directory: machine.journal.directory })
  const command = [here('../test/repair-journal.mjs'), argument]
  const text = lab.router.run(() => execFileSync(process.execPath, command, { encoding: 'utf8' }))
  const elsewhere = JSON.parse(text) as RepairReport
  expect(elsewhere.tunnels).toMatchObject([{ undone: [machine.settings.resolvConf] }])
  expect(elsewhere.tunnels[0]?.failed.join()).toContain('which still exists: repair it there')
  expect(readFileSync(machine.settings.resolvConf, 'utf8')).toBe(originalResolvConf)
  // The network's part is as closed as before.
  expect(await udpProbe(lab.client, internet.v4, { connect: true })).toBe('EHOSTUNREACH')
  expect(repairAsNewService().tunnels).toMatchObject([{ slot: 0, failed: [] }])
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('an entry of a network namespace that is gone is done with', () => {
  const { settings, journal } = machine
  const argument = {
    settings,
    directory: journal.directory,
    request: requestFor(words),
    killBefore: 'hand-over',
  }
  const command = ['-n', process.execPath, here('../test/hold-tunnel.mjs'), JSON.stringify(argument)]
  expect(() => execFileSync('unshare', command, { stdio: 'ignore' })).toThrow()
  const report = repairAsNewService()
  expect(report.tunnels).toMatchObject([{ undone: [settings.resolvConf], failed: [] }])
  expect(openJournal(journal.directory, settings).entries()).toEqual([])
})

test('in a later network namespace that got the number of the one that is gone, nothing of the network is touched', async () => {
  const holder = await hold()
  await holder.kill()
  const { journal, settings } = machine
  const found = openJournal(journal.directory, settings).entries()[0]
  if (found?.networkNamespaceCookie === undefined) throw new Error('no journal entry with a cookie')
  const gone = machineIn(lab)
  gone.journal.record({ ...found, networkNamespaceCookie: `${found.networkNamespaceCookie}0` })
  const elsewhere = { ...settings, nftTable: 'vpnext-none', tableBase: 60_000 }
  const before = machine.snapshot()
  const report = repairAsNewService(elsewhere, gone.journal)
  expect(report).toMatchObject({ tunnels: [{ undone: [settings.resolvConf], failed: [] }], swept: [] })
  expect(diffSnapshots(before, machine.snapshot()).map((line) => line.slice(0, 12))).toEqual([
    '- resolvConf',
    '+ resolvConf',
  ])
  await gone[Symbol.asyncDispose]()
  repairAsNewService()
})
