import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Rtnetlink, memfdSealed, openFds, unshare } from '@vpnext/native'
import { defaultSettings, diffSnapshots, takeSnapshot } from '@vpnext/network'
import { connectVarlink } from '@vpnext/varlink'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundleProgram } from '../test/bundle-program.ts'
import { archiveBytes, sampleArchive } from '../test/sample-archive.ts'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { sampleWant, startTestService } from '../test/test-service.ts'
import type { BundleArchive } from './protocol/bundle.ts'
import { isHostUid } from './identity/host-uids.ts'
import { publicInterface } from './protocol/public-interface.ts'
import type { ServiceOptions } from './settings.ts'

/** The service and the real host together: sandbox, uid, and the deaths of either. */
let image: TemporaryFolder
let folder: TemporaryFolder
let descriptors: number

beforeAll(() => {
  unshare({ network: true })
  image = temporaryFolder()
  const script = fileURLToPath(new URL('../../host/scripts/build-image.mjs', import.meta.url))
  execFileSync(process.execPath, [script, image.in('host')])
  execFileSync('chmod', ['755', image.path])
}, 120_000)
afterAll(() => image[Symbol.dispose]())
beforeEach(() => {
  descriptors = openFds()
  folder = temporaryFolder()
})
afterEach(() => {
  expect(openFds()).toBe(descriptors)
  folder[Symbol.dispose]()
})

const alive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
const interfaces = (): string[] => {
  using netlink = Rtnetlink.open()
  return netlink.links().map((link) => link.name)
}

/** The sample bundle with an extension whose members are `body`. */
function extension(body: string): Partial<BundleArchive> {
  const code = `
    const { VpnExtensionAbility, vpnExtension } = require('@kit.NetworkKit')
    const { hilog } = require('@kit.PerformanceAnalysisKit')
    const say = (text) => hilog.info(0, 'test', '%{public}s', text)
    exports.default = class MyVpn extends VpnExtensionAbility { ${body} }
  `
  return { scripts: { vpn: { code, map: '' }, page: { code: '', map: '' } } }
}

const creating = `
  connection = vpnExtension.createVpnConnection(this.context)
  async onCreate(want) {
    const fd = await this.connection.create({ addresses: [{ address: { address: '10.8.0.5' }, prefixLength: 24 }] })
    say('fd ' + (fd > 0))
  }
  async onDestroy() { await this.connection.destroy(); say('bye') }
`

test('an extension runs under a uid of its own, gets its TUN, and everything is gone in the end', async () => {
  const machine = await startTestService(folder, image.in('host'))
  const settings = defaultSettings({
    instance: `t${process.pid}`,
    resolvConf: folder.in('etc', 'resolv.conf'),
  })
  const empty = takeSnapshot(settings)
  try {
    await machine.install(extension(creating))
    await machine.allow()
    await machine.start()
    await machine.logged('fd true')
    const { hosts, tunnels } = await machine.status()
    expect(tunnels).toMatchObject([{ interfaceName: 'vpn-tun', scope: 'device' }])
    expect(hosts).toMatchObject([{ state: 'running' }])
    const hostUid = hosts[0]?.hostUid ?? 0
    expect(isHostUid(hostUid)).toBe(true)
    expect(hosts[0]?.sandbox).toEqual(expect.arrayContaining(['own uid', 'no capabilities', 'seccomp']))
    expect(hosts[0]?.missing).toEqual([])
    expect(statSync(`/proc/${hosts[0]?.pid}`).uid).toBe(hostUid)
    await machine.stop()
    await machine.logged('bye')
    expect(alive(hosts[0]?.pid ?? 0)).toBe(false)
    expect(diffSnapshots(empty, takeSnapshot(settings))).toEqual([])
  } finally {
    await machine[Symbol.asyncDispose]()
  }
})

test('what an extension keeps in its files survives a restart of the host', async () => {
  const machine = await startTestService(folder, image.in('host'))
  const remembering = extension(`
    onCreate() {
      const { fileIo } = require('@kit.CoreFileKit')
      const path = this.context.filesDir + '/count'
      const count = fileIo.accessSync(path) ? Number(fileIo.readTextSync(path)) : 0
      const file = fileIo.openSync(path, fileIo.OpenMode.CREATE | fileIo.OpenMode.READ_WRITE)
      fileIo.writeSync(file.fd, String(count + 1))
      fileIo.closeSync(file)
      say('count ' + (count + 1))
    }
  `)
  try {
    await machine.install(remembering)
    await machine.allow()
    await machine.start()
    await machine.logged('count 1')
    await machine.stop()
    await machine.start()
    await machine.logged('count 2')
  } finally {
    await machine[Symbol.asyncDispose]()
  }
})

test('a module that cannot be loaded is 16000050 with the reason', async () => {
  const machine = await startTestService(folder, image.in('host'))
  try {
    await machine.install({
      scripts: { vpn: { code: 'exports.default = class {}', map: '' }, page: { code: '', map: '' } },
    })
    await machine.allow()
    await expect(machine.start()).rejects.toMatchObject({
      parameters: { code: 16000050, reason: expect.stringContaining('VpnExtensionAbility') as unknown },
    })
  } finally {
    await machine[Symbol.asyncDispose]()
  }
})

test('kill -9 of the service ends its hosts; traffic stays caught until the next start undoes the rest', async () => {
  mkdirSync(folder.in('etc'))
  writeFileSync(folder.in('etc', 'resolv.conf'), 'nameserver 192.0.2.1\n')
  const settings = defaultSettings({
    instance: `t${process.pid}`,
    resolvConf: folder.in('etc', 'resolv.conf'),
  })
  const empty = takeSnapshot(settings)
  const programs = folder.in('programs')
  mkdirSync(programs)
  const options: ServiceOptions = {
    runDir: folder.in('run'),
    stateDir: folder.in('state'),
    hostImage: image.in('host'),
    instance: `t${process.pid}`,
    resolvConf: folder.in('etc', 'resolv.conf'),
    groupFile: '/etc/group',
  }
  const program = await bundleProgram('service-process', programs, 'src/service-process.mjs')
  writeFileSync(join(programs, 'package.json'), readFileSync(new URL('../package.json', import.meta.url)))
  const service = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let hostPid = 0
  try {
    await firstLine(service, 'ready')
    hostPid = await startExtension(folder.in('run', 'io.vpnext'))
  } finally {
    const ended = once(service, 'exit')
    service.kill('SIGKILL')
    await ended
  }
  await expect.poll(() => alive(hostPid)).toBe(false)
  // The kernel takes the device away some time after its last descriptor.
  await expect.poll(interfaces).not.toContain('vpn-tun')
  using netlink = Rtnetlink.open()
  expect(
    netlink.routes().filter((route) => route.table === settings.tableBase && route.type === 'unreachable'),
  ).not.toEqual([])
  expect(netlink.rules().some((rule) => rule.table === settings.tableBase)).toBe(true)

  const machine = await startTestService(folder, image.in('host'))
  try {
    expect(diffSnapshots(empty, takeSnapshot(settings))).toEqual([])
    expect(machine.log.map((entry) => entry.message)).toContainEqual(
      expect.stringContaining('vpn-tun: undone after a crash'),
    )
    // Consent and code are still there.
    await machine.start()
    expect((await machine.status()).tunnels).toHaveLength(1)
  } finally {
    await machine[Symbol.asyncDispose]()
  }
})

async function firstLine(child: ChildProcess, wanted: string): Promise<void> {
  if (child.stdout === null) throw new Error('no stdout')
  for await (const line of createInterface(child.stdout)) if (line === wanted) return
  throw new Error('the service ended')
}

/** @returns the pid of the host */
async function startExtension(socket: string): Promise<number> {
  const client = await connectVarlink(socket)
  using fd = memfdSealed('archive', archiveBytes(sampleArchive(extension(creating))))
  await client.call(publicInterface, 'Install', {}, { fds: [fd] })
  await client.call(publicInterface, 'AnswerConsent', { bundleName: 'com.example.vpn', allow: true })
  await client.call(publicInterface, 'StartAbility', { want: sampleWant })
  const { status } = (await client.call(publicInterface, 'GetStatus', {})).parameters
  await client.close()
  return status.hosts[0]?.pid ?? 0
}

test('in a user namespace without the uids the host shares the user, and the status says so', async () => {
  const programs = folder.in('programs')
  mkdirSync(programs)
  mkdirSync(folder.in('etc'))
  writeFileSync(folder.in('etc', 'resolv.conf'), 'nameserver 192.0.2.1\n')
  const program = await bundleProgram('service-process', programs, 'src/service-process.mjs')
  writeFileSync(join(programs, 'package.json'), readFileSync(new URL('../package.json', import.meta.url)))
  const options: ServiceOptions = {
    runDir: folder.in('run'),
    stateDir: folder.in('state'),
    hostImage: image.in('host'),
    instance: `r${process.pid}`,
    resolvConf: folder.in('etc', 'resolv.conf'),
  }
  const command = ['-Urn', process.execPath, program, JSON.stringify(options)]
  const service = spawn('unshare', command, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await firstLine(service, 'ready')
    const pid = await startExtension(folder.in('run', 'io.vpnext'))
    expect(pid).toBeGreaterThan(0)
    const client = await connectVarlink(folder.in('run', 'io.vpnext'))
    const { status } = (await client.call(publicInterface, 'GetStatus', {})).parameters
    await client.close()
    expect(status.rootless).toBe(true)
    expect(status.tunnels).toHaveLength(1)
    expect(status.hosts).toMatchObject([
      { hostUid: 0, missing: expect.arrayContaining([expect.stringMatching(/^own uid/)]) as unknown },
    ])
  } finally {
    const ended = once(service, 'exit')
    service.kill('SIGTERM')
    await ended
  }
})
