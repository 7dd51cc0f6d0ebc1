import { mkdtempSync, rmSync } from 'node:fs'
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
  udpProbe,
} from '@vpnext/lab'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Place, type TestService, createPlace, startService } from '../test/test-service.ts'

const tunnelBundle = 'io.vpnext.packettunnel'
const apps = fileURLToPath(new URL('../../../apps', import.meta.url))

let inventory: Inventory
let lab: Lab
let place: Place
let service: TestService
/** A cache of its own, so that something is built. */
let cache: string

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'vpnext-native-'))
  inventory = takeInventory()
  lab = await createLab()
  place = createPlace()
  service = await startService(lab.client, place)
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
  rmSync(cache, { recursive: true })
  await expectNothingLeft(inventory)
})

const run = (...args: string[]): ReturnType<TestService['run']> =>
  service.run(args, { env: { XDG_CACHE_HOME: cache }, timeoutMs: 300_000 })

test('install builds the C++ of a project, once', async () => {
  const project = join(apps, 'packet-tunnel-cpp')
  const first = await run('install', project)
  expect(first).toMatchObject({ code: 0, stderr: 'building the native code of entry …\n' })
  expect(first.stdout).toContain('libpackettunnel.so: built now from the native code of entry')
  const second = await run('install', project)
  expect(second).toMatchObject({ code: 0, stderr: '' })
  expect(second.stdout).toMatch(/^unchanged: io\.vpnext\.packettunnel/)
  expect(second.stdout).toContain('libpackettunnel.so: built before from')
  expect((await run('build', project)).stdout).toMatch(
    /^unchanged: entry\n {2}libpackettunnel\.so, \d+ KiB\n$/,
  )
})

test('a C++ thread carries real packets, over a socket that ArkTS protected for it', async () => {
  const start = await run('start', tunnelBundle, '--yes')
  expect(start).toMatchObject({ code: 0 })
  await expect
    .poll(async () => (await run('logs', tunnelBundle)).stdout, { timeout: 30_000 })
    .toContain('the native thread says: connected')
  expect(await udpProbe(lab.client, labAddresses.internet.v4)).toBe(labAddresses.gateway.v4)
  const logs = (await run('logs', tunnelBundle)).stdout
  expect(logs).toMatch(
    / I 00A01\/PacketPump io\.vpnext\.packettunnel: tun \d+, server 10\.77\.2\.2:4400, secret <private>$/m,
  )
  expect(await run('stop', tunnelBundle)).toMatchObject({ code: 0, stderr: '' })
  const last = (await run('logs', tunnelBundle)).stdout
  expect(last).toMatch(/PacketTunnel io\.vpnext\.packettunnel: stopped after [1-9]\d* packets$/m)
  expect(last).toMatch(/out [1-9]\d* packets, in [1-9]\d* packets/)
})
