import { Rtnetlink, openFds, unshare } from '@vpnext/native'
import { copyFileSync, readdirSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { bundleProgram } from '../../service/test/bundle-program.ts'
import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'
import { type TestService, startTestService } from '../../service/test/test-service.ts'
import { startAbility, takeResult } from '../test/real-machine.ts'

/** What a host that is anything but a host hands to `protect`, past all checks of the kits. */
let programs: TemporaryFolder
let folder: TemporaryFolder
let machine: TestService
let descriptors: number

const bundleName = 'com.example.vpn'
const threads = (): number => readdirSync('/proc/self/task').length
const protect = async (what: string): Promise<string> => {
  await startAbility(machine, bundleName, 'VpnAbility', { what })
  return (await takeResult(machine, `${what}: `)).slice(what.length + 2)
}

beforeAll(async () => {
  unshare({ network: true })
  using netlink = Rtnetlink.open()
  // Loopback, for a connection that lingers.
  netlink.apply([{ op: 'setLink', index: 1, up: true }])
  programs = temporaryFolder()
  await bundleProgram('../../host/test/hostile-host', programs.path, 'stage1.mjs')
  copyFileSync(new URL('../test/fuse-server.py', import.meta.url), programs.in('fuse-server.py'))
})
afterAll(() => programs[Symbol.dispose]())
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  machine = await startTestService(folder, programs.path)
  await machine.install()
  await machine.allow()
  await startAbility(machine, bundleName, 'VpnAbility')
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(openFds()).toBe(descriptors)
})

test.each([
  'a pipe',
  'a file',
  'a path',
  'a folder',
  'a device that blocks',
  'a memfd',
  'an epoll descriptor',
  'a process',
  'a TUN',
  'a Unix stream socket',
  'a Unix seqpacket socket',
  'a raw socket',
  'a packet socket',
  'a netlink socket',
  'a socket of another network',
])('%s is refused with 2203004, and the service goes on', async (what) => {
  const times = 10
  const before = openFds()
  for (let time = 0; time < times; time++) expect(await protect(what)).toBe('2203004')
  // Not equal: meanwhile the next host may have been started ahead, which takes a few, once.
  expect(openFds()).toBeLessThan(before + times)
  expect(await protect('a good socket')).toBe('mark 16777216')
})

test('a socket whose close would take 30 seconds is taken, and holds nobody up', async () => {
  const before = threads()
  const begin = performance.now()
  expect(await protect('a lingering socket')).toBe('taken')
  expect(await protect('a good socket')).toBe('mark 16777216')
  // The thread that closed it has ended, too: SO_LINGER was cleared first.
  await expect.poll(threads).toBeLessThanOrEqual(before)
  expect(performance.now() - begin).toBeLessThan(20_000)
  // The control: closed as it came, it would have kept that thread.
  expect(await protect('the control')).toBe('hangs')
})

test('a file of a FUSE server that never lets it be closed is refused, and holds nobody up', async () => {
  const before = threads()
  expect(await protect('a file whose close never ends')).toBe('2203004')
  // The control: a thread of the service hangs in close(2).
  await expect.poll(threads).toBe(before + 1)
  expect(await protect('a good socket')).toBe('mark 16777216')
  expect(await protect('a file')).toBe('2203004')
  // The threads that close these two may still be at it; the one that hangs stays.
  await expect.poll(threads).toBe(before + 1)
  expect(await protect('the end of the file')).toBe('ended')
  await expect.poll(threads).toBe(before)
})
