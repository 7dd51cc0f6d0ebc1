import { openFds, unshare } from '@vpnext/native'
import { defaultSettings, diffSnapshots, takeSnapshot, type NetworkSnapshot } from '@vpnext/network'
import { publicInterface } from '@vpnext/service/protocol'
import { type VarlinkClient, connectVarlink } from '@vpnext/varlink'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { bundleProgram } from '../../service/test/bundle-program.ts'
import { archiveBytes } from '../../service/test/sample-archive.ts'
import { type TemporaryFolder, temporaryFolder } from '../../service/test/temporary-folder.ts'
import { type TestService, startTestService } from '../../service/test/test-service.ts'
import { archiveOf, extensionText } from '../test/extension-project.ts'
import { buildTestImage } from '../test/host-harness.ts'
import { installArchive, results, startAbility, takeResult } from '../test/real-machine.ts'

/** Every error of the API, reached by extension code in a real host of the real service. */
let image: string
let programs: TemporaryFolder
let table: Uint8Array
let other: Uint8Array
let folder: TemporaryFolder
let machine: TestService
let failing: ((step: string) => void) | undefined
let steps: string[]
let descriptors: number

const bundleName = 'com.example.table'
const second = `import { VpnExtensionAbility } from '@kit.NetworkKit'
  export default class SecondAbility extends VpnExtensionAbility {}`

/** Whose code becomes a system application. */
const withManageVpn = { permissions: ['ohos.permission.MANAGE_VPN'] }
const projectOf = (options: { permissions?: string[] } = {}): Parameters<typeof archiveOf>[0] => ({
  bundleName,
  extensions: { TableAbility: extensionText('ErrorTable.ets'), SecondAbility: second },
  others: { extension: 'BackupAbility', page: 'PageAbility' },
  ...options,
})
const snapshot = (): NetworkSnapshot =>
  takeSnapshot(defaultSettings({ instance: `t${process.pid}`, resolvConf: folder.in('etc', 'resolv.conf') }))

beforeAll(async () => {
  unshare({ network: true })
  image = buildTestImage()
  programs = temporaryFolder()
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
  table = await archiveOf(projectOf())
  other = await archiveOf({ bundleName: 'com.example.other', extensions: { Any: second } })
})
afterAll(() => {
  programs[Symbol.dispose]()
  rmSync(dirname(image), { recursive: true })
})
beforeEach(async () => {
  descriptors = openFds()
  failing = undefined
  steps = []
  folder = temporaryFolder()
  machine = await startTestService(folder, programs.path, {
    hostImage: image,
    policyDir: folder.in('policy'),
    faults: {
      before: (step) => {
        steps.push(step)
        failing?.(step)
      },
    },
  })
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(openFds()).toBe(descriptors)
})

async function install(archive = table): Promise<string> {
  const codeHash = await installArchive(machine, archive)
  await machine.allow(bundleName)
  return codeHash
}

/** The kernel's state with the extension running and no tunnel. */
async function idle(): Promise<NetworkSnapshot> {
  await startAbility(machine, bundleName, 'TableAbility')
  return snapshot()
}

/** Uses an extension until the connection is closed. */
async function use(want: object): Promise<VarlinkClient> {
  const client = await connectVarlink(machine.socket)
  await client.stream(publicInterface, 'ConnectAbility', { want })[Symbol.asyncIterator]().next()
  return client
}

/** Runs an attempt of the table, and gives what it told without its name. */
async function attempt(name: string): Promise<string> {
  await startAbility(machine, bundleName, 'TableAbility', { attempt: name })
  const line = await takeResult(machine, `${name} `)
  return line.slice(name.length + 1)
}

function setPolicy(...rules: object[]): void {
  mkdirSync(folder.in('policy'), { recursive: true })
  writeFileSync(folder.in('policy', 'a.json'), JSON.stringify({ version: 1, rules }))
}

test('401, 2200001, 2203004 and 19900001: what the arguments alone decide', async () => {
  await install()
  const empty = await idle()
  const rows: Record<string, string> = {
    'start of nothing': 'thrown 401 want',
    'start of null': 'thrown 401 want',
    'stop of a text': 'thrown 401 want',
    'connection without context': 'thrown 401 context',
    'create of null': 'thrown 401 config',
    'create with a wrong type': 'thrown 401 config.mtu',
    'create with a wrong value': 'rejected 2200001 config.mtu',
    'protect of a text': 'thrown 401 socketFd',
    'protect of half a number': 'rejected 2200001 socketFd',
    'protect of 0': 'rejected 2203004 socketFd',
    'protect of a closed one': 'rejected 2203004 socketFd',
    'protect of a socket': 'resolved null -',
    'destroy of undefined': 'thrown 401 vpnId',
    'generateVpnId with two': 'thrown 19900001 arguments',
    generateVpnId: 'resolved 36 -',
    'protectProcessNet with one': 'thrown 19900001 arguments',
    protectProcessNet: 'resolved null -',
    'set always-on without a name': 'thrown 401 bundleName',
    'is always-on without a name': 'thrown 401 bundleName',
    'authorize without a name': 'thrown 401 bundleName',
  }
  const told: Record<string, string> = {}
  for (const name of Object.keys(rows)) told[name] = await attempt(name)
  expect(told).toEqual(rows)
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})

test('2203002: a second create, while the first tunnel stays', async () => {
  await install()
  const empty = await idle()
  expect(await attempt('create')).toBe('resolved true -')
  const up = snapshot()
  expect(await attempt('create')).toBe('rejected 2203002 -')
  expect(diffSnapshots(up, snapshot())).toEqual([])
  expect(await attempt('destroy')).toBe('resolved null -')
  expect(await attempt('destroy')).toBe('resolved null -')
  expect(await attempt('destroy of an unknown id')).toBe('resolved null -')
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})

test('2200003: a failure at every single step, each with a full roll-back', async () => {
  await install()
  const empty = await idle()
  expect(await attempt('create')).toBe('resolved true -')
  expect(await attempt('destroy')).toBe('resolved null -')
  const every = steps.filter((step) => step !== 'spawn')
  expect(every.length).toBeGreaterThan(8)
  expect(every).toEqual(expect.arrayContaining(['journal', 'tun', 'guard', 'rules', 'hand-over']))
  for (const step of every) {
    failing = (reached) => {
      if (reached === step) throw new Error('injected')
    }
    expect({ step, told: await attempt('create') }).toEqual({ step, told: 'rejected 2200003 -' })
    expect({ step, left: diffSnapshots(empty, snapshot()) }).toEqual({ step, left: [] })
  }
  failing = undefined
  expect(await attempt('create')).toBe('resolved true -')
})

test('2203001: a user who may not own a VPN', async () => {
  const stranger = 1001
  const archive: object = JSON.parse(Buffer.from(table).toString())
  await machine.callAs(stranger, 'Install', {}, archive)
  await machine.callAs(stranger, 'AnswerConsent', { bundleName, allow: true })
  const want = { bundleName, abilityName: 'TableAbility', parameters: { attempt: 'create' } }
  expect(await machine.callAs(stranger, 'StartAbility', { want })).toEqual({ parameters: {} })
  expect(await takeResult(machine, 'create ')).toBe('create rejected 2203001 -')
})

test('16000001, 16000002, 201: what an extension names is not there, is no VPN, or is not its own', async () => {
  await install()
  await installArchive(machine, other)
  const rows: Record<string, string> = {
    'start of {}': 'rejected 16000001 want.bundleName',
    'stop of {}': 'rejected 16000001 want.bundleName',
    'start of an unknown ability': 'rejected 16000001 want.abilityName',
    'start of a backup extension': 'rejected 16000002 want.abilityName',
    'start of a page': 'rejected 16000002 want.abilityName',
    'stop of a page': 'rejected 16000002 want.abilityName',
    'start of another bundle': 'rejected 201 want.bundleName',
    'stop of another bundle': 'rejected 201 want.bundleName',
    "start of another user's": 'rejected 201 want.bundleName',
  }
  const told: Record<string, string> = {}
  for (const name of Object.keys(rows)) told[name] = await attempt(name)
  expect(told).toEqual(rows)
})

test('16000008: the test period of the bundle ends while it runs', async () => {
  const archive = JSON.parse(Buffer.from(table).toString()) as { app: object }
  const crowdtestingExpiresAt = Date.now() + 3500
  await install(archiveBytes({ ...archive, app: { ...archive.app, crowdtestingExpiresAt } }))
  const after = crowdtestingExpiresAt + 1 - Date.now()
  await startAbility(machine, bundleName, 'TableAbility', { later: 'start of itself', after })
  expect(await takeResult(machine, 'start of itself ')).toBe('start of itself rejected 16000008 -')
})

test('16000011: a call from a thread that runs no ability', async () => {
  const archive = JSON.parse(Buffer.from(table).toString()) as { scripts: Record<string, { code: string }> }
  for (const script of Object.values(archive.scripts)) {
    if (!script.code.includes('in a thread')) continue
    // No kit begins threads; code that begins one all the same, as a packet pump does, gets the kits there.
    script.code += `;if (getContext() !== undefined) {
      const { Worker } = module.constructor.createRequire('/elsewhere.js')('node:worker_threads')
      globalThis.thread = new Worker(__filename)
    }`
  }
  await install(archiveBytes(archive))
  await startAbility(machine, bundleName, 'TableAbility')
  expect(await takeResult(machine, 'in a thread')).toBe('in a thread rejected 16000011 -')
})

test('16000050: the host of another extension cannot be spawned', async () => {
  await install()
  await startAbility(machine, bundleName, 'TableAbility')
  failing = (step) => {
    if (step === 'spawn') throw new Error('injected')
  }
  expect(await attempt('start of the second extension')).toBe('rejected 16000050 -')
  failing = undefined
  expect(await attempt('start of the second extension')).toBe('resolved null -')
})

test('16200001: a call after onDestroy', async () => {
  await install()
  await startAbility(machine, bundleName, 'TableAbility')
  await machine.client.call(publicInterface, 'StopAbility', {
    want: { bundleName, abilityName: 'TableAbility' },
  })
  expect(await takeResult(machine, 'after onDestroy')).toBe('after onDestroy rejected 16200001 -')
})

test.each([
  [true, 'resolved null -'],
  [false, 'rejected 201 -'],
])('201: the user answers %s while the extension asks, and its observer is told', async (allow, told) => {
  await install()
  const parameters = { onConnect: 'create', onDisconnect: 'start of itself' }
  const want = { bundleName, abilityName: 'TableAbility', parameters }
  const user = await use(want)
  expect(await takeResult(machine, 'create ')).toBe('create resolved true -')
  // What is on record counts for the next start, not for what runs; started, the extension outlives its last use.
  await startAbility(machine, bundleName, 'TableAbility')
  await machine.client.call(publicInterface, 'AnswerConsent', { bundleName, allow: false })
  expect(results(machine).filter((line) => line.startsWith('observer'))).toEqual([])
  await user.close()
  for await (const _question of machine.client.stream(publicInterface, 'MonitorConsents', {})) break
  await machine.client.call(publicInterface, 'AnswerConsent', { bundleName, allow })
  expect(await takeResult(machine, 'start of itself ')).toBe(`start of itself ${told}`)
  expect(await takeResult(machine, 'observer ')).toBe(`observer told ${allow} -`)
})

describe('202 and 201: the system API', () => {
  const names = ['set always-on', 'is always-on', 'authorize', 'refuse']

  test('is closed to a bundle that is no system application', async () => {
    await install()
    const told = []
    for (const name of names) told.push(await attempt(name))
    expect(told).toEqual(['rejected 202 -', 'rejected 202 -', 'thrown 202 -', 'thrown 202 -'])
  })

  test('is closed to a system application without ohos.permission.MANAGE_VPN', async () => {
    const codeHash = await install()
    setPolicy({ bundleName, codeHash, system: true })
    await machine.client.call(publicInterface, 'StopAbility', {
      want: { bundleName, abilityName: 'TableAbility' },
    })
    const told = []
    for (const name of names) told.push(await attempt(name))
    expect(told).toEqual(['rejected 201 -', 'rejected 201 -', 'thrown 201 -', 'thrown 201 -'])
  })

  test('works for one with it; 2200001 and 16000006 are what it can still get', async () => {
    const archive = await archiveOf(projectOf(withManageVpn))
    const codeHash = createHash('sha256').update(archive).digest('hex')
    setPolicy({ bundleName, codeHash, system: true, consent: 'allowed' })
    await installArchive(machine, archive)
    await installArchive(machine, other)
    const foreign = await archiveOf({ bundleName: 'com.example.foreign', extensions: { Any: second } })
    await machine.callAs(1001, 'Install', {}, JSON.parse(Buffer.from(foreign).toString()))
    const rows: Record<string, string> = {
      'is always-on': 'resolved false -',
      'set always-on': 'resolved null -',
      'set always-on for nobody': 'rejected 2200001 bundleName',
      "start of another user's": 'rejected 16000006 want.bundleName',
      "stop of another user's": 'rejected 16000006 want.bundleName',
      authorize: 'resolved true -',
      'start of another bundle': 'resolved null -',
      'stop of another bundle': 'rejected 201 -',
      'clear always-on': 'resolved null -',
    }
    const told: Record<string, string> = {}
    for (const name of Object.keys(rows)) told[name] = await attempt(name)
    expect(told).toEqual(rows)
    expect(await attempt('is always-on')).toBe('resolved false -')
    expect(await attempt('stop of another bundle')).toBe('resolved null -')
    expect(await attempt('refuse')).toBe('resolved true -')
    const audit = readFileSync(folder.in('state', 'audit.jsonl'), 'utf8')
    expect(audit).toContain('always-on-set')
    expect(audit).toContain('consent-denied')
  })
})
