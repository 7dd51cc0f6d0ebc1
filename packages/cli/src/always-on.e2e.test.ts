import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Capture,
  type Lab,
  capture,
  createLab,
  labAddresses,
  labLinks,
  tcpProbe,
  udpProbe,
} from '@vpnext/lab'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type SystemState, takeState, waitForState } from '../test/system-state.ts'
import {
  type Place,
  type TestService,
  createPlace,
  originalResolvConf,
  startService,
} from '../test/test-service.ts'
import { startVpnext } from '../test/vpnext-process.ts'

/** An always-on VPN: closed, whoever is killed, until an administrator says otherwise. */
const hello = 'io.vpnext.hello'
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))
const { internet, client, gateway } = labAddresses

let lab: Lab
let place: Place
let policy: readonly string[]
let before: SystemState

beforeAll(async () => {
  lab = await createLab()
})
afterAll(() => lab[Symbol.asyncDispose]())
beforeEach(() => {
  place = createPlace()
  const folder = join(place.folder, 'policy')
  mkdirSync(folder)
  setPolicy(true)
  policy = ['--policy-dir', folder]
  before = takeState(lab.client, place)
})
afterEach(() => place[Symbol.dispose]())

function setPolicy(alwaysOn: boolean, more: object = {}): void {
  const rules = [{ bundleName: hello, consent: 'allowed', alwaysOn, ...more }]
  writeFileSync(join(place.folder, 'policy', 'a.json'), JSON.stringify({ version: 1, rules }))
}

async function untilConnected(service: TestService): Promise<void> {
  await expect
    .poll(async () => (await service.run(['status', '--json'])).stdout, { timeout: 60_000 })
    .toMatch(/"interfaceName"[^]*"state": "running"|"state": "running"[^]*"interfaceName"/)
  await expect.poll(() => tcpProbe(lab.client, internet.v4), { timeout: 60_000 }).toBe(gateway.v4)
}

/** Sends to the internet without pause, plain and bound to the uplink, over both families, until it is stopped. */
function flood(): { stop(): Promise<number> } {
  const end = new AbortController()
  let sent = 0
  const run = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const probes = (['v4', 'v6'] as const).flatMap((version) => [
        udpProbe(lab.client, internet[version], { timeoutMs: 20 }),
        tcpProbe(lab.client, internet[version], { timeoutMs: 20 }),
        udpProbe(lab.client, internet[version], { timeoutMs: 20, bindToDevice: labLinks.client }),
      ])
      await Promise.all(probes)
      sent += probes.length
    }
  }
  const running = run()
  return {
    async stop() {
      end.abort()
      await running
      return sent
    },
  }
}

/** What the client sent by the uplink to the port that the flood goes to, around the tunnel. */
const leaked = (uplink: Capture): number => uplink.count({ destinationPort: 7 })

test('the service is killed: not a packet gets out before its extension has a tunnel again', async () => {
  {
    await using first = await startService(lab.client, place, policy)
    expect(await first.run(['install', helloProject])).toMatchObject({ code: 0 })
    await first.run(['start', hello])
    await untilConnected(first)
    using uplink = capture(lab.router, labLinks.routerToClient)
    const traffic = flood()
    await first.kill()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await using second = await startService(lab.client, place, policy)
    await untilConnected(second)
    expect(await traffic.stop()).toBeGreaterThan(20)
    expect(leaked(uplink)).toBe(0)
    expect((await second.run(['logs'])).stdout).toContain('stays closed after a crash')
    expect(await second.run(['stop', hello])).toMatchObject({ code: 0 })
  }
  expect(await waitForState(before, lab.client, place)).toEqual([])
  // The control: the same flood is seen when nothing is in its way.
  using uplink = capture(lab.router, labLinks.routerToClient)
  const traffic = flood()
  await uplink.waitFor({ destinationPort: 7 })
  await traffic.stop()
  expect(leaked(uplink)).toBeGreaterThan(0)
})

test('what systemd runs after a crash leaves it closed; doctor --repair opens it', async () => {
  const first = await startService(lab.client, place, policy)
  await first.run(['install', helloProject])
  await first.run(['start', hello])
  await untilConnected(first)
  await first.kill()
  const doctor = async (...args: readonly string[]): Promise<number | undefined> =>
    (await startVpnext(lab.client, ['doctor', ...args, ...place.options]).finished).code
  expect(await doctor('--repair', '--keep-always-on')).toBe(0)
  expect(await udpProbe(lab.client, internet.v4, { connect: true })).toBe('EHOSTUNREACH')
  expect(await udpProbe(lab.client, internet.v6, { connect: true })).toBe('EHOSTUNREACH')
  expect(await doctor()).toBe(6)
  expect(await doctor('--repair')).toBe(0)
  expect(await udpProbe(lab.client, internet.v4)).toBe(client.v4)
  expect(await waitForState(before, lab.client, place)).toEqual([])
})

test('an extension that is not always-on any more when the service comes back is opened', async () => {
  const first = await startService(lab.client, place, policy)
  await first.run(['install', helloProject])
  await first.run(['start', hello])
  await untilConnected(first)
  await first.kill()
  setPolicy(false)
  {
    await using _second = await startService(lab.client, place, policy)
    expect(await udpProbe(lab.client, internet.v4)).toBe(client.v4)
  }
  expect(await waitForState(before, lab.client, place)).toEqual([])
})

test('lockdown always: from the start of the service to the first tunnel not a packet gets out', async () => {
  setPolicy(false)
  {
    await using first = await startService(lab.client, place, policy)
    expect(await first.run(['install', helloProject])).toMatchObject({ code: 0 })
    // The control: without the rule the same traffic gets out beside an extension without a tunnel.
    using uplink = capture(lab.router, labLinks.routerToClient)
    const traffic = flood()
    await uplink.waitFor({ destinationPort: 7 })
    await traffic.stop()
  }
  setPolicy(false, { lockdown: 'always' })
  {
    await using second = await startService(lab.client, place, policy)
    using uplink = capture(lab.router, labLinks.routerToClient)
    const traffic = flood()
    expect((await second.run(['status'])).stdout).toMatch(
      /closed +traffic of the whole device[^]*vpnext stop/,
    )
    const explained = (await second.run(['explain', internet.v4])).stdout
    expect(explained).toContain(`${hello} of user 0 keeps it closed: the policy says lockdown "always"`)
    // Its host finds its server meanwhile, or there would be no tunnel.
    await second.run(['start', hello])
    await untilConnected(second)
    expect(await traffic.stop()).toBeGreaterThan(20)
    expect(leaked(uplink)).toBe(0)
    await second.kill()
    await using third = await startService(lab.client, place, policy)
    expect(await udpProbe(lab.client, internet.v6, { connect: true })).toBe('EHOSTUNREACH')
    // Names are asked for where they were before the tunnel, for the host that has to find its server.
    expect(readFileSync(place.resolvConf, 'utf8')).toBe(originalResolvConf)
    expect(leaked(uplink)).toBe(0)
    expect(await third.run(['stop', hello])).toMatchObject({ code: 0 })
    expect(await udpProbe(lab.client, internet.v4)).toBe(client.v4)
  }
  expect(await waitForState(before, lab.client, place)).toEqual([])
})
