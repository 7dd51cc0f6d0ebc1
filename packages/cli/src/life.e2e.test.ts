import { fileURLToPath } from 'node:url'
import { type Inventory, type Lab, createLab, expectNothingLeft, takeInventory } from '@vpnext/lab'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSplitProject, splitBundle } from '../test/split-project.ts'
import {
  type SystemState,
  diffStates,
  takeState,
  waitForState,
  withoutService,
} from '../test/system-state.ts'
import {
  type Place,
  type TestService,
  createPlace,
  originalResolvConf,
  startService,
} from '../test/test-service.ts'
import type { Finished } from '../test/vpnext-process.ts'
import { existsSync, readFileSync } from 'node:fs'
import { exitCodes } from './exit-codes.ts'

/** One life of one bundle, told in order: each test goes on where the one before ended. */
const hello = 'io.vpnext.hello'
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

let inventory: Inventory
let lab: Lab
let place: Place
let before: SystemState
let service: TestService

beforeAll(async () => {
  inventory = takeInventory()
  lab = await createLab()
  place = createPlace()
  before = takeState(lab.client, place)
  service = await startService(lab.client, place)
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  const left = diffStates(before, takeState(lab.client, place))
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
  expect(left).toEqual([])
  await expectNothingLeft(inventory)
})

const json = (finished: Finished): unknown => JSON.parse(finished.stdout)

test('a fresh service has nothing, and says what to do', async () => {
  const list = await service.run(['list'])
  expect(list).toMatchObject({ code: 0, stderr: '' })
  expect(list.stdout).toContain('vpnext install <project>')
  expect(await service.run(['status'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^vpnext \S+ \(e2e-\w+\), pid \d+, .*\nnothing runs\n$/) as string,
  })
})

test.each(['start', 'stop', 'uninstall', 'consent allow', 'consent deny', 'consent revoke'])(
  '%s of a bundle that is not installed is 5',
  async (verb) => {
    const finished = await service.run([...verb.split(' '), 'com.example.nothing'])
    expect(finished).toMatchObject({ code: exitCodes.notFound, stdout: '' })
    expect(finished.stderr).toContain('no bundle com.example.nothing is installed')
  },
)

test('install tells what was installed, and a second time that nothing changed', async () => {
  const first = await service.run(['install', helloProject])
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toMatch(
    /^installed io\.vpnext\.hello 1\.0\.0 \(Hello VPN\)\n {2}code [0-9a-f]{16}…, imports\n {4}@kit/,
  )
  expect(first.stdout).toContain(`vpnext start ${hello}\n`)
  expect((await service.run(['install', helloProject])).stdout).toMatch(
    /^unchanged: io\.vpnext\.hello 1\.0\.0/,
  )
  const list = json(await service.run(['list', '--json']))
  expect(list).toMatchObject({
    bundles: [{ bundleName: hello, codeHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
  })
})

test('an ability that is not there, or is a page, is 5', async () => {
  const missing = await service.run(['start', hello, 'Nope'])
  expect(missing.code).toBe(exitCodes.notFound)
  expect(missing.stderr).toContain('(16000001)')
  const page = await service.run(['start', hello, 'EntryAbility'])
  expect(page.code).toBe(exitCodes.notFound)
  expect(page.stderr).toContain('(16000002)')
  expect(page.stderr).toContain(`vpnext aa start -b ${hello} -a EntryAbility`)
})

test('status --watch tells of the start and of the stop, without being asked', async () => {
  const watch = service.start(['status', '--watch', '--json'])
  await watch.waitFor('"hosts":[]')
  const start = await service.run(['start', hello, '--yes', '--ps', 'echoAddress', '', '--pb', 'x', 'true'])
  expect(start).toMatchObject({ code: 0, stdout: `started ${hello} (HelloVpnAbility)\n` })
  expect(start.stderr).toContain('asks to carry your network traffic')
  expect(start.stderr).toContain('allowed by --yes')
  await watch.waitFor(/"state":"running".*"interfaceName":"vpn-tun"/)
  watch.kill('SIGINT')
  const { code, stdout, stderr } = await watch.finished
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const seen = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { tunnels: unknown[] })
  expect(seen.map((status) => status.tunnels.length)).toEqual(expect.arrayContaining([0, 1]))
})

test('status shows the tunnel as the kernel has it', async () => {
  const status = await service.run(['status'])
  for (const text of [
    `${hello}  HelloVpnAbility  running`,
    'tunnel   vpn-tun, device scope, IPv4 and IPv6, MTU 1400',
    'address  10.8.0.5/24, fd08::5/64',
    'routes   0.0.0.0/0, ::/0',
    'DNS      10.8.0.1',
  ])
    expect(status.stdout).toContain(text)
  expect(json(await service.run(['status', '--json']))).toMatchObject({
    instance: place.instance,
    pid: service.process.pid,
    hosts: [
      { bundleName: hello, state: 'running', sandbox: expect.arrayContaining(['seccomp']) as string[] },
    ],
    tunnels: [{ interfaceName: 'vpn-tun', mtu: 1400, addresses: ['10.8.0.5/24', 'fd08::5/64'] }],
  })
  expect(readFileSync(place.resolvConf, 'utf8')).toContain('nameserver 10.8.0.1')
})

test('a second start of what runs is no error and asks nothing', async () => {
  const again = await service.run(['start', hello])
  expect(again).toMatchObject({ code: 0, stderr: '' })
})

test('logs are those of the bundle, at most as many as wanted; -f goes on', async () => {
  const all = await service.run(['logs', hello])
  expect(all.code).toBe(0)
  expect(all.stdout).toMatch(/^\S+ \S+ \d+ I 00001\/HelloVpn io\.vpnext\.hello: connected to 10\.77\.2\.2$/m)
  expect((await service.run(['logs', '-n', '0'])).stdout).toBe('')
  const unknown = await service.run(['logs', 'com.example.nothing'])
  expect(unknown).toMatchObject({ code: exitCodes.notFound, stdout: '' })
  expect(unknown.stderr).toContain('no bundle com.example.nothing is installed')

  const follow = service.start(['logs', '-f', '-n', '1'])
  await follow.waitFor('connected')
  expect(await service.run(['stop', hello])).toMatchObject({
    code: 0,
    stdout: `stopped ${hello}\n`,
    stderr: '',
  })
  await follow.waitFor('HelloVpn io.vpnext.hello: stopping')
  follow.kill('SIGTERM')
  expect(await follow.finished).toMatchObject({ code: 0, stderr: '' })
})

test('logs | head -1 ends quietly', async () => {
  const { mainScript, startProgram } = await import('../test/vpnext-process.ts')
  const command = `set -o pipefail; "$0" "$1" logs -f --json | head -1`
  const env = { VPNEXT_RUN_DIR: place.runDir }
  const pipe = startProgram(lab.client, 'bash', ['-c', command, process.execPath, mainScript], {
    env,
    input: '',
  })
  await pipe.waitFor('"message"')
  // The next line finds that nobody reads.
  await service.run(['start', hello, '--yes'])
  expect(await pipe.finished).toMatchObject({ code: 0, stderr: '' })
  expect(pipe.stdout.trimEnd().split('\n')).toHaveLength(1)
  await service.run(['stop', hello])
})

test('a result that cannot be written is a failure, told without a stack', async () => {
  const { mainScript, startProgram } = await import('../test/vpnext-process.ts')
  const command = '"$0" "$1" status --json >/dev/full'
  const env = { VPNEXT_RUN_DIR: place.runDir }
  const full = startProgram(lab.client, 'bash', ['-c', command, process.execPath, mainScript], {
    env,
    input: '',
  })
  expect(await full.finished).toMatchObject({
    code: exitCodes.failure,
    stderr: 'vpnext: standard output: ENOSPC: no space left on device, write\n',
  })
})

test('a service whose log nobody takes goes on, and ends in order', async () => {
  const { mainScript, startProgram } = await import('../test/vpnext-process.ts')
  using other = createPlace()
  const loseLog = 'exec 2>/dev/full; exec "$@"'
  const words = ['-c', loseLog, 'bash', process.execPath, mainScript, 'service', 'run', ...other.options]
  const silent = startProgram(lab.client, 'bash', words, { input: '' })
  const status = (): Promise<Finished> =>
    startProgram(lab.client, process.execPath, [mainScript, 'status'], {
      env: { VPNEXT_RUN_DIR: other.runDir },
      input: '',
    }).finished
  while ((await status()).code !== 0);
  expect((await status()).stdout).toContain('nothing runs')
  silent.kill('SIGTERM')
  expect(await silent.finished).toMatchObject({ code: 0 })
})

test('what goes on in a terminal ends with it, in order', async () => {
  const { mainScript, startProgram } = await import('../test/vpnext-process.ts')
  // The shell passes the hang-up on, outlives the terminal, and tells how it ended.
  const told = `${place.folder}/ended`
  const command = `'${process.execPath}' '${mainScript}' status --watch & pid=$!
    trap 'kill -HUP $pid' HUP
    wait $pid; wait $pid; echo $? >'${told}'`
  const env = { VPNEXT_RUN_DIR: place.runDir }
  const terminal = startProgram(lab.client, 'script', ['-qec', command, '/dev/null'], { env })
  await terminal.waitFor('nothing runs')
  terminal.kill('SIGKILL')
  await terminal.finished
  await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8'), { timeout: 30_000 }).toBe('0\n')
})

test('after the stop the network is as before; a second stop is no error', async () => {
  expect(await waitForState(before, lab.client, place, withoutService)).toEqual([])
  expect(readFileSync(place.resolvConf, 'utf8')).toBe(originalResolvConf)
  expect(await service.run(['stop', hello])).toMatchObject({ code: 0, stderr: '' })
})

test('a broken project is told with file, line and key, and without a stack', async () => {
  using wrongType = createSplitProject({
    'entry/src/main/module.json5': (text) => text.replace("type: 'vpn'", 'type: 5'),
  })
  const key = await service.run(['install', wrongType.folder])
  expect(key.code).toBe(exitCodes.failure)
  expect(key.stderr).toMatch(
    /^vpnext: entry\/src\/main\/module\.json5:6:\d+: module\.extensionAbilities\[0\]\.type: /,
  )
  expect(key.stderr).not.toContain('    at ')

  using wrongCode = createSplitProject({
    'entry/src/main/ets/SplitAbility.ets': (text) => text.replace('async onDestroy()', 'async onDestroy(('),
  })
  const syntax = await service.run(['install', wrongCode.folder, '--json'])
  expect(syntax.code).toBe(exitCodes.failure)
  expect(syntax.stderr).toMatch(/^vpnext: entry\/src\/main\/ets\/SplitAbility\.ets:\d+:\d+: /)
  expect(json(syntax)).toMatchObject({
    error: { exitCode: 1, problems: [{ file: 'entry/src/main/ets/SplitAbility.ets' }] },
  })
  expect((await service.run(['list'])).stdout).not.toContain(splitBundle)
})

test('an extension that cannot be loaded is told with its reason, and its stack is in the logs', async () => {
  using project = createSplitProject({
    'entry/src/main/ets/SplitAbility.ets': (text) => `${text}\nthrow new Error('boom')\n`,
  })
  const install = await service.run(['install', project.folder])
  expect(install.stdout).toContain('(Split VPN)')
  const start = await service.run(['start', splitBundle, '--yes'])
  expect(start.code).toBe(exitCodes.failure)
  expect(start.stderr).toMatch(/\(16000050\): .*boom/)
  expect((await service.run(['logs', splitBundle])).stdout).toMatch(/boom\n {4,}at /)
  expect((await service.run(['status'])).stdout).toContain('nothing runs')
})

test('one of a type that is none of a VPN is installed, and nobody is told to start it', async () => {
  using project = createSplitProject({
    'entry/src/main/module.json5': (text) => text.replace("type: 'vpn'", "type: 'vpnn'"),
  })
  const { stdout } = await service.run(['install', project.folder])
  expect(stdout).toContain(
    '\n  extension SplitAbility vpnn\nnothing to start: it has no extension of type vpn\n',
  )
  expect(stdout).not.toContain('start it')
})

test('one whose onCreate throws is started, and the person is told where to look', async () => {
  using project = createSplitProject({
    'entry/src/main/ets/SplitAbility.ets': (text) =>
      text.replace('await this.connection.create({', "throw new Error('no'); ({"),
  })
  expect((await service.run(['install', project.folder])).stdout).toMatch(/^replaced com\.example\.split/)
  const start = await service.run(['start', splitBundle, '--yes'])
  expect(start).toMatchObject({ code: 0 })
  expect(start.stdout).toContain(`no tunnel yet; what it says:  vpnext logs ${splitBundle} -f`)
})

test('secrets come by standard input, and reach the extension', async () => {
  using project = createSplitProject()
  await service.run(['install', project.folder])
  const start = await service.run(['start', splitBundle, '--yes', '--parameters', '-'], {
    input: '{"who": "Hans"}',
  })
  expect(start).toMatchObject({ code: 0 })
  expect((await service.run(['logs', splitBundle])).stdout).toContain('up, for Hans')
  expect((await service.run(['status'])).stdout).toMatch(/routes {3}10\.99\.1\.0\/24\n/)
})

test('uninstall stops what runs and takes it all away', async () => {
  for (const bundle of [splitBundle, hello]) {
    expect(await service.run(['uninstall', bundle])).toMatchObject({
      code: 0,
      stdout: `uninstalled ${bundle}\n`,
    })
  }
  expect(json(await service.run(['list', '--json']))).toEqual({ bundles: [] })
  expect(json(await service.run(['consent', 'list', '--json']))).toEqual({
    grants: [],
    pending: [],
    policy: [],
  })
  expect(await waitForState(before, lab.client, place, withoutService)).toEqual([])
})
