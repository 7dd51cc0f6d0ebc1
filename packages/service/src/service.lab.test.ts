import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  Fd,
  cgroup2Mount,
  connectUnix,
  memfdSealed,
  openFds,
  receiveMessage,
  sendMessage,
  unshare,
} from '@vpnext/native'
import { isVarlinkError } from '@vpnext/varlink'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundleProgram } from '../test/bundle-program.ts'
import { archiveBytes, sampleArchive } from '../test/sample-archive.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { type TestService, sampleWant, startTestService } from '../test/test-service.ts'
import { verifyAuditText } from './audit/chain.ts'
import { createService } from './create-service.ts'
import { isHostUid } from './identity/host-uids.ts'
import { publicInterface } from './protocol/public-interface.ts'
import type { ConsentRequest } from './consent/consent-desk.ts'

let programs: TemporaryFolder
let folder: TemporaryFolder
let machine: TestService
let descriptors: number

beforeAll(async () => {
  // The test has its own network: nothing here touches the machine's.
  unshare({ network: true })
  programs = temporaryFolder()
  await bundleProgram('scripted-host', programs.path, 'stage1.mjs')
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
})
afterAll(() => programs[Symbol.dispose]())
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  machine = await startTestService(folder, programs.path)
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  expect(openFds()).toBe(descriptors)
  const mount = cgroup2Mount()
  if (mount !== undefined) expect(existsSync(join(mount, `vpnext-t${process.pid}`))).toBe(false)
})

const businessError = (code: number): unknown =>
  expect.objectContaining({
    error: 'io.vpnext.BusinessError',
    parameters: expect.objectContaining({ code }) as unknown,
  })
/** A process that has ended but was not waited for by its new parent is not alive. */
function alive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false
  return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}
const question = async (): Promise<ConsentRequest> => {
  for await (const { parameters } of machine.client.stream(publicInterface, 'MonitorConsents', {}))
    return parameters.request
  throw new Error('no question came')
}

test('the folders and the socket have their modes; a second service is turned away and harms nothing', async () => {
  expect(statSync(folder.in('state')).mode & 0o777).toBe(0o700)
  expect(statSync(folder.in('run')).mode & 0o777).toBe(0o755)
  expect(statSync(machine.socket).mode & 0o777).toBe(0o666)
  const inUse = expect.objectContaining({ code: 'in-use' })
  await expect(createService(machine.options).start()).rejects.toEqual(inUse)
  await expect(createService({ ...machine.options, runDir: folder.in('run2') }).start()).rejects.toEqual(
    inUse,
  )
  await expect(createService({ ...machine.options, stateDir: folder.in('state2') }).start()).rejects.toEqual(
    inUse,
  )
  expect((await machine.status()).instance).toBe(`t${process.pid}`)
  await machine.service.stop()
  expect(existsSync(machine.socket)).toBe(false)
})

test('a state folder that is a symbolic link is refused', async () => {
  symlinkSync(folder.in('state'), folder.in('link'))
  const other = createService({ ...machine.options, runDir: folder.in('run2'), stateDir: folder.in('link') })
  await expect(other.start()).rejects.toMatchObject({ code: 'unsafe-path' })
})

test('a bundle is installed from a sealed memfd only', async () => {
  const { client } = machine
  const install = async (fds: Fd[]): Promise<unknown> => {
    try {
      return (await client.call(publicInterface, 'Install', {}, { fds })).parameters
    } catch (error) {
      return isVarlinkError(error, publicInterface, 'InvalidBundle') ? error.parameters : error
    } finally {
      for (const fd of fds) fd.close()
    }
  }
  const good = archiveBytes(sampleArchive())
  writeFileSync(folder.in('file'), good)
  expect(await install([])).toMatchObject({ field: 'archive' })
  expect(await install([Fd.adopt((await import('node:fs')).openSync(folder.in('file'), 'r'))])).toMatchObject(
    { field: 'archive', reason: /sealed/ },
  )
  expect(await install([memfdSealed('big', new Uint8Array(64 * 1024 * 1024 + 1))])).toMatchObject({
    field: 'archive',
    reason: /more than/,
  })
  expect(await install([memfdSealed('bad', Buffer.from('{}'))])).toMatchObject({ field: 'format' })
  expect((await client.call(publicInterface, 'ListBundles', {})).parameters.bundles).toEqual([])
  expect(readdirSync(folder.in('state', 'bundles'))).toEqual([])
  expect(await install([memfdSealed('good', good)])).toMatchObject({
    replaced: false,
    bundle: { bundleName: 'com.example.vpn' },
  })
})

test('consent: the question is asked, the answer is kept, and the parameters arrive but are written nowhere', async () => {
  await machine.install()
  const secret = 'hunter2-'.repeat(4)
  const asked = question()
  const started = machine.start({ secret, onRequest: [{ do: 'create', config: { addresses: [] } }] })
  expect(await asked).toMatchObject({ bundleName: 'com.example.vpn', abilityName: 'VpnAbility', ownerUid: 0 })
  expect((await machine.status()).hosts).toEqual([])
  await machine.allow()
  await started
  expect(await machine.logged('onCreate')).toBe(`onCreate secret of ${secret.length}`)
  expect((await machine.status()).hosts).toMatchObject([
    { abilityName: 'VpnAbility', state: 'running', sandbox: ['none: a test'] },
  ])
  // Now it is on record: no question.
  await machine.start({ secret })
  expect(await machine.logged('onRequest')).toBe('onRequest 2')

  expect(JSON.stringify(machine.log)).not.toContain(secret)
  const files = readdirSync(folder.in('state'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const contents = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
  expect(contents.join()).toContain('com.example.vpn')
  expect(contents.join()).not.toContain('hunter2')
  const audit = readFileSync(folder.in('state', 'audit.jsonl'), 'utf8')
  expect(verifyAuditText(audit)).toMatchObject({ intact: true })
  expect(audit.match(/"event":"[a-z-]+"/g)).toEqual(
    ['service-start', 'install', 'consent-allowed', 'extension-start'].map((event) => `"event":"${event}"`),
  )
})

test('a refusal and a question nobody answers are both 201', async () => {
  await machine.install()
  const asked = question()
  const started = machine.start()
  started.catch(() => undefined)
  await asked
  await machine.client.call(publicInterface, 'AnswerConsent', { bundleName: 'com.example.vpn', allow: false })
  await expect(started).rejects.toEqual(businessError(201))
  await machine[Symbol.asyncDispose]()
  machine = await startTestService(folder, programs.path, { consentTimeoutMs: 30 })
  await expect(machine.start()).rejects.toEqual(businessError(201))
  expect((await machine.status()).hosts).toEqual([])
  expect(readFileSync(folder.in('state', 'audit.jsonl'), 'utf8')).toContain('consent-expired')
})

test('an answer is about the code its user saw; replaced code asks again', async () => {
  const { codeHash } = await machine.install()
  await machine.allow()
  await machine.start()
  const [before] = (await machine.status()).hosts
  const { replaced, codeHash: fresh } = await machine.install({ natives: ['libmore.so'] })
  expect(replaced).toBe(true)
  expect(alive(before?.pid ?? 0)).toBe(false)
  const answer = machine.client.call(publicInterface, 'AnswerConsent', {
    bundleName: 'com.example.vpn',
    allow: true,
    codeHash,
  })
  await expect(answer).rejects.toMatchObject({ error: 'io.vpnext.NoSuchRequest' })
  const asked = question()
  const started = machine.start()
  expect((await asked).codeHash).toBe(fresh)
  await machine.client.call(publicInterface, 'AnswerConsent', {
    bundleName: 'com.example.vpn',
    allow: true,
    codeHash: fresh,
  })
  await started
})

test('revoking consent stops the extension, and the next start asks', async () => {
  await machine.install()
  await machine.allow()
  await machine.start()
  const [host] = (await machine.status()).hosts
  await machine.client.call(publicInterface, 'RevokeConsent', { bundleName: 'com.example.vpn' })
  expect(alive(host?.pid ?? 0)).toBe(false)
  const asked = question()
  const started = machine.start()
  await asked
  await machine.allow()
  await started
})

test.each([
  ['consent is revoked', 'RevokeConsent'],
  ['the bundle is uninstalled', 'Uninstall'],
] as const)(
  'when %s but that cannot be written down, the extension ends all the same',
  async (_what, method) => {
    await machine.install()
    await machine.allow()
    await machine.start()
    const [host] = (await machine.status()).hosts
    // As with a full disk, which an extension can see to.
    const consents = folder.in('state', 'consent.json')
    rmSync(consents)
    mkdirSync(consents)
    await expect(
      machine.client.call(publicInterface, method, { bundleName: 'com.example.vpn' }),
    ).rejects.toThrow()
    expect(alive(host?.pid ?? 0)).toBe(false)
    expect((await machine.status()).hosts).toEqual([])
    await machine.install()
    const asked = question()
    const started = machine.start()
    await asked
    rmdirSync(consents)
    await machine.allow()
    await started
  },
)

test('stop runs onDestroy, then nothing of the host is left, what it forked included', async () => {
  await machine.install()
  await machine.allow()
  await machine.start({ onCreate: [{ do: 'fork' }, { do: 'print' }], onDestroy: [{ do: 'print' }] })
  const child = Number(/"pid":(\d+)/.exec(await machine.logged('fork:'))?.[1])
  const [host] = (await machine.status()).hosts
  expect(alive(child) && alive(host?.pid ?? 0)).toBe(true)
  await machine.stop()
  await machine.logged('onDestroy')
  expect((await machine.status()).hosts).toEqual([])
  expect(alive(host?.pid ?? 0)).toBe(false)
  const unconfined = host?.missing.some((what) => what.startsWith('control group')) ?? true
  if (unconfined) process.kill(child, 'SIGKILL')
  else expect(alive(child)).toBe(false)
  expect(
    machine.log
      .filter(({ source }) => source === 'stdout' || source === 'stderr')
      .map(({ message }) => message)
      .toSorted(),
  ).toEqual(['to stderr', 'to stderr', 'to stdout', 'to stdout'])
})

test('an extension that throws lives on; one that cannot be loaded is 16000050', async () => {
  await machine.install()
  await machine.allow()
  await machine.start({ onCreate: [{ do: 'throw' }] })
  await machine.logged('onCreate: thrown by script')
  expect((await machine.status()).hosts).toHaveLength(1)
  await machine.stop()
  await expect(machine.start({ onCreate: [{ do: 'load-failed' }] })).rejects.toEqual(businessError(16000050))
  await expect.poll(async () => (await machine.status()).hosts).toEqual([])
})

test('callbacks that never settle are given up: start, request and stop all answer', async () => {
  await machine[Symbol.asyncDispose]()
  machine = await startTestService(folder, programs.path, { callbackTimeoutMs: 2000 })
  await machine.install()
  await machine.allow()
  await machine.start({ onCreate: [{ do: 'hang' }], onDestroy: [{ do: 'hang' }] })
  await machine.logged('onCreate has not settled')
  await machine.start({ onRequest: [{ do: 'hang' }] })
  await machine.stop()
  await machine.logged('onDestroy has not settled')
  expect((await machine.status()).hosts).toEqual([])
})

test('a host that cannot be spawned, or dies before it is up, is 16000050', async () => {
  await machine.install()
  await machine.allow()
  await expect(machine.start({ onCreate: [{ do: 'exit' }] })).rejects.toEqual(businessError(16000050))
  await machine[Symbol.asyncDispose]()
  machine = await startTestService(folder, programs.path, {
    faults: {
      before: (step) => {
        if (step === 'spawn') throw new Error('injected')
      },
    },
  })
  await expect(machine.start()).rejects.toMatchObject({
    parameters: { code: 16000050, reason: expect.stringContaining('injected') as unknown },
  })
  await machine[Symbol.asyncDispose]()
  machine = await startTestService(folder, programs.path, { nodePath: '/nonexistent/node' })
  await expect(machine.start()).rejects.toEqual(businessError(16000050))
  expect((await machine.status()).hosts).toEqual([])
})

test('an extension may start and stop itself without waiting for itself, but no other bundle', async () => {
  await machine.install()
  await machine.allow()
  await machine.start({
    onCreate: [
      { do: 'start', want: { ...sampleWant, bundleName: 'com.example.other' } },
      { do: 'start', want: {} },
      { do: 'start', want: { ...sampleWant, parameters: { onRequest: [{ do: 'stop', want: sampleWant }] } } },
    ],
  })
  await machine.logged('"code":201')
  await machine.logged('"code":16000001')
  await machine.logged('start: {}')
  await machine.logged('stop: {}')
  await machine.logged('onDestroy')
  await expect.poll(async () => (await machine.status()).hosts).toEqual([])
})

test('a host that closes its channel is ended', async () => {
  await machine.install()
  await machine.allow()
  await machine.start()
  const [host] = (await machine.status()).hosts
  await machine.start({ onRequest: [{ do: 'garbage' }] })
  await expect.poll(() => alive(host?.pid ?? 0)).toBe(false)
  await expect.poll(async () => (await machine.status()).hosts).toEqual([])
})

test('users see and touch only what is theirs; a host uid gets no answer at all', async () => {
  await machine.install()
  expect(await machine.callAs(1000, 'Install', {}, sampleArchive())).toMatchObject({
    parameters: { bundle: { ownerUid: 1000 } },
  })
  const list = async (uid: number): Promise<number[]> => {
    const { parameters } = (await machine.callAs(uid, 'ListBundles')) as {
      parameters: { bundles: { ownerUid: number }[] }
    }
    return parameters.bundles.map((bundle) => bundle.ownerUid)
  }
  expect(await list(1000)).toEqual([1000])
  expect(await list(1001)).toEqual([])
  expect(new Set(await list(0))).toEqual(new Set([0, 1000]))
  const start = { want: sampleWant }
  expect(await machine.callAs(1001, 'StartAbility', start)).toMatchObject({ code: 16000006 })
  expect(
    await machine.callAs(1001, 'AnswerConsent', { bundleName: 'com.example.vpn', allow: true }),
  ).toMatchObject({ error: 'io.vpnext.NoSuchBundle' })
  expect(await machine.callAs(1001, 'Uninstall', { bundleName: 'com.example.vpn' })).toMatchObject({
    error: 'io.vpnext.NoSuchBundle',
  })
  expect(await machine.callAs(33, 'Install', {}, sampleArchive())).toMatchObject({
    error: 'io.vpnext.NotPermitted',
  })
  expect(await machine.callAs(20_010_000, 'GetStatus')).toMatchObject({
    error: expect.stringMatching(/^ConnectionError/) as unknown,
  })
  expect(await machine.callAs(1000, 'GetStatus')).toHaveProperty('parameters')
})

test('a bundle name that leads out of the own data removes nothing', async () => {
  await machine.install()
  const places = new Set(readdirSync(folder.path, { encoding: 'utf8', recursive: true }))
  const data = folder.in('state', 'data', '1000')
  mkdirSync(data)
  for (const kept of [
    '../../bundles',
    '../0/com.example.vpn',
    '../../audit.jsonl',
    '..',
    '.',
    '../../../../outside',
  ]) {
    writeFileSync(folder.in('outside'), '')
    expect([kept, await machine.callAs(1000, 'Uninstall', { bundleName: kept })]).toEqual([
      kept,
      expect.objectContaining({ error: 'io.vpnext.NoSuchBundle' }),
    ])
  }
  rmSync(folder.in('outside'))
  rmSync(data, { recursive: true })
  expect(new Set(readdirSync(folder.path, { encoding: 'utf8', recursive: true }))).toEqual(places)
})

test('an uninstalled bundle is gone with its data, its consent and its uid', async () => {
  await machine.install()
  await machine.allow()
  await machine.start()
  const [host] = (await machine.status()).hosts
  const data = folder.in('state', 'data', '0', 'com.example.vpn')
  const uid = host?.hostUid ?? 0
  expect(isHostUid(uid)).toBe(true)
  expect(statSync(data)).toMatchObject({ uid, gid: uid })
  expect(statSync(join(data, 'el2/base/haps/entry/files'))).toMatchObject({ uid })
  await machine.client.call(publicInterface, 'Uninstall', { bundleName: 'com.example.vpn' })
  expect(alive(host?.pid ?? 0)).toBe(false)
  expect(existsSync(data)).toBe(false)
  expect((await machine.client.call(publicInterface, 'ListConsents', {})).parameters.grants).toEqual([])
  await expect(machine.start()).rejects.toEqual(businessError(16000001))
  expect(readFileSync(folder.in('state', 'host-uids.json'), 'utf8')).not.toContain('com.example.vpn')
})

test('a profile is put where only its host reads it, and what the host reports is read back by its user alone', async () => {
  await machine.install()
  const { client } = machine
  const names = { bundleName: 'com.example.vpn', name: 'wg0' }
  using file = memfdSealed('profile', Buffer.from('PrivateKey = …'))
  await client.call(publicInterface, 'StoreProfile', names, { fds: [file] })
  const files = folder.in('state', 'data', '0', 'com.example.vpn', 'el2/base/haps/entry/files')
  const stat = statSync(join(files, 'profiles/wg0'))
  const { uid } = stat
  expect(isHostUid(uid)).toBe(true)
  expect(stat).toMatchObject({ gid: uid, size: Buffer.byteLength('PrivateKey = …') })
  expect(stat.mode & 0o7777).toBe(0o600)
  expect(statSync(join(files, 'profiles'))).toMatchObject({ uid, gid: uid })

  expect((await client.call(publicInterface, 'ReadReport', names)).parameters).toEqual({})
  writeFileSync(join(files, 'reports/wg0'), 'all is well')
  chownSync(join(files, 'reports/wg0'), uid, uid)
  expect((await client.call(publicInterface, 'ReadReport', names)).parameters).toEqual({
    text: 'all is well',
  })
  expect(await machine.callAs(1000, 'ReadReport', names)).toMatchObject({ error: 'io.vpnext.NoSuchBundle' })
  expect(await machine.callAs(1000, 'RemoveProfile', names)).toMatchObject({
    error: 'io.vpnext.NoSuchBundle',
  })
  expect(await machine.callAs(33, 'RemoveProfile', names)).toMatchObject({ error: 'io.vpnext.NotPermitted' })
  for (const name of ['../files', '.x', 'a/b']) {
    const asked = client.call(publicInterface, 'ReadReport', { ...names, name })
    await expect(asked).rejects.toMatchObject({
      error: 'io.vpnext.InvalidFile',
      parameters: { field: 'name' },
    })
  }
  await expect(client.call(publicInterface, 'StoreProfile', names)).rejects.toMatchObject({
    parameters: { field: 'profile' },
  })

  expect((await client.call(publicInterface, 'RemoveProfile', names)).parameters).toEqual({ removed: true })
  expect((await client.call(publicInterface, 'RemoveProfile', names)).parameters).toEqual({ removed: false })
  expect(existsSync(join(files, 'profiles/wg0'))).toBe(false)
})

test('the status is told anew after each change, and logs can be followed', async () => {
  await machine.install()
  await machine.allow()
  const states: string[][] = []
  const watching = (async () => {
    for await (const { parameters } of machine.client.stream(publicInterface, 'MonitorStatus', {})) {
      states.push(parameters.status.hosts.map((host) => host.state))
      if (states.length > 1 && parameters.status.hosts.length === 0) return
    }
  })()
  const lines: string[] = []
  const reading = (async () => {
    for await (const { parameters } of machine.client.stream(publicInterface, 'ReadLogs', {
      follow: true,
      bundleName: 'com.example.vpn',
    })) {
      lines.push(parameters.entry.message)
      if (parameters.entry.message === 'onDestroy') return
    }
  })()
  await machine.start()
  await machine.stop()
  await Promise.all([watching, reading])
  expect(states[0]).toEqual([])
  expect(states).toContainEqual(['running'])
  expect(lines).toEqual(expect.arrayContaining(['onCreate ', 'onDestroy']))
})

test('strangers who send garbage do not fill the log', async () => {
  const before = machine.log.length
  for (let count = 0; count < 400; count += 1) {
    const stranger = connectUnix(machine.socket)
    sendMessage(stranger, Buffer.from('garbage\0'))
    while (receiveMessage(stranger, Buffer.alloc(1)) === 'again')
      await new Promise((resolve) => setTimeout(resolve, 1))
    stranger.close()
  }
  const told = machine.log.slice(before).filter(({ message }) => message.includes('is not JSON'))
  expect(told.length).toBeGreaterThan(50)
  // A hundred at once, and one a second.
  expect(told.length).toBeLessThan(300)
})

test('stopping the service stops its extensions in order', async () => {
  await machine.install()
  await machine.allow()
  await machine.start()
  const [host] = (await machine.status()).hosts
  await machine.service.stop()
  expect(alive(host?.pid ?? 0)).toBe(false)
  expect(machine.log.map((entry) => entry.message)).toContain('onDestroy')
  const audit = readFileSync(folder.in('state', 'audit.jsonl'), 'utf8')
  expect(audit.trim().split('\n').slice(-2).join()).toMatch(/extension-end.*service-stop/s)
})
