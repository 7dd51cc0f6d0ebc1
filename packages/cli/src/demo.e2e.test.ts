import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSplitProject, splitBundle, splitRoute } from '../test/split-project.ts'
import { listCgroups } from '../test/system-state.ts'
import { type VpnextProcess, mainScript, startProgram } from '../test/vpnext-process.ts'
import type { DemoReport } from './demo/report.ts'
import { exitCodes } from './exit-codes.ts'

/** Where the demo has its temporary folder; empty when nothing is left. */
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-e2e-'))
})
afterEach(() => {
  const left = readdirSync(folder)
  rmSync(folder, { recursive: true })
  expect(left).toEqual([])
})

/** `vpnext demo …` in a network namespace of its own, so that it may be seen that it needs nothing of the machine’s. */
function startDemo(...args: string[]): VpnextProcess {
  const command = ['--net', process.execPath, mainScript, 'demo', ...args]
  return startProgram(undefined, 'unshare', command, {
    env: { TMPDIR: folder },
    detached: true,
    timeoutMs: 90_000,
  })
}

const reportOf = (stdout: string): DemoReport => JSON.parse(stdout) as DemoReport
const failed = ({ checks }: DemoReport): unknown[] => checks.filter((check) => !check.ok)

const hello = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

test.each([
  ['WireGuard', [], ['starting a WireGuard gateway', 'bringing WireGuard up', 'taking it down']],
  ['hello-vpn', [hello], ['installing', 'starting io.vpnext.hello', 'stopping io.vpnext.hello']],
])('%s: every claim holds, in the one picture and in words on the way', async (_name, args, titles) => {
  const demo = startDemo(...args, '--yes')
  const { code, stdout, stderr } = await demo.finished
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/all of it holds\n/) as string,
  })
  for (const title of ['private lab', 'starting the service', 'sending packets', ...titles])
    expect(stderr).toMatch(new RegExp(`^› .*${title}.* …$`, 'm'))
})

test.each([
  [
    'WireGuard',
    [],
    { bundleName: 'io.vpnext.wireguard', project: 'apps/wireguard' },
    ['addresses', 'sealed', 'tcp-v4', 'tcp-v6', 'udp-v4', 'udp-v6', 'unprotected'],
  ],
  [
    'hello-vpn',
    [hello],
    { bundleName: 'io.vpnext.hello', project: 'apps/hello-vpn' },
    ['addresses', 'protected', 'tcp-v4', 'tcp-v6', 'udp-v4', 'udp-v6', 'unprotected', 'uplink'],
  ],
])('%s as JSON: the whole report and nothing else', async (_name, args, { bundleName, project }, ids) => {
  const { code, stdout } = await startDemo(...args, '--yes', '--json').finished
  const report = reportOf(stdout)
  expect({ code, ok: report.ok, failed: failed(report), leftBehind: report.leftBehind }).toEqual({
    code: 0,
    ok: true,
    failed: [],
    leftBehind: [],
  })
  const text = expect.any(String) as string
  const lines = expect.arrayContaining([text]) as string[]
  const count = expect.any(Number) as number
  expect(report).toEqual({
    ok: true,
    project: expect.stringMatching(new RegExp(`${project}$`)) as string,
    bundleName,
    privilege: expect.stringMatching(/^(root|user namespace)$/) as string,
    refused: expect.any(Array) as string[],
    sandbox: expect.arrayContaining(['seccomp', 'no capabilities', 'no new privileges']) as string[],
    kernel: {
      interfaces: lines,
      addresses: lines,
      rules: lines,
      routes: lines,
      guard: lines,
      resolvConf: lines,
    },
    checks: expect.arrayContaining([{ id: text, claim: text, ok: true, seen: text }]) as DemoReport['checks'],
    gateway: { fromClients: { v4: count, v6: count }, toClients: { v4: count, v6: count } },
    leftBehind: [],
  })
  expect(report.checks.map((check) => check.id).toSorted()).toEqual(ids)
  expect(
    Math.min(
      ...Object.values(report.gateway?.fromClients ?? {}),
      ...Object.values(report.gateway?.toClients ?? {}),
    ),
  ).toBeGreaterThan(0)
})

test('another project: a split tunnel, IPv4 only', async () => {
  using project = createSplitProject()
  const { code, stdout } = await startDemo(project.folder, '--yes', '--json').finished
  const report = reportOf(stdout)
  expect({ code, failed: failed(report), leftBehind: report.leftBehind }).toEqual({
    code: 0,
    failed: [],
    leftBehind: [],
  })
  expect(report).toMatchObject({ bundleName: splitBundle, project: project.folder })
  expect(report.gateway).toBeUndefined()
  expect(report.kernel.addresses).toEqual(['10.99.0.2/24 on vpn-tun'])
  expect(report.kernel.routes).toContainEqual(expect.stringContaining(`${splitRoute} → dev vpn-tun`))
  expect(report.checks.map((check) => check.id)).toEqual(['addresses', 'split-v4', 'enters-v4', 'split-v6'])
})

test('a project that makes no tunnel is told with what it logged', async () => {
  using project = createSplitProject({
    'entry/src/main/ets/SplitAbility.ets': (text) =>
      text.replace('await this.connection.create({', "hilog.info(2, 'Split', 'I would rather not'); ({"),
  })
  const { code, stdout, stderr } = await startDemo(project.folder, '--yes').finished
  expect({ code, stdout }).toEqual({ code: exitCodes.failure, stdout: '' })
  expect(stderr).toMatch(/com\.example\.split made no tunnel .*\n.*I would rather not/)
  expect(stderr).not.toContain('    at ')
})

test('a broken project is told before anything is made', async () => {
  using project = createSplitProject({ 'AppScope/app.json5': () => '{ app: {} }' })
  const { code, stdout, stderr } = await startDemo(project.folder, '--yes', '--json').finished
  expect(code).toBe(exitCodes.failure)
  const { error } = JSON.parse(stdout) as { error: { problems: object[] } }
  expect(error.problems[0]).toMatchObject({ file: 'AppScope/app.json5', line: 1, key: 'app.bundleName' })
  expect(stderr).not.toContain('private lab')
})

test('without a terminal nobody can consent: 4 at once, and which option does', async () => {
  const { code, stdout, stderr } = await startDemo().finished
  expect({ code, stdout }).toEqual({ code: exitCodes.refused, stdout: '' })
  expect(stderr).toContain('no terminal to ask in\n  --yes consents')
})

test.each([
  ['y', exitCodes.success, 'all of it holds'],
  ['n', exitCodes.refused, 'the user said no'],
])('in a terminal it asks; %s ends with %i', async (key, code, text) => {
  const command = `'${process.execPath}' '${mainScript}' demo`
  const args = ['--net', 'script', '-qec', command, '/dev/null']
  const demo = startProgram(undefined, 'unshare', args, { env: { TMPDIR: folder, TERM: 'xterm' } })
  await demo.waitFor('Allow this VPN?')
  demo.type(key)
  expect((await demo.finished).code).toBe(code)
  expect(demo.stdout).toContain(text)
})

test.each([
  'opening a private lab',
  'starting the service',
  'starting a WireGuard gateway',
  'bringing WireGuard up',
  'sending packets',
  'taking it down',
])('Ctrl-C while it says “%s” leaves nothing', async (title) => {
  const demo = startDemo('--yes')
  await demo.waitFor(title)
  const instance = instanceOf(folder)
  demo.interruptGroup()
  const { code, stdout, stderr } = await demo.finished
  // At the last steps it may have been done already.
  expect([exitCodes.interrupted, exitCodes.success]).toContain(code)
  expect(code === exitCodes.success ? '' : stdout).toBe('')
  expect(stderr).not.toContain('    at ')
  if (instance !== undefined) expect(listCgroups(instance)).toEqual([])
  expect(commandLines().filter((line) => line.includes(folder))).toEqual([])
})

test('what a demo that was killed has left goes with the next one', async () => {
  const demo = startDemo('--yes')
  await demo.waitFor('sending packets')
  const instance = instanceOf(folder) ?? ''
  demo.kill('SIGKILL')
  await demo.finished
  await expect
    .poll(() => commandLines().filter((line) => line.includes(folder)), { timeout: 30_000 })
    .toEqual([])
  const [left = ''] = readdirSync(folder)
  // The control: something is left.
  expect(left).toMatch(/^vpnext-demo-/)
  expect(listCgroups(instance)).not.toEqual([])
  // Of the last minute it might be one that is just being made.
  utimesSync(join(folder, left), 0, 0)
  expect(await startDemo('--yes').finished).toMatchObject({ code: 0 })
  expect(listCgroups(instance)).toEqual([])
})

test('a demo that runs keeps its folder while another one comes and goes', async () => {
  const demo = startDemo('--yes')
  await demo.waitFor('sending packets')
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 0, 0)
  expect(await startDemo('--yes').finished).toMatchObject({ code: 0 })
  expect(await demo.finished).toMatchObject({ code: 0 })
})

/** The instance of the service that the demo has started in its folder, if it has. */
function instanceOf(place: string): string | undefined {
  const service = commandLines().find((line) => line.includes(place) && line.includes('service run'))
  return / --instance (\S+)/.exec(service ?? '')?.[1]
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
}
