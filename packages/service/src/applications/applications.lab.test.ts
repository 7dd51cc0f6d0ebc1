import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cgroup2Mount, openFds, unshare } from '@vpnext/native'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundleProgram } from '../../test/bundle-program.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { type TestService, deadline, startTestService } from '../../test/test-service.ts'
import { findLeftovers } from '../leftovers.ts'
import { publicInterface } from '../protocol/public-interface.ts'

interface Joined {
  readonly answer: unknown
  readonly own: string
  readonly child: string
}

const instance = `t${process.pid}`
const root = join(cgroup2Mount() ?? '/sys/fs/cgroup', `vpnext-${instance}`)
let programs: TemporaryFolder
let folder: TemporaryFolder
let machine: TestService
let descriptors: number
const children = new Set<ChildProcess>()

beforeAll(async () => {
  unshare({ network: true })
  programs = temporaryFolder()
  await bundleProgram('scripted-host', programs.path, 'stage1.mjs')
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
  await bundleProgram('join-as', programs.path, 'join-as.mjs')
})
afterAll(() => programs[Symbol.dispose]())
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  machine = await startTestService(folder, programs.path, { policyDir: folder.in('policy') })
})
afterEach(async () => {
  for (const child of children) await end(child)
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(existsSync(root)).toBe(false)
  expect(openFds()).toBe(descriptors)
})

/** Starts a program of a user that joins bundles, one after the other. */
async function joinAs(
  uid: number,
  ...bundles: string[]
): Promise<{ readonly child: ChildProcess; readonly joined: Joined[] }> {
  const child = spawn(process.execPath, [`${programs.path}/join-as.mjs`, machine.socket, ...bundles], {
    uid,
    gid: uid,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.add(child)
  const joined: Joined[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    joined.push(JSON.parse(line) as Joined)
    if (joined.length === bundles.length) break
  }
  return { child, joined }
}

async function end(child: ChildProcess): Promise<void> {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  await ended
}

async function until(holds: () => boolean): Promise<void> {
  for (const late = Date.now() + deadline; !holds() && Date.now() < late;) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(holds()).toBe(true)
}

test('a program joins a bundle, and what it starts belongs to it too; its group goes with the last of them', async () => {
  const { child, joined } = await joinAs(1000, 'com.example.one', 'com.example.two')
  const group = (bundle: string): string => `/vpnext-${instance}/1000/${bundle}`
  expect(joined).toEqual([
    { answer: {}, own: group('com.example.one'), child: group('com.example.one') },
    { answer: {}, own: group('com.example.two'), child: group('com.example.two') },
  ])
  await until(() => !existsSync(join(root, '1000/com.example.one')))
  expect(existsSync(join(root, '1000/com.example.two'))).toBe(true)
  const { runDir: _runDir, ...place } = machine.options
  await machine.service.stop()
  // It still runs, which is its user's affair: nothing that a crash left behind.
  const leftovers = findLeftovers({ ...place, instance, resolvConf: folder.in('etc', 'resolv.conf') })
  expect(leftovers).toEqual([])
  await end(child)
  machine = await startTestService(folder, programs.path)
  expect(existsSync(join(root, '1000'))).toBe(false)
})

test('a name that could lead elsewhere is refused, and system users join nothing', async () => {
  const names = ['..', '.', '', 'a/b', '../../1000/x', 'x\0y', 'a'.repeat(129)]
  const { joined } = await joinAs(1000, ...names.filter((name) => !name.includes('\0')))
  for (const { answer, own } of joined) {
    expect(answer).toMatchObject({ error: 'io.vpnext.BusinessError', code: 401, field: 'bundleName' })
    expect(own).not.toContain('vpnext-')
  }
  const daemon = await joinAs(33, 'com.example.one')
  expect(daemon.joined[0]?.answer).toMatchObject({ error: 'io.vpnext.NotPermitted' })
  expect(existsSync(root)).toBe(false)
})

test('a bundle that a device tunnel leaves out is for administrators', async () => {
  const config = {
    addresses: [{ address: { address: '10.8.0.5' }, prefixLength: 24 }],
    blockedApplications: ['com.example.one'],
  }
  await machine.install()
  await machine.allow()
  await machine.start({ onCreate: [{ do: 'create', config }] })
  expect(await machine.logged('create: ')).toContain('vpn-tun')
  const refused = await joinAs(1000, 'com.example.one', 'com.example.two')
  expect(refused.joined).toMatchObject([{ answer: { error: 'io.vpnext.NotPermitted' } }, { answer: {} }])
  expect(refused.joined[0]?.own).not.toContain('vpnext-')
  const { joined } = await joinAs(0, 'com.example.one')
  expect(joined).toMatchObject([{ answer: {}, own: `/vpnext-${instance}/0/com.example.one` }])
  expect(readFileSync(folder.in('state', 'audit.jsonl'), 'utf8')).toContain('"program-joined"')
})

test('a bundle that the policy lets out of device tunnels is for administrators before there is one', async () => {
  mkdirSync(folder.in('policy'))
  const rules = [{ bundleName: 'com.example.one', excludable: true }]
  writeFileSync(folder.in('policy', 'rules.json'), JSON.stringify({ version: 1, rules }))
  const { joined } = await joinAs(1000, 'com.example.one', 'com.example.two')
  expect(joined).toMatchObject([{ answer: { error: 'io.vpnext.NotPermitted' } }, { answer: {} }])
  expect(await joinAs(0, 'com.example.one')).toMatchObject({ joined: [{ answer: {} }] })
})

test('what is told of a program: nothing special without a list, and of other users only to administrators', async () => {
  const { client } = machine
  const plain = { mark: 0, uids: [], dnsRedirects: [] }
  const ask = async (parameters: object): Promise<unknown> =>
    (await client.call(publicInterface, 'DescribeProgram', parameters)).parameters
  expect(await ask({ bundleName: 'com.example.one', uid: 1000 })).toEqual(plain)
  expect(await ask({})).toEqual(plain)
  expect(await machine.callAs(1000, 'DescribeProgram', { uid: 1000 })).toEqual({ parameters: plain })
  expect(await machine.callAs(1000, 'DescribeProgram', { uid: 1001 })).toMatchObject({
    error: 'io.vpnext.NotPermitted',
  })
})
