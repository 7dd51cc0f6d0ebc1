import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFds, Rtnetlink, unshare } from '@vpnext/native'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { requestFor } from '../test/sample-plan.ts'
import {
  createTunnel,
  defaultSettings,
  diffSnapshots,
  type Journal,
  type NetworkSettings,
  openJournal,
  planTunnel,
  readKernelFacts,
  repair,
  takeSnapshot,
  type Tunnel,
} from './index.ts'

let directory: string
let settings: NetworkSettings
let other: NetworkSettings

beforeAll(() => {
  // A repair may take several turns of the event loop, so the whole thread moves.
  unshare({ network: true })
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'setLink', index: 1, up: true }])
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vpnext-network-'))
  const resolvConf = join(directory, 'resolv.conf')
  writeFileSync(resolvConf, 'nameserver 192.0.2.1\n')
  settings = defaultSettings({ resolvConf })
  other = defaultSettings({
    resolvConf,
    instance: 'other',
    tableBase: 53_000,
    rulePriorities: { first: 9500, last: 9599 },
  })
})
afterEach(() => {
  rmSync(directory, { recursive: true })
  expect(openFds()).toBe(0)
})

function create(name: string, journal: Journal, its: NetworkSettings): Promise<Tunnel> {
  const request = requestFor({ addresses: ['10.8.0.5/24', 'fd08::5/64'] }, { interfaceName: name })
  return createTunnel(planTunnel(request, its, readKernelFacts(its)), { journal })
}

const journalIn = (name: string, its: NetworkSettings): Journal => openJournal(join(directory, name), its)

test('where nothing is, nothing is done', async () => {
  const before = takeSnapshot(settings)
  const journal = journalIn('journal', settings)
  expect(await repair(journal, settings)).toEqual({ tunnels: [], swept: [], closed: [] })
  expect(await repair(journal, settings)).toEqual({ tunnels: [], swept: [], closed: [] })
  expect(diffSnapshots(before, takeSnapshot(settings))).toEqual([])
})

test('several tunnels go, the newest first, and those of another instance stay', async () => {
  const before = takeSnapshot(settings)
  const foreign = await create('other-tun', journalIn('other', other), other)
  const withForeign = takeSnapshot(settings)
  const journal = journalIn('journal', settings)
  const user = { scope: { kind: 'user', uid: 1000 } } as const
  const words = { addresses: ['10.8.0.5/24'] }
  const tunnels: Tunnel[] = []
  for (const slot of [0, 1, 2]) {
    const request = requestFor(words, { ...user, slot, interfaceName: `vpn-tun${slot}` })
    tunnels.push(await createTunnel(planTunnel(request, settings, readKernelFacts(settings)), { journal }))
  }
  const report = await repair(journalIn('journal', settings), settings)
  expect(report.tunnels.map(({ slot, failed }) => [slot, failed])).toEqual([
    [2, []],
    [1, []],
    [0, []],
  ])
  expect(report.swept).toEqual([])
  expect(diffSnapshots(withForeign, takeSnapshot(settings))).toEqual([])
  for (const tunnel of [...tunnels, foreign]) await tunnel.destroy()
  expect(diffSnapshots(before, takeSnapshot(settings))).toEqual([])
})

test('what an entry forgot is swept: rules, routes and the guard of its slot', async () => {
  const foreign = await create('other-tun', journalIn('other', other), other)
  const withForeign = takeSnapshot(settings)
  const journal = journalIn('journal', settings)
  const tunnel = await create('vpn-tun', journal, settings)
  const forgetful = journalIn('forgetful', settings)
  for (const entry of journal.entries()) {
    forgetful.record({
      ...entry,
      undo: entry.undo.filter(({ kind }) => kind === 'link' || kind === 'sysctl'),
    })
  }
  const report = await repair(forgetful, settings)
  expect(report.swept).toEqual([
    'rule IPv4 pref 9000 iif lo fwmark 0x0/0x1000000 lookup 52000',
    'rule IPv6 pref 9000 iif lo fwmark 0x0/0x1000000 lookup 52000',
    '4 routes of table 52000',
    'nft table inet vpnext',
  ])
  expect(diffSnapshots(withForeign, takeSnapshot(settings))).toEqual([])
  await tunnel.destroy()
  await foreign.destroy()
})
