import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Inventory,
  type Lab,
  createLab,
  expectNothingLeft,
  labAddresses,
  takeInventory,
} from '@vpnext/lab'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type Place, type TestService, createPlace, startService } from '../test/test-service.ts'

/** The projects of apps/samples, unchanged: `vpnext install`, `vpnext start`, and what the kernel and the log then show. */
const samples = fileURLToPath(new URL('../../../apps/samples', import.meta.url))
const far = labAddresses.internet.v4

let inventory: Inventory
let lab: Lab
let place: Place
let service: TestService
let installed: string | undefined

beforeAll(async () => {
  inventory = takeInventory()
  lab = await createLab()
  place = createPlace()
  service = await startService(lab.client, place)
})

afterEach(async () => {
  if (installed !== undefined) await service.run(['uninstall', installed])
  installed = undefined
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
  await expectNothingLeft(inventory)
})

async function install(path: string, bundle: string): Promise<string> {
  const { code, stdout, stderr } = await service.run(['install', path])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  installed = bundle
  return stdout
}

async function start(...args: string[]): Promise<void> {
  const started = await service.run(['start', ...args, '--yes'])
  expect(started, (await service.run(['logs'])).stdout).toMatchObject({ code: 0 })
}

/** Where a packet to an address goes: `vpnext explain`. */
async function pathTo(address: string, ...args: string[]): Promise<string> {
  return (await service.run(['explain', address, ...args, ...place.options])).stdout
}

async function logged(text: string): Promise<void> {
  await vi.waitFor(async () => expect((await service.run(['logs'])).stdout).toContain(text), {
    timeout: 20_000,
    interval: 200,
  })
}

test('every sample has a test', () => {
  expect(readdirSync(samples).toSorted()).toEqual([
    'README.md',
    'common-events',
    'config-from-want',
    'excluded-routes',
    'per-app-lists',
    'status-files',
  ])
})

test('config-from-want: the VPN is what the want says, and another after another request', async () => {
  const bundle = 'io.vpnext.samples.config'
  const told = await install(join(samples, 'config-from-want'), bundle)
  expect(told).toContain('@kit.NetworkKit: VpnExtensionAbility, vpnExtension')
  expect(told).not.toContain('not provided')
  await start(bundle, '--ps', 'routes', '198.51.100.0/24', '--pi', 'mtu', '1300')
  await logged('request 1: up with mtu 1300, fd good')
  expect(await pathTo('198.51.100.9')).toContain('goes into vpn-tun')
  expect(await pathTo(far)).toContain('leaves by c0')
  await start(bundle, '--ps', 'routes', '203.0.113.0/24')
  await logged('request 2: up with mtu 1400, fd good')
  expect(await pathTo('198.51.100.9')).not.toContain('goes into vpn-tun')
  expect(await pathTo(far)).toContain('goes into vpn-tun')
})

test('status-files: a zip of it is installed too, and its file follows it', async () => {
  const bundle = 'io.vpnext.samples.status'
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-e2e-zip-'))
  try {
    const zip = join(folder, 'status-files.zip')
    // Python's zip is not ours.
    const made = spawnSync('python3', ['-m', 'zipfile', '-c', zip, join(samples, 'status-files')])
    expect(made.status).toBe(0)
    await install(zip, bundle)
  } finally {
    rmSync(folder, { recursive: true })
  }
  await start(bundle)
  const file = join(
    place.stateDir,
    `data/${process.getuid?.()}/${bundle}/el2/base/haps/entry/files/status/status.json`,
  )
  const status = (): { state: string; since: number } =>
    JSON.parse(readFileSync(file, 'utf8')) as { state: string; since: number }
  await vi.waitFor(() => expect(status().state).toBe('connected'), { timeout: 20_000 })
  const { since } = status()
  await vi.waitFor(() => expect(status().since).toBeGreaterThan(since), { timeout: 20_000 })
  expect(await pathTo('10.99.2.9')).toContain('goes into vpn-tun')
  await service.run(['stop', bundle])
  await vi.waitFor(() => expect(status().state).toBe('disconnected'), { timeout: 20_000 })
})

test('common-events: a command from another process, and the state for all', async () => {
  const bundle = 'io.vpnext.samples.events'
  await install(join(samples, 'common-events'), bundle)
  await start(bundle, 'TunnelAbility')
  await logged('state up published: ok')
  await start(bundle, 'RemoteAbility', '--ps', 'command', 'pause')
  await logged('sent pause: ok')
  await logged('command pause, the first')
  await logged('state down published: ok')
  expect(await pathTo('10.99.3.9')).not.toContain('goes into vpn-tun')
  await start(bundle, 'RemoteAbility', '--ps', 'command', 'resume')
  await logged('command resume, another')
  await vi.waitFor(async () => expect(await pathTo('10.99.3.9')).toContain('goes into vpn-tun'), {
    timeout: 20_000,
  })
})

test('per-app-lists: the tunnel is for those it trusts, or for all but those it blocks', async () => {
  const bundle = 'io.vpnext.samples.apps'
  await install(join(samples, 'per-app-lists'), bundle)
  await start(bundle, '--ps', 'trusted', 'com.example.one,com.example.one')
  await vi.waitFor(
    async () => expect(await pathTo(far, '--app', 'com.example.one')).toContain('goes into vpn-tun'),
    { timeout: 20_000 },
  )
  expect(await pathTo(far, '--app', 'com.example.two')).toContain('leaves by c0')
  await service.run(['stop', bundle])
  await start(bundle, '--ps', 'blocked', 'com.example.one')
  await vi.waitFor(
    async () => expect(await pathTo(far, '--app', 'com.example.two')).toContain('goes into vpn-tun'),
    { timeout: 20_000 },
  )
  // A tunnel of the machine's lets out whom the administrator's policy lets out; the list is told all the same.
  const { stdout } = await service.run(['status', '--json'])
  expect(stdout).toMatch(
    /"blockedApplications": \[\s*"com\.example\.one",\s*"io\.vpnext\.samples\.apps"\s*\]/,
  )
})

test('excluded-routes: everything but the networks that the machine is in', async () => {
  const bundle = 'io.vpnext.samples.excluded'
  await install(join(samples, 'excluded-routes'), bundle)
  await start(bundle)
  await logged(`${bundle} 1.0.0 is up`)
  expect(await pathTo(far)).toContain('goes into vpn-tun')
  expect(await pathTo(labAddresses.router.v4)).toContain('leaves by c0')
})
