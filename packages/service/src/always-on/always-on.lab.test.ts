import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Rtnetlink, openFds, unshare } from '@vpnext/native'
import { type NetworkSnapshot, defaultSettings, diffSnapshots, takeSnapshot } from '@vpnext/network'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundleProgram } from '../../test/bundle-program.ts'
import { sampleArchive } from '../../test/sample-archive.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { type TestService, sampleWant, startTestService } from '../../test/test-service.ts'
import type { ServiceOptions } from '../settings.ts'

let programs: TemporaryFolder
let folder: TemporaryFolder
let machine: TestService
let empty: NetworkSnapshot
let descriptors: number

const bundleName = 'com.example.vpn'
const settings = (): ReturnType<typeof defaultSettings> =>
  defaultSettings({ instance: `t${process.pid}`, resolvConf: folder.in('etc', 'resolv.conf') })
const snapshot = (): NetworkSnapshot => takeSnapshot(settings())
const config = (address: string, server: string): object => ({
  addresses: [{ address: { address }, prefixLength: 24 }],
  dnsAddresses: [server],
})
const creating = (address: string, server = '10.8.0.1'): object => ({
  onRequest: [{ do: 'create', config: config(address, server) }],
})
/** Restarts soon, but not before a test has looked at what is between. */
const restartDelayMs = 800

const start = (options: Partial<ServiceOptions> = {}): Promise<TestService> =>
  startTestService(folder, programs.path, { policyDir: folder.in('policy'), restartDelayMs, ...options })

function setPolicy(...rules: object[]): void {
  mkdirSync(folder.in('policy'), { recursive: true })
  writeFileSync(folder.in('policy', 'a.json'), JSON.stringify({ version: 1, rules }))
}

/** The index of the TUN: another one is another device. */
function tunIndexes(): Record<string, number> {
  using netlink = Rtnetlink.open()
  const links = netlink.links().filter((link) => link.name.startsWith('vpn-tun'))
  return Object.fromEntries(links.map((link) => [link.name, link.index]))
}

const isClosed = (): boolean => {
  using netlink = Rtnetlink.open()
  const { tableBase } = settings()
  const unreachable = netlink
    .routes()
    .some((route) => route.type === 'unreachable' && (route.table ?? 0) >= tableBase)
  return unreachable && netlink.rules().some((rule) => (rule.table ?? 0) >= tableBase)
}

const kill = async (): Promise<number> => {
  const [host] = (await machine.status()).hosts
  process.kill(host?.pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await machine.status()).hosts).toEqual([])
  return host?.pid ?? 0
}
const restarted = async (pid: number): Promise<void> => {
  await expect
    .poll(async () => (await machine.status()).hosts, { timeout: 20_000 })
    .toMatchObject([{ state: 'running' }])
  expect((await machine.status()).hosts[0]?.pid).not.toBe(pid)
}

beforeAll(async () => {
  unshare({ network: true })
  programs = temporaryFolder()
  await bundleProgram('scripted-host', programs.path, 'stage1.mjs')
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
})
afterAll(() => programs[Symbol.dispose]())
beforeEach(() => {
  descriptors = openFds()
  folder = temporaryFolder()
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  expect(diffSnapshots(empty, snapshot())).toEqual([])
  expect(openFds()).toBe(descriptors)
  folder[Symbol.dispose]()
})

test('an always-on extension starts with the service, once it has consent', async () => {
  machine = await start()
  empty = snapshot()
  await machine.install()
  setPolicy({ bundleName, alwaysOn: true })
  await machine[Symbol.asyncDispose]()
  machine = await start()
  expect(await machine.logged('always-on')).toContain('nobody has consented')
  expect((await machine.status()).hosts).toEqual([])
  // The answer starts it at once.
  await machine.allow()
  await restarted(0)
  setPolicy({ bundleName, alwaysOn: true, consent: 'allowed' })
  await machine[Symbol.asyncDispose]()
  machine = await start()
  await restarted(0)
})

test('its host dies: the tunnel stays closed, and the next host has the same one for the same config', async () => {
  machine = await start()
  empty = snapshot()
  setPolicy({ bundleName, alwaysOn: true, consent: 'allowed' })
  await machine.install()
  await restarted(0)
  await machine.start(creating('10.8.0.5'))
  const before = tunIndexes()
  expect(Object.keys(before)).toEqual(['vpn-tun'])
  const pid = await kill()
  expect(tunIndexes()).toEqual(before)
  expect(isClosed()).toBe(true)
  expect((await machine.status()).tunnels).toHaveLength(1)
  await restarted(pid)
  expect(isClosed()).toBe(true)
  await machine.start(creating('10.8.0.5'))
  expect(
    machine.log.filter((entry) => entry.message.startsWith('create: {"interfaceName":"vpn-tun"')),
  ).toHaveLength(2)
  expect(tunIndexes()).toEqual(before)
})

test('another config replaces the tunnel, the new one before the old one, the resolver included', async () => {
  const order: string[] = []
  machine = await start({
    faults: { before: (step) => void order.push(`${step} ${Object.keys(tunIndexes()).length}`) },
  })
  empty = snapshot()
  setPolicy({ bundleName, alwaysOn: true, consent: 'allowed' })
  await machine.install()
  await restarted(0)
  await machine.start(creating('10.8.0.5'))
  const pid = await kill()
  await restarted(pid)
  // The next host asks the uplink's server for names, not that of the tunnel which nobody carries.
  expect(readFileSync(folder.in('state', 'uplink-resolv.conf'), 'utf8')).toBe('nameserver 192.0.2.1\n')
  await machine.start(creating('10.9.0.5', '10.9.0.1'))
  // At the last step of the second tunnel the first one still stood.
  expect(order.at(-1)).toBe('hand-over 2')
  expect(Object.keys(tunIndexes())).toHaveLength(1)
  expect((await machine.status()).tunnels).toMatchObject([{ addresses: ['10.9.0.5/24'] }])
  expect(readFileSync(folder.in('etc', 'resolv.conf'), 'utf8')).toContain('10.9.0.1')
  await machine.start({ onRequest: [{ do: 'destroy' }] })
  expect(readFileSync(folder.in('etc', 'resolv.conf'), 'utf8')).toBe('nameserver 192.0.2.1\n')
})

test('a replacement that fails leaves the old tunnel closed', async () => {
  let failing = false
  machine = await start({
    faults: {
      before: (step) => {
        if (failing && step === 'rules') throw new Error('injected')
      },
    },
  })
  empty = snapshot()
  setPolicy({ bundleName, alwaysOn: true, consent: 'allowed' })
  await machine.install()
  await restarted(0)
  await machine.start(creating('10.8.0.5'))
  const pid = await kill()
  await restarted(pid)
  failing = true
  await machine.start(creating('10.9.0.5'))
  await machine.logged('"code":2200003')
  expect(Object.keys(tunIndexes())).toEqual(['vpn-tun'])
  expect(isClosed()).toBe(true)
})

test('an interface that was deleted meanwhile is replaced, not handed on', async () => {
  machine = await start()
  empty = snapshot()
  setPolicy({ bundleName, alwaysOn: true, consent: 'allowed' })
  await machine.install()
  await restarted(0)
  await machine.start(creating('10.8.0.5'))
  const pid = await kill()
  execFileSync('ip', ['link', 'delete', 'vpn-tun'])
  await restarted(pid)
  expect(isClosed()).toBe(true)
  await machine.start(creating('10.8.0.5'))
  expect(Object.keys(tunIndexes())).toHaveLength(1)
})

test('a stop is refused but for administrators, and takes the closed tunnel away', async () => {
  machine = await start()
  empty = snapshot()
  setPolicy({ bundleName, alwaysOn: true, consent: 'allowed' })
  await machine.callAs({ uid: 1000, gid: 990 }, 'Install', {}, sampleArchive())
  await expect.poll(async () => (await machine.status()).hosts).toMatchObject([{ ownerUid: 1000 }])
  expect(await machine.callAs({ uid: 1000, gid: 990 }, 'StopAbility', { want: sampleWant })).toMatchObject({
    code: 201,
  })
  const user = { uid: 1000, gid: 990 }
  const pid = (await machine.status()).hosts[0]?.pid
  for (const rule of [{ alwaysOn: true }, { lockdown: true }]) {
    setPolicy({ bundleName, consent: 'allowed', ...rule })
    expect(await machine.callAs(user, 'StopBundle', { bundleName })).toMatchObject({ code: 201 })
    for (const [method, more] of [
      ['Uninstall', {}],
      ['RevokeConsent', {}],
      ['CleanBundle', { what: 'data' }],
    ] as const) {
      const answer = await machine.callAs(user, method, { bundleName, ...more })
      expect([method, answer]).toMatchObject([method, { error: 'io.vpnext.NotPermitted' }])
    }
  }
  expect((await machine.status()).hosts).toMatchObject([{ pid }])
  setPolicy({ bundleName, consent: 'allowed' })
  expect(await machine.callAs(user, 'Uninstall', { bundleName })).toHaveProperty('parameters')
  setPolicy({ bundleName, alwaysOn: true, consent: 'allowed' })
  await machine.install()
  await restarted(0)
  await machine.start(creating('10.8.0.5'))
  await kill()
  await machine.stop()
  expect(tunIndexes()).toEqual({})
  expect(isClosed()).toBe(false)
  // And it stays stopped: a restart would come within this time.
  await new Promise((resolve) => setTimeout(resolve, 2 * restartDelayMs))
  expect((await machine.status()).hosts).toEqual([])
  expect(existsSync(folder.in('state', 'always-on.json'))).toBe(false)
})

test('lockdown without always-on: its tunnel stays closed until an administrator stops it', async () => {
  machine = await start()
  empty = snapshot()
  setPolicy({ bundleName, lockdown: true, consent: 'allowed' })
  await machine.install()
  await machine.start()
  await machine.start(creating('10.8.0.5'))
  await kill()
  await new Promise((resolve) => setTimeout(resolve, 2 * restartDelayMs))
  expect((await machine.status()).hosts).toEqual([])
  expect(isClosed()).toBe(true)
  await machine.stop()
  expect(isClosed()).toBe(false)
})

test('always-on without lockdown: its tunnel goes with its host', async () => {
  machine = await start()
  empty = snapshot()
  setPolicy({ bundleName, alwaysOn: true, lockdown: false, consent: 'allowed' })
  await machine.install()
  await restarted(0)
  await machine.start(creating('10.8.0.5'))
  expect(isClosed()).toBe(true)
  const pid = await kill()
  await expect.poll(isClosed).toBe(false)
  await restarted(pid)
})

const always = { bundleName, alwaysOn: true, lockdown: 'always', consent: 'allowed' } as const
const closedNow = async (): Promise<object[]> =>
  (await machine.status()).tunnels.filter(({ closed }) => closed !== undefined)

test('lockdown always: closed from the start on, whatever is with the extension, until it has a tunnel', async () => {
  machine = await start()
  empty = snapshot()
  const { codeHash } = await machine.install()
  setPolicy({ ...always, consent: 'denied' })
  await machine[Symbol.asyncDispose]()
  // Not even consent is needed to be closed; the status tells what is missing.
  machine = await start()
  expect(isClosed()).toBe(true)
  expect(await machine.logged('is closed until VpnAbility has a tunnel')).toContain('the whole device')
  expect(await closedNow()).toMatchObject([
    {
      interfaceName: 'vpn-closed0',
      scope: 'device',
      routes: ['0.0.0.0/0', '::/0'],
      closed: {
        reason: expect.stringMatching(/lockdown "always".*the policy forbids it/) as unknown,
        remedy: expect.stringContaining('vpnext stop com.example.vpn') as unknown,
      },
    },
  ])
  // Its tunnel takes the place, whatever vpnId it has; without one, its own destroy() closes again.
  setPolicy({ ...always, alwaysOn: false })
  const named = { ...config('10.8.0.5', '10.8.0.1'), vpnId: 'one' }
  await machine.start({
    onCreate: [{ do: 'create', config: named }],
    onRequest: [{ do: 'destroy', vpnId: 'one' }],
  })
  expect(await closedNow()).toEqual([])
  expect(Object.keys(tunIndexes())).toEqual([])
  expect((await machine.status()).tunnels).toMatchObject([{ interfaceName: 'multitun-vpn1' }])
  await machine.start({ onRequest: [{ do: 'destroy', vpnId: 'one' }, { do: 'destroy' }] })
  expect(await closedNow()).toHaveLength(1)
  expect(isClosed()).toBe(true)
  // So does other code in its place, and no moment is open in between.
  await machine.start(creating('10.8.0.5'))
  expect(Object.keys(tunIndexes())).toEqual(['vpn-tun'])
  expect((await machine.install({ app: { ...sampleArchive().app, label: 'Other' } })).codeHash).not.toBe(
    codeHash,
  )
  expect(await closedNow()).toHaveLength(1)
  expect(isClosed()).toBe(true)
  // An administrator opens it, and its next start closes it.
  await machine.stop()
  expect(isClosed()).toBe(false)
  expect(diffSnapshots(empty, snapshot())).toEqual([])
  await machine.start()
  expect(await closedNow()).toHaveLength(1)
  setPolicy({ ...always, lockdown: true })
  await machine.stop()
  await machine.start()
  expect(isClosed()).toBe(false)
})

test('lockdown always of a person closes what is theirs, and is only for an administrator to open', async () => {
  machine = await start()
  empty = snapshot()
  setPolicy({ ...always, alwaysOn: false, scope: 'user' })
  await machine.callAs({ uid: 1000, gid: 990 }, 'Install', {}, sampleArchive())
  await expect.poll(closedNow).toMatchObject([{ scope: 'user', ownerUid: 1000 }])
  using netlink = Rtnetlink.open()
  const ours = netlink.rules().filter((rule) => (rule.table ?? 0) >= settings().tableBase)
  expect(ours.map(({ uidRange }) => uidRange)).toEqual(ours.map(() => ({ from: 1000, to: 1000 })))
  expect(await machine.callAs({ uid: 1000, gid: 990 }, 'StopBundle', { bundleName })).toMatchObject({
    code: 201,
  })
  // Its policy is taken back: opened at the next start.
  await machine[Symbol.asyncDispose]()
  expect(isClosed()).toBe(false)
  machine = await start()
  expect(isClosed()).toBe(true)
  setPolicy({ bundleName, consent: 'allowed' })
  await machine[Symbol.asyncDispose]()
  machine = await start()
  expect(isClosed()).toBe(false)
})

test('lockdown always: what cannot be closed is told, and the rest is closed', async () => {
  let failing = 'guard'
  const faults = {
    before(step: string): void {
      if (step === failing) throw new Error('injected')
    },
  }
  machine = await start({ faults })
  empty = snapshot()
  setPolicy({ ...always, alwaysOn: false })
  await machine.install()
  await machine[Symbol.asyncDispose]()
  machine = await start({ faults })
  expect(await machine.logged('not closed whole')).toContain('guard: Error: injected')
  expect(isClosed()).toBe(true)
  expect(await closedNow()).toMatchObject([{ warnings: [{ field: 'lockdown' }] }])
  await machine[Symbol.asyncDispose]()
  failing = 'journal'
  machine = await start({ faults })
  expect(await machine.logged('could not be closed')).toContain('it is open')
  expect(isClosed()).toBe(false)
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})

test("the administrator's word about the scope comes before the standing of the user", async () => {
  machine = await start()
  empty = snapshot()
  setPolicy({ bundleName, scope: 'user', consent: 'allowed' })
  await machine.install()
  const scopeNow = async (): Promise<string | undefined> => (await machine.status()).tunnels[0]?.scope
  const usersOfRules = (): unknown => {
    using netlink = Rtnetlink.open()
    const ours = netlink.rules().filter((rule) => (rule.table ?? 0) >= settings().tableBase)
    return [...new Set(ours.map(({ uidRange }) => uidRange?.from ?? 'everybody'))]
  }
  const wanted = { addresses: [{ address: { address: '10.8.0.5' }, prefixLength: 24 }] }
  await machine.start({ onCreate: [{ do: 'create', config: wanted }] })
  expect(await scopeNow()).toBe('user')
  expect(usersOfRules()).toEqual([0])
  await machine.stop()
  // A person who is no administrator gets the device.
  setPolicy({ bundleName, scope: 'device', consent: 'allowed' })
  await machine.callAs({ uid: 1000, gid: 990 }, 'Install', {}, sampleArchive())
  const want = { ...sampleWant, parameters: { onCreate: [{ do: 'create', config: wanted }] } }
  expect(await machine.callAs({ uid: 1000, gid: 990 }, 'StartAbility', { want })).toHaveProperty('parameters')
  expect(await scopeNow()).toBe('device')
  expect(usersOfRules()).toEqual(['everybody'])
})
