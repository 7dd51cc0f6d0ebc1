import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labAddresses, tcpProbe } from '@vpnext/lab'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type WireGuardSite, useWireGuardSite } from '../test/wireguard-site.ts'

/** WireGuard where the policy keeps it up: the service, too, starts it, as soon as it is installed. */
let site: WireGuardSite

useWireGuardSite((opened) => {
  site = opened
})

const appearance = (): Promise<string> =>
  tcpProbe(site.lab.client, labAddresses.internet.v4, { timeoutMs: 20_000 })
const hostPid = async (): Promise<number> => {
  const { stdout } = await site.service.run(['status', '--json'])
  return (JSON.parse(stdout) as { hosts: { pid: number }[] }).hosts[0]?.pid ?? 0
}

function setPolicy(alwaysOn: boolean): void {
  mkdirSync(site.policyFolder, { recursive: true })
  const rules = [{ bundleName: 'io.vpnext.wireguard', consent: 'allowed', alwaysOn }]
  writeFileSync(join(site.policyFolder, 'a.json'), JSON.stringify({ version: 1, rules }))
}

beforeEach(() => setPolicy(true))
afterEach(async () => {
  setPolicy(false)
  await site.service.run(['down', 'wg0'])
  rmSync(site.policyFolder, { recursive: true })
})

test('up brings up what the service starts as well, however often, and it comes back by itself', async () => {
  const path = site.conf(site.confs.client)
  for (let time = 0; time < 4; time++) {
    // It has nothing to bring up then, or the profile, whichever comes first.
    expect(await site.up(path)).toMatchObject({ code: 0 })
    expect(await appearance()).toBe(labAddresses.gateway.v4)
    expect(await site.up(path)).toMatchObject({ code: 1, stderr: expect.stringContaining('is up already') })
    expect(await site.service.run(['down', 'wg0'])).toMatchObject({ code: 0, stdout: 'wg0 is down\n' })
  }
  expect(await site.up(path)).toMatchObject({ code: 0 })
  const before = await hostPid()
  process.kill(before, 'SIGKILL')
  await expect.poll(appearance, { timeout: 60_000 }).toBe(labAddresses.gateway.v4)
  expect(await hostPid()).not.toBe(before)
  expect((await site.service.run(['wg', 'show', 'wg0', 'peers'])).code).toBe(0)
})
