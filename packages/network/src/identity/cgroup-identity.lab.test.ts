import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { mkdirSync, rmdirSync } from 'node:fs'
import { expectNothingLeft, takeInventory } from '@vpnext/lab'
import { cgroup2Mount } from '@vpnext/native'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { IdentityNetwork, inCgroup } from '../../test/identity-bed.ts'
import { defaultSettings, openJournal } from '../index.ts'
import type { ListedApplication } from './application-list.ts'
import { cgroupIdentity } from './cgroup-identity.ts'
import { programsOf } from './cgroup-programs.ts'
import { cgroupsBelow } from './cgroup-tree.ts'
import { identityComplianceCases, type IdentityTestBed } from './compliance.ts'
import { ensureApplicationCgroup, enterApplication, removeIdleCgroups } from './enter-application.ts'
import { programPrefix } from './program-name.ts'

const mount = cgroup2Mount()!
const settings = defaultSettings({ instance: `identity-${process.pid}` })
const own = join(mount, `vpnext-${settings.instance}`)
const before = takeInventory()
let network: IdentityNetwork
let directory: string

const place = () => ({ root: mount, settings, journal: openJournal(join(directory, 'journal'), settings) })
const member = (name: string, value: number): ListedApplication => ({
  bundle: `com.example.${name}`,
  aliases: [],
  value,
  uids: [],
})

beforeEach(() => {
  network = new IdentityNetwork()
  directory = mkdtempSync(join(tmpdir(), 'vpnext-identity-'))
})
afterEach(async () => {
  await network[Symbol.asyncDispose]()
  cgroupIdentity(settings, mount).reconcile([])
  removeIdleCgroups({ root: mount, settings })
  rmSync(directory, { recursive: true })
  expect([...cgroupsBelow(mount)].filter((path) => path.startsWith(own))).toEqual([])
  await expectNothingLeft(before)
})

function testBed(): IdentityTestBed {
  const identity = cgroupIdentity(settings, mount)
  return {
    // Sockets are listed in the network namespace of the thread.
    open: () => ({
      ...identity,
      closeSockets: (list) => network.namespace.run(() => identity.closeSockets(list)),
    }),
    member,
    start: (name) =>
      network.start(inCgroup(ensureApplicationCgroup(place(), { uid: 0, bundle: `com.example.${name}` }))),
    route: (selectors) => network.route(selectors),
    state: () =>
      [...cgroupsBelow(mount)]
        .flatMap((path) => programsOf(path, ['sock-create', 'setsockopt']))
        .filter(({ name }) => name.startsWith(programPrefix(settings)))
        .map(({ cgroup, hook, name }) => `${relative(mount, cgroup)} ${hook} ${name}`)
        .toSorted()
        .join('\n'),
  }
}

describe('identity by control group', () => {
  test.each(identityComplianceCases)('$name', (each) => each.run(testBed()))
})

test('a program of the list finds its members by scope name and alias, for one user or all', async () => {
  const session = (uid: number): string => join(own, `user-${uid}.slice`, `user@${uid}.service`)
  const scope = join(session(1000), 'app-flatpak-org.mozilla.firefox-1.scope')
  const other = join(session(1001), 'app-gnome-firefox\\x2desr-2.scope')
  for (const path of [scope, other]) mkdirSync(path, { recursive: true })
  // Its own folder is no session, so the tree begins below it.
  const identity = cgroupIdentity(settings, own)
  const firefox = { ...member('x', 3), bundle: 'org.mozilla.firefox', aliases: ['firefox-esr'] }
  const names = (path: string): number => programsOf(path, ['sock-create']).length
  identity.apply({ slot: 0, uid: 1000, members: [firefox], lockDevice: false })
  expect([names(scope), names(other)]).toEqual([1, 0])
  identity.apply({ slot: 0, members: [firefox], lockDevice: false })
  expect([names(scope), names(other)]).toEqual([1, 1])
  identity.withdraw(0)
  expect([names(scope), names(other)]).toEqual([0, 0])
  for (const path of [
    scope,
    other,
    session(1000),
    session(1001),
    `${own}/user-1000.slice`,
    `${own}/user-1001.slice`,
  ])
    rmdirSync(path)
})

test('another instance’s programs stay', async () => {
  const theirs = cgroupIdentity({ ...settings, instance: 'another' }, mount)
  const path = ensureApplicationCgroup(place(), { uid: 0, bundle: 'com.example.one' })
  // Their groups are elsewhere, so they know the application by nothing but this path.
  const list = { slot: 0, members: [member('one', 1)], lockDevice: false }
  cgroupIdentity(settings, mount).apply(list)
  theirs.withdraw(0)
  theirs.reconcile([])
  expect(programsOf(path, ['sock-create'])).toHaveLength(1)
})

test('a process that enters an application is part of it, and an idle application goes', async () => {
  const identity = cgroupIdentity(settings, mount)
  const list = { slot: 0, members: [member('one', 1)], lockDevice: false }
  const { journal } = place()
  journal.record({
    version: 1,
    instance: settings.instance,
    slot: 0,
    interfaceName: 'vpn-tun',
    owner: { uid: 0, bundleName: 'com.example.vpn' },
    bootId: (await import('../journal.ts')).readBootId(),
    networkNamespace: 'net:[1]',
    createdAt: 1,
    undo: [{ kind: 'identity', root: mount, ...settings, list }],
  })
  network.route(identity.selectors(list))
  const child = network.namespace.spawn('sleep', ['60'])
  const path = enterApplication(
    { root: mount, settings, journal },
    { uid: 7, bundle: 'com.example.one' },
    child.pid!,
  )
  const program = await network.start(inCgroup(path))
  expect(await program.ways()).toBe('inside inside inside inside')
  expect(removeIdleCgroups({ root: mount, settings })).toEqual([])
})

test.each([
  [{ uid: -1, bundle: 'a' }, 'uid: '],
  [{ uid: 0xffff_ffff, bundle: 'a' }, 'uid: '],
  [{ uid: 0, bundle: '..' }, 'bundle: '],
  [{ uid: 0, bundle: 'a/b' }, 'bundle: '],
  [{ uid: 0, bundle: '' }, 'bundle: '],
])('an application that cannot be is refused by field: %j', (application, field) => {
  expect(() => ensureApplicationCgroup(place(), application)).toThrow(field)
})
