import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Inventory,
  type Lab,
  createLab,
  expectNothingLeft,
  labAddresses,
  takeInventory,
  udpProbe,
} from '@vpnext/lab'
import { Rtnetlink } from '@vpnext/native'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createNativeProject, nativeBundle } from '../test/native-project.ts'
import { type Place, type TestService, createPlace, startService } from '../test/test-service.ts'
import { startProgram } from '../test/vpnext-process.ts'
import { exitCodes } from './exit-codes.ts'

const tunnelBundle = 'io.vpnext.packettunnel'
const filterBundle = 'io.vpnext.dnsfilter'
// Compilers on a busy machine.
vi.setConfig({ testTimeout: 600_000 })

const apps = fileURLToPath(new URL('../../../apps', import.meta.url))

let inventory: Inventory
let lab: Lab
let place: Place
let service: TestService
/** A cache of its own, so that something is built. */
let cache: string

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'vpnext-native-'))
  inventory = takeInventory()
  lab = await createLab()
  place = createPlace()
  service = await startService(lab.client, place)
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
  rmSync(cache, { recursive: true })
  await expectNothingLeft(inventory)
})

const run = (...args: string[]): ReturnType<TestService['run']> =>
  service.run(args, { env: { XDG_CACHE_HOME: cache }, timeoutMs: 300_000 })

test('install builds the C++ of a project, once', async () => {
  const project = join(apps, 'packet-tunnel-cpp')
  const first = await run('install', project)
  expect(first).toMatchObject({ code: 0, stderr: 'building the native code of entry …\n' })
  expect(first.stdout).toContain('libpackettunnel.so: built now from the native code of entry')
  const second = await run('install', project)
  expect(second).toMatchObject({ code: 0, stderr: '' })
  expect(second.stdout).toMatch(/^unchanged: io\.vpnext\.packettunnel/)
  expect(second.stdout).toContain('libpackettunnel.so: built before from')
  expect((await run('build', project)).stdout).toMatch(
    /^unchanged: entry\n {2}libpackettunnel\.so, \d+ KiB\n$/,
  )
})

test('a C++ thread carries real packets, over a socket that ArkTS protected for it', async () => {
  const start = await run('start', tunnelBundle, '--yes')
  expect(start).toMatchObject({ code: 0 })
  await expect
    .poll(async () => (await run('logs', tunnelBundle)).stdout, { timeout: 30_000 })
    .toContain('the native thread says: connected')
  expect(await udpProbe(lab.client, labAddresses.internet.v4)).toBe(labAddresses.gateway.v4)
  const logs = (await run('logs', tunnelBundle)).stdout
  expect(logs).toMatch(
    / I 00A01\/PacketPump io\.vpnext\.packettunnel: tun \d+, server 10\.77\.2\.2:4400, secret <private>$/m,
  )
  expect(await run('stop', tunnelBundle)).toMatchObject({ code: 0, stderr: '' })
  const last = (await run('logs', tunnelBundle)).stdout
  expect(last).toMatch(/PacketTunnel io\.vpnext\.packettunnel: stopped after [1-9]\d* packets$/m)
  expect(last).toMatch(/out [1-9]\d* packets, in [1-9]\d* packets/)
})

const logsOf = async (bundle: string): Promise<string> => (await run('logs', bundle)).stdout
/** Waits until the log of a bundle has a text. */
async function expectLog(bundle: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => logsOf(bundle), { timeout: 30_000 }).toMatch(text)
}

test('a DNS filter in C++ answers what is on its list in rawfile, and asks for the rest', async () => {
  const install = await run('install', join(apps, 'dns-filter-cpp'))
  expect(install).toMatchObject({ code: 0 })
  expect(install.stdout).toContain('with headers that it does not include itself')
  expect(await run('start', filterBundle, '--yes')).toMatchObject({ code: 0 })
  await expectLog(filterBundle, /: filtering on descriptor \d+/)
  expect(await ask('www.lab.test')).toBe(labAddresses.internet.v4)
  expect(await ask('ads.lab.test')).toBe('0.0.0.0')
  expect(await ask('fail.deep.ads.lab.test')).toBe('0.0.0.0')
  // What a callback rejects is told, and the next question is answered.
  await expectLog(filterBundle, /unhandled rejection: Error: nobody handles fail\.deep\.ads\.lab\.test/)
  expect(await ask('www.lab.test')).toBe(labAddresses.internet.v4)
  expect(await run('stop', filterBundle)).toMatchObject({ code: 0 })
  expect(await logsOf(filterBundle)).toContain('blocked 2, forwarded 2')
})

/** The address that a program of the client gets for a name from the filter. */
async function ask(name: string): Promise<string> {
  const script = `const { Resolver } = require('node:dns').promises
const resolver = new Resolver({ timeout: 5000, tries: 6 })
resolver.setServers(['10.66.0.1'])
resolver.resolve4('${name}').then(([address]) => console.log(address))`
  const { stdout } = await startProgram(lab.client, process.execPath, ['-e', script]).finished
  return stdout.trim()
}

test('native code is found by every name, logs by the rules, and calls back whatever the callback does', async () => {
  using project = createNativeProject()
  expect(await run('install', project.folder)).toMatchObject({ code: 0 })
  const words = 'one throw two reject three'
  expect(await run('start', nativeBundle, '--yes', '--ps', 'what', words)).toMatchObject({ code: 0 })
  await expectLog(nativeBundle, 'from the thread: three')
  const logs = await logsOf(nativeBundle)
  expect(logs).toContain('Native com.example.native: a descriptor\n')
  expect(logs).toMatch(
    /W 000FF\/entry com\.example\.native: 50% of two\n\s*lines, {3}2\.2\|ab {2}\|, <private> and <private>, 4\n/,
  )
  expect(logs).toContain('I 00001/found com.example.native: by its name\n')
  expect(logs).toContain('the same: true true\n')
  expect(logs).toContain('names: \n')
  const { client, router } = labAddresses
  expect(logs).toContain(
    `networks; c0 bearer 3 mtu 1500 ${client.v4}/24 via ${router.v4} dns ${router.v4}; vpn-tun bearer 4 mtu 1500 10.99.0.2/24\n`,
  )
  expect(logs).toMatch(/uncaught exception: Error: thrown in a callback\n\s+at /)
  expect(logs).toMatch(/unhandled rejection: Error: rejected in a callback\n\s+at /)
  expect((await run('status')).stdout).toMatch(/NativeAbility {2}running/)
  await run('stop', nativeBundle)
})

test('a crash in a native thread is told with its place; the tunnel goes, and the next start works', async () => {
  expect(await run('start', nativeBundle, '--yes', '--ps', 'what', 'wait crash')).toMatchObject({ code: 0 })
  await expectLog(nativeBundle, 'its host ended with signal SIGSEGV')
  const logs = await logsOf(nativeBundle)
  expect(logs).toContain('F 000FF/entry com.example.native: the last words\n')
  expect(logs).toMatch(/SIGSEGV in native code, address 0x8, thread \S+, at libentry\.so\+0x[0-9a-f]+/)
  await expect.poll(async () => (await run('status')).stdout, { timeout: 30_000 }).toContain('nothing runs')
  const { ended } = JSON.parse((await run('status', '--json')).stdout) as { ended: unknown[] }
  expect(ended).toEqual([
    expect.objectContaining({
      abilityName: 'NativeAbility',
      reason: 'its host ended with signal SIGSEGV',
      signal: 'SIGSEGV',
      crash: expect.stringMatching(
        /^SIGSEGV in native code, address 0x8, thread \S+, at libentry\.so\+0x[0-9a-f]+/,
      ),
    }),
  ])
  expect(linkNames()).not.toContain('vpn-tun')
  expect(await run('start', nativeBundle, '--yes')).toMatchObject({ code: 0 })
  expect((await run('status')).stdout).not.toContain('ended')
  expect(linkNames()).toContain('vpn-tun')
  await run('stop', nativeBundle)
})

test.each([
  ['abort', 'SIGABRT', /^SIGABRT in native code, .* at libc\.so\.6\+.*, called by libentry\.so\+0x[0-9a-f]+/],
  ['overflow', 'SIGSEGV', /^SIGSEGV in native code, .* at libentry\.so\+0x[0-9a-f]+/],
])(
  'a crash by %s in onCreate is told by start and status: %s, and whose code it was',
  async (what, signal, crashed) => {
    const start = await run('start', nativeBundle, '--yes', '--ps', 'what', what)
    expect(start.code).toBe(exitCodes.failure)
    expect(start.stderr).toContain(`ended with signal ${signal}`)
    await expect.poll(async () => (await run('status')).stdout, { timeout: 30_000 }).toContain('nothing runs')
    const { ended } = JSON.parse((await run('status', '--json')).stdout) as { ended: unknown[] }
    expect(ended).toEqual([
      expect.objectContaining({
        reason: `its host ended with signal ${signal}`,
        signal,
        crash: expect.stringMatching(crashed),
      }),
    ])
  },
)

function linkNames(): string[] {
  using netlink = lab.client.run(() => Rtnetlink.open())
  return netlink.links().map(({ name }) => name)
}

test('C++ that does not compile is told with file and line', async () => {
  await run('uninstall', nativeBundle)
  using broken = createNativeProject({
    'entry/src/main/cpp/entry.cpp': (text) => text.replace('int32_t fd = -1;', 'int32_t fd = nope;'),
  })
  const compile = await run('build', broken.folder)
  expect(compile.code).toBe(exitCodes.failure)
  expect(compile.stderr).toMatch(/vpnext: entry\/src\/main\/cpp\/entry\.cpp:47:18: .nope. was not declared/)
  using wrong = createNativeProject({
    'entry/src/main/cpp/CMakeLists.txt': (text) => text.replace('entry.cpp', 'missing.cpp'),
  })
  expect((await run('build', wrong.folder)).stderr).toMatch(
    /entry\/src\/main\/cpp\/CMakeLists\.txt:4: add_library: Cannot find source file: missing\.cpp/,
  )
})

test('what does not link is told too, not the headers that would do, and is no obstacle for who wants to go on', async () => {
  using unlinked = createNativeProject({
    'entry/src/main/cpp/entry.cpp': (text) =>
      `extern "C" int OH_Nothing_Does();\n${text}\nstatic std::deque<int> line;\n`.replace(
        'int32_t fd = -1',
        'int32_t fd = OH_Nothing_Does()',
      ),
  })
  const link = await run('install', unlinked.folder)
  expect(link.code).toBe(exitCodes.failure)
  expect(link.stderr).toContain(
    'undefined reference to OH_Nothing_Does (this function of the HarmonyOS NDK is not in vpnext)',
  )
  const tolerated = await run('install', unlinked.folder, '--allow-missing')
  expect(tolerated.code).toBe(0)
  expect(tolerated.stdout).toContain('does not build: entry/src/main/cpp/entry.cpp: undefined reference')
  await run('uninstall', nativeBundle)
})

test('a module that only exists for HarmonyOS is named, and a stand-in takes its place', async () => {
  const withoutCode = { 'entry/src/main/cpp/CMakeLists.txt': '', 'entry/src/main/cpp/entry.cpp': '' }
  const harmony = { 'entry/libs/x86_64/libentry.so': 'no ELF file' }
  const without = (
    changes: Parameters<typeof createNativeProject>[0],
  ): ReturnType<typeof createNativeProject> => {
    const project = createNativeProject({ ...withoutCode, ...changes })
    rmSync(join(project.folder, 'entry/src/main/cpp'), { recursive: true })
    return project
  }
  using missing = without(harmony)
  const refused = await run('install', missing.folder)
  expect(refused.code).toBe(exitCodes.failure)
  expect(refused.stderr).toContain('libentry.so: entry/libs/x86_64/libentry.so is no library of 64 bits')
  expect(refused.stderr).toContain('vpnext.config.ts can name a stand-in')
  const allowed = await run('install', missing.folder, '--allow-missing')
  expect(allowed).toMatchObject({ code: 0 })
  expect(await run('start', nativeBundle, '--yes')).toMatchObject({ code: 0 })
  await expectLog(nativeBundle, /onCreate: .*libentry\.so\.describe is not provided by vpnext/)
  await run('stop', nativeBundle)

  using replaced = without({
    ...harmony,
    'entry/src/main/ets/NativeAbility.ets': (text) =>
      `${text}\nexport const perhaps = (): unknown => requireNapi('gone')`,
    'vpnext.config.ts': `// Beside the project, not in it.
export default { nativeModules: { 'libentry.so': './stand-ins/entry.ts' } }`,
    'stand-ins/entry.ts': `import { hilog } from '@kit.PerformanceAnalysisKit'
enum Kind { none, some }
export function call(words: string, callback: (word: string) => Promise<void>): void { void callback(words) }
export default { call, describe: (fd: number): string => { hilog.info(2, 'stand-in', 'asked'); return Kind[fd >= 0 ? 1 : 0] } }`,
  })
  const installed = await run('install', replaced.folder)
  expect(installed.stdout).toContain('libentry.so: stand-ins/entry.ts stands in for it')
  // What is loaded by a call may be caught, so that it is told and no obstacle.
  expect(installed.stdout).toContain('libgone.so: is neither built from C++ code of the project nor in')
  expect(await run('start', nativeBundle, '--yes', '--ps', 'what', 'hello')).toMatchObject({ code: 0 })
  await expectLog(nativeBundle, 'from the thread: hello')
  expect(await logsOf(nativeBundle)).toContain('Native com.example.native: some\n')
  await run('uninstall', nativeBundle)
})
