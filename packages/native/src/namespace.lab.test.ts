import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { buildChild } from '../test/run-child.ts'
import type { Fd } from './fd.ts'
import { getMark, inetSocket, sameNetworkNamespace, setMark } from './inet-socket.ts'
import { declareChecked } from './libc.ts'
import {
  createNetworkNamespace,
  currentUserNamespaceIsInitial,
  openNamespace,
  unshare,
  withNetworkNamespace,
} from './namespace.ts'
import { describeTun, openTun } from './tun.ts'

afterEach(expectNoOpenFds)

const enterNamespace = declareChecked<[fd: number, type: number]>('int setns(int, int)')

/** Any thread of this process but the main one, as a path below /proc. */
function otherThread(): string {
  const thread = readdirSync('/proc/self/task').find((id) => id !== String(process.pid))
  if (thread === undefined) throw new Error('node has one thread only?')
  return `self/task/${thread}`
}

const own = (kind: string): string => readlinkSync(`/proc/thread-self/ns/${kind}`)
const behind = (fd: Fd): string => readlinkSync(`/proc/self/fd/${fd.number}`)

test('a new network namespace is another one, empty, and this thread is back in its own', () => {
  const before = own('net')
  using namespace = createNetworkNamespace()
  expect(own('net')).toBe(before)
  expect(behind(namespace)).toMatch(/^net:\[\d+\]$/)
  expect(behind(namespace)).not.toBe(before)
  const links = withNetworkNamespace(namespace, () => {
    expect(own('net')).toBe(behind(namespace))
    return execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' }).trim().split('\n')
  })
  expect(links).toHaveLength(1)
  expect(links[0]).toContain('lo: <LOOPBACK>')
  expect(own('net')).toBe(before)
})

test('an exception and a promise both leave this thread in its own namespace', () => {
  const before = own('net')
  using namespace = createNetworkNamespace()
  expect(() =>
    withNetworkNamespace(namespace, () => {
      throw new Error('inside')
    }),
  ).toThrow('inside')
  expect(own('net')).toBe(before)
  expect(() => withNetworkNamespace(namespace, async () => Promise.resolve())).toThrow('must be synchronous')
  expect(own('net')).toBe(before)
})

test('what is no network namespace is refused, and the action does not run', () => {
  using mounts = openNamespace('mnt')
  let ran = false
  expect(() => withNetworkNamespace(mounts, () => (ran = true))).toThrow(
    expect.objectContaining({ code: 'EINVAL', syscall: 'setns' }),
  )
  expect(ran).toBe(false)
})

test('a socket knows its namespace, whoever looks', () => {
  using namespace = createNetworkNamespace()
  using inside = withNetworkNamespace(namespace, () => inetSocket(4, 'stream'))
  using outside = inetSocket(4, 'stream')
  expect([sameNetworkNamespace(inside), sameNetworkNamespace(outside)]).toEqual([false, true])
  expect(
    withNetworkNamespace(namespace, () => [sameNetworkNamespace(inside), sameNetworkNamespace(outside)]),
  ).toEqual([true, false])
})

test('the namespace of a process is opened by its pid', async () => {
  const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' })
  await once(child, 'spawn')
  using namespace = openNamespace('net', child.pid)
  expect(behind(namespace)).toBe(own('net'))
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(() => openNamespace('net', child.pid)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
})

test('unshare moves this thread alone into new namespaces', () => {
  const kinds = ['net', 'ipc', 'uts', 'cgroup'] as const
  const saved = kinds.map((kind) => openNamespace(kind))
  const before = kinds.map(own)
  const othersBefore = kinds.map((kind) => readlinkSync(`/proc/${otherThread()}/ns/${kind}`))
  unshare({ network: true, ipc: true, uts: true, cgroup: true })
  const moved = kinds.map(own)
  const others = kinds.map((kind) => readlinkSync(`/proc/${otherThread()}/ns/${kind}`))
  for (const fd of saved) enterNamespace(fd.number, 0)
  expect(moved.map((name, index) => name !== before[index])).toEqual([true, true, true, true])
  expect(others).toEqual(othersBefore)
  expect(kinds.map(own)).toEqual(before)
  for (const fd of saved) fd.close()
})

test('the user namespace of this machine and one below it are told apart', () => {
  using program = buildChild('user-namespace')
  const below = execFileSync('unshare', ['--user', process.execPath, program.path], { encoding: 'utf8' })
  expect(below).toBe('false')
  expect(currentUserNamespaceIsInitial()).toBe(own('user') === 'user:[4026531837]')
})

test('setMark changes the bits of its mask only', () => {
  using fd = inetSocket(6, 'stream')
  setMark(fd, 0x81000000, 0xff000000)
  setMark(fd, 0x5, 0xf)
  expect(getMark(fd)).toBe(0x81000005)
  setMark(fd, 0, 0x80000000)
  expect(getMark(fd)).toBe(0x01000005)
  setMark(fd, 0xffffffff, 0xffffffff)
  expect(getMark(fd)).toBe(0xffffffff)
})

test('a mark set on a dup is the mark of the socket', () => {
  using fd = inetSocket(4, 'dgram')
  using dup = fd.dup()
  setMark(dup, 0x01000000, 0x01000000)
  expect(getMark(fd)).toBe(0x01000000)
})

test('a TUN made inside stays inside', () => {
  using namespace = createNetworkNamespace()
  using tun = withNetworkNamespace(namespace, () => openTun({ name: 'inside' })).fd
  expect(describeTun(tun).name).toBe('inside')
  expect(networkInterfaces()).not.toHaveProperty('inside')
  expect(execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' })).not.toContain('inside')
  expect(
    withNetworkNamespace(namespace, () => execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' })),
  ).toContain('inside')
})
