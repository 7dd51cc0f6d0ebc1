import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expectNothingLeft, takeInventory } from '@vpnext/lab'
import { cgroup2Mount } from '@vpnext/native'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { IdentityNetwork, inCgroup } from '../../test/identity-bed.ts'
import { defaultSettings, openJournal } from '../index.ts'
import { type Journal, readBootId } from '../journal.ts'
import type { ApplicationList } from './application-list.ts'
import { programsOf } from './cgroup-programs.ts'
import { cgroupsBelow } from './cgroup-tree.ts'
import { watchApplications } from './watch-applications.ts'

const settings = defaultSettings({ instance: `watch-${process.pid}` })
/** As a user's session, of a user that nobody has. */
const top = join(cgroup2Mount()!, `vpnext-test-watch-${process.pid}.slice`)
const session = join(top, 'user-61042.slice')
const deadline = { timeout: 10_000 }
const before = takeInventory()
let directory: string
let journal: Journal

beforeEach(() => {
  mkdirSync(session, { recursive: true })
  directory = mkdtempSync(join(tmpdir(), 'vpnext-watch-'))
  journal = openJournal(join(directory, 'journal'), settings)
})
afterEach(async () => {
  for (const path of [...cgroupsBelow(top)].toReversed()) rmdirSync(path)
  rmSync(directory, { recursive: true })
  await expectNothingLeft(before)
})

const list: ApplicationList = {
  slot: 0,
  uid: 61_042,
  members: [{ bundle: 'org.example.app', aliases: ['snap:example'], value: 5, uids: [] }],
  lockDevice: false,
}

function record(recorded: ApplicationList): void {
  journal.record({
    version: 1,
    instance: settings.instance,
    slot: recorded.slot,
    interfaceName: `vpn-tun${recorded.slot}`,
    owner: { uid: 0, bundleName: 'com.example.vpn' },
    bootId: readBootId(),
    networkNamespace: 'net:[1]',
    createdAt: recorded.slot,
    undo: [{ kind: 'identity', root: top, ...settings, list: recorded }],
  })
}

const programs = (path: string): number => programsOf(path, ['sock-create']).length

test('a scope that appears is recognised; in new folders too, and again after it was gone', async () => {
  const seen: string[] = []
  const errors: unknown[] = []
  using _watch = watchApplications(
    { root: top, settings, journal },
    { onApplication: (path) => seen.push(path), onError: (error) => errors.push(error) },
  )
  record(list)
  const first = join(session, 'app-gnome-org.example.app-1.scope')
  const deep = join(session, 'user@61042.service/app.slice/snap.example.example-2.scope')
  for (const path of [first, deep, first]) {
    mkdirSync(path, { recursive: true })
    await expect.poll(() => programs(path), deadline).toBe(1)
    rmdirSync(path)
    await expect.poll(() => seen.at(-1), deadline).toBe(path)
  }
  expect(errors).toEqual([])
})

test('other applications, other users and what was there before are left alone', async () => {
  record(list)
  const old = join(session, 'app-gnome-org.example.app-1.scope')
  mkdirSync(old)
  const seen: string[] = []
  const watch = watchApplications(
    { root: top, settings, journal },
    { onApplication: (path) => seen.push(path) },
  )
  const others = [
    join(session, 'app-gnome-org.other-1.scope'),
    join(top, 'app-gnome-org.example.app-2.scope'),
  ]
  for (const path of others) mkdirSync(path)
  // The control: by the time this one is seen, the others have been.
  const listed = join(session, 'app-gnome-org.example.app-3.scope')
  mkdirSync(listed)
  await expect.poll(() => seen, deadline).toEqual([listed])
  expect([old, ...others].map(programs)).toEqual([0, 0, 0])
  watch[Symbol.dispose]()
})

test('of two lists the later one has the last word', async () => {
  record(list)
  const [member] = list.members
  record({ ...list, slot: 1, members: [{ ...member!, value: 6 }] })
  await using network = new IdentityNetwork()
  using _watch = watchApplications({ root: top, settings, journal })
  const scope = join(session, 'app-gnome-org.example.app-1.scope')
  mkdirSync(scope)
  await expect.poll(() => programs(scope), deadline).toBe(2)
  const program = await network.start(inCgroup(scope))
  network.route({ marks: [5 << 25], uids: [] })
  expect(await program.ways()).toBe('outside outside outside outside')
  network.route({ marks: [6 << 25], uids: [] })
  expect(await program.ways()).toBe('inside inside inside inside')
})

test('it ends with its signal, and does not begin after it', () => {
  const controller = new AbortController()
  watchApplications({ root: dirname(session), settings, journal }, { signal: controller.signal })
  controller.abort(new Error('enough'))
  expect(() => watchApplications({ root: top, settings, journal }, { signal: controller.signal })).toThrow(
    'enough',
  )
})
