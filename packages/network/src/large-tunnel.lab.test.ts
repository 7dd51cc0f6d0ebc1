import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limits } from '@vpnext/api'
import { Rtnetlink, unshare } from '@vpnext/native'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestFor } from '../test/sample-plan.ts'
import {
  createTunnel,
  defaultSettings,
  diffSnapshots,
  openJournal,
  planTunnel,
  readKernelFacts,
  takeSnapshot,
} from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'vpnext-network-'))
const settings = defaultSettings({ resolvConf: join(directory, 'resolv.conf') })

beforeAll(() => {
  // A large tunnel takes several turns of the event loop, so the whole thread moves.
  unshare({ network: true })
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'setLink', index: 1, up: true }])
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

test('a tunnel of the largest size comes and goes, and lets the event loop turn meanwhile', async () => {
  const addresses = Array.from({ length: limits.addresses }, (_, n) => `10.${n >> 8}.${n & 255}.1/32`)
  const routes = Array.from(
    { length: limits.routes },
    (_, n) => `172.${16 + (n >> 12)}.${(n >> 4) & 255}.${(n & 15) * 16}/28`,
  )
  const journal = openJournal(join(directory, 'journal'), settings)
  const empty = takeSnapshot(settings)
  const plan = planTunnel(requestFor({ addresses, routes }), settings, readKernelFacts(settings))
  let turns = 0
  const count = setInterval(() => (turns += 1), 0)
  const tunnel = await createTunnel(plan, { journal })
  const full = takeSnapshot(settings)
  expect(full.routes.filter((line) => line.includes('"table":52000'))).toHaveLength(2 * limits.routes)
  expect(full.addresses.filter((line) => line.includes('vpn-tun'))).toHaveLength(limits.addresses)
  expect(turns).toBeGreaterThan(2)
  await tunnel.destroy()
  clearInterval(count)
  expect(diffSnapshots(empty, takeSnapshot(settings))).toEqual([])
})

test('a large tunnel that is given up half way leaves nothing', async () => {
  const routes = Array.from(
    { length: 6000 },
    (_, n) => `172.${16 + (n >> 12)}.${(n >> 4) & 255}.${(n & 15) * 16}/28`,
  )
  const journal = openJournal(join(directory, 'journal'), settings)
  const empty = takeSnapshot(settings)
  const plan = planTunnel(requestFor({ routes }), settings, readKernelFacts(settings))
  const controller = new AbortController()
  const reason = new Error('no longer wanted')
  const made = createTunnel(plan, { journal, signal: controller.signal })
  setImmediate(() => controller.abort(reason))
  await expect(made).rejects.toBe(reason)
  expect(diffSnapshots(empty, takeSnapshot(settings))).toEqual([])
  expect(journal.entries()).toEqual([])
})
