import { Rtnetlink, openFds, unshare, watchNetlink } from '@vpnext/native'
import { defaultSettings, diffSnapshots, takeSnapshot, type NetworkSnapshot } from '@vpnext/network'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'
import { type TestService, startTestService } from '../../service/test/test-service.ts'
import { bundledExtension } from '../test/bundled-extension.ts'
import type { Task } from '../test/extensions/config-driver.ts'
import { buildTestImage } from '../test/host-harness.ts'
import { installArchive, results, startAbility, takeResult } from '../test/real-machine.ts'

/** The oracle's tables 1.5.1, 2.7 and 2.12, and thousands of broken configs, through create() of one real host. */
const bundleName = 'com.example.vpn'
let image: string
let archive: Uint8Array
let folder: TemporaryFolder
let machine: TestService
let descriptors: number

beforeAll(async () => {
  unshare({ network: true })
  image = buildTestImage()
  archive = await bundledExtension('config-driver.ts')
})
afterAll(() => rmSync(dirname(image), { recursive: true }))
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  machine = await startTestService(folder, image, { callbackTimeoutMs: 60_000 })
  await installArchive(machine, archive)
  await machine.allow()
  await startAbility(machine, bundleName, 'VpnAbility')
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(openFds()).toBe(descriptors)
})

const perform = (task: Task): Promise<void> => startAbility(machine, bundleName, 'VpnAbility', task)
const wrong = (): string[] => results(machine).filter((line) => line.startsWith('wrong'))
const snapshot = (): NetworkSnapshot =>
  takeSnapshot(defaultSettings({ instance: `t${process.pid}`, resolvConf: folder.in('etc', 'resolv.conf') }))

async function create(config: object): Promise<string> {
  await perform({ task: 'create', config })
  return (await takeResult(machine, 'create ')).slice('create '.length)
}
async function destroy(): Promise<void> {
  await perform({ task: 'destroy' })
  await takeResult(machine, 'destroyed')
}

test('each row of the table of the parser (1.5.1) comes out of create() as it should', async () => {
  const empty = snapshot()
  await perform({ task: 'vectors' })
  const [, count, , mistakes] = (await takeResult(machine, 'vectors ')).split(' ')
  expect(wrong()).toEqual([])
  expect(mistakes).toBe('0')
  expect(Number(count)).toBeGreaterThan(90)
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})

test('10,000 broken configs: each names its fault, the kernel hears nothing, and nothing changes', async () => {
  const batch = 200
  const batches = 50
  const events: string[] = []
  const watch = watchNetlink(['link', 'address', 'route', 'rule'], (event) => events.push(event.kind))
  const before = snapshot()
  for (let seed = 1; seed <= batches; seed += 1) {
    await perform({ task: 'broken', seed, count: batch })
    expect(await takeResult(machine, `broken ${seed} `)).toBe(`broken ${seed} wrong 0`)
    expect(diffSnapshots(before, snapshot())).toEqual([])
  }
  expect(wrong()).toEqual([])
  expect(events).toEqual([])
  // The control: one good config is heard of.
  expect(await create({ addresses: [{ address: { address: '10.8.0.5' }, prefixLength: 24 }] })).toBe('"ok"')
  await expect.poll(() => new Set(events)).toEqual(new Set(['link', 'address', 'route', 'rule']))
  watch[Symbol.dispose]()
})

const four = { address: { address: '10.8.0.5', family: 1 }, prefixLength: 24 }
const six = { address: { address: 'fd08::5', family: 2 }, prefixLength: 64 }

test.each([
  ['no address', { addresses: [] }, ['0.0.0.0/0']],
  ['IPv4', { addresses: [four] }, ['0.0.0.0/0']],
  ['IPv6', { addresses: [six] }, ['::/0']],
  ['IPv4, IPv6', { addresses: [four, six] }, ['0.0.0.0/0', '::/0']],
  ['IPv6, IPv4', { addresses: [six, four] }, ['0.0.0.0/0', '::/0']],
  [
    'both flags',
    { addresses: [four, six], isIPv4Accepted: true, isIPv6Accepted: true },
    ['0.0.0.0/0', '::/0'],
  ],
  ['IPv4 with IPv4 refused', { addresses: [four], isIPv4Accepted: false }, []],
])('the default routes of a tunnel with %s (2.7) are in the kernel', async (_name, config, expected) => {
  expect(await create(config)).toBe('"ok"')
  using netlink = Rtnetlink.open()
  const { tableBase, routeProtocol } = defaultSettings()
  const routes = netlink
    .routes()
    .filter(
      ({ table, type, protocol }) => table === tableBase && type === 'unicast' && protocol === routeProtocol,
    )
  const defaults = routes.map((route) => route.destination).filter((text) => text.endsWith('/0'))
  expect(defaults.toSorted()).toEqual(expected)
  await destroy()
})

test('what the limits (2.12) allow reaches the kernel; one more is refused by name', async () => {
  const empty = snapshot()
  for (const above of ['addresses', 'routes', 'dnsAddresses', 'searchDomains', 'blockedApplications']) {
    await perform({ task: 'limit', above })
    const told = JSON.stringify({ code: 2200001, field: `config.${above}` })
    expect(await takeResult(machine, 'create ')).toBe(`create ${told}`)
  }
  expect(diffSnapshots(empty, snapshot())).toEqual([])
  await perform({ task: 'limit' })
  expect(await takeResult(machine, 'create ')).toBe('create "ok"')
  using netlink = Rtnetlink.open()
  const index = netlink.links().find((link) => link.name === 'vpn-tun')?.index
  expect(netlink.addresses().filter((each) => each.index === index && each.family === 4)).toHaveLength(2000)
  const { tableBase } = defaultSettings()
  const covered = netlink.routes().filter((route) => route.table === tableBase && route.type === 'unicast')
  expect(covered).toHaveLength(10_000)
  await destroy()
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})
