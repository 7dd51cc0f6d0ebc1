import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Lab, createLab, makeWireGuardConfs } from '@vpnext/lab'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Place, type TestService, createPlace, startService } from '../test/test-service.ts'
import { type VpnextProcess, mainScript, startProgram } from '../test/vpnext-process.ts'
import { exitCodes } from './exit-codes.ts'

const hello = 'io.vpnext.hello'
const helloProject = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

let lab: Lab
let place: Place
let service: TestService

beforeAll(async () => {
  lab = await createLab()
  place = createPlace()
  service = await startService(lab.client, place, ['--consent-timeout', '600'])
  expect(await service.run(['install', helloProject])).toMatchObject({ code: 0 })
})

afterEach(async () => {
  await service.run(['stop', hello])
  await service.run(['consent', 'revoke', hello])
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await lab[Symbol.asyncDispose]()
  place[Symbol.dispose]()
})

const runs = async (): Promise<boolean> => (await service.run(['status'])).stdout.includes(`${hello}  `)

/** `vpnext start` in a terminal, which is a pseudo-terminal of script(1). */
function startInTerminal(): VpnextProcess {
  const command = `'${process.execPath}' '${mainScript}' start ${hello}`
  const env = { VPNEXT_RUN_DIR: place.runDir, TERM: 'xterm' }
  return startProgram(lab.client, 'script', ['-qec', command, '/dev/null'], { env })
}

test('without a terminal a start waits, and another command allows it', async () => {
  const start = service.start(['start', hello])
  await start.waitFor(`vpnext consent allow ${hello}`)
  const list = await service.run(['consent', 'list'])
  expect(list.stdout).toMatch(
    /^BUNDLE +USER +STATE +CODE +AGE\nio\.vpnext\.hello +\d+ +waiting +[0-9a-f]{16} +\d+ s\n$/,
  )
  expect(await service.run(['consent', 'allow', hello])).toMatchObject({
    code: 0,
    stdout: `allowed ${hello}\n`,
  })
  expect(await start.finished).toMatchObject({ code: 0, stdout: `started ${hello} (HelloVpnAbility)\n` })
  expect((await service.run(['consent', 'list'])).stdout).toMatch(/ allowed /)
  expect(await runs()).toBe(true)
})

test('another command denies it: 4, and nothing has run', async () => {
  const start = service.start(['start', hello])
  await start.waitFor(`vpnext consent allow ${hello}`)
  expect(await service.run(['consent', 'deny', hello])).toMatchObject({
    code: 0,
    stdout: `denied ${hello}\n`,
  })
  const finished = await start.finished
  expect(finished).toMatchObject({ code: exitCodes.refused, stdout: '' })
  expect(finished.stderr).toContain('(201)')
  expect(await runs()).toBe(false)
})

test('an answer for other code is no answer: 5, and the start goes on waiting', async () => {
  const start = service.start(['start', hello])
  await start.waitFor(`vpnext consent allow ${hello}`)
  const other = await service.run(['consent', 'allow', hello, '--code', '0'.repeat(64)])
  expect(other.code).toBe(exitCodes.notFound)
  expect(other.stderr).toContain('other code')
  expect((await service.run(['consent', 'list'])).stdout).toContain('waiting')
  start.kill('SIGINT')
  expect(await start.finished).toMatchObject({ code: exitCodes.interrupted, stdout: '' })
  expect((await service.run(['consent', 'list'])).stdout).not.toContain('waiting')
})

test('allowed before it asks, a start asks nothing', async () => {
  await service.run(['consent', 'allow', hello])
  expect(await service.run(['start', hello])).toMatchObject({ code: 0, stderr: '' })
})

test('revoked, it stops at once', async () => {
  await service.run(['start', hello, '--yes'])
  expect(await runs()).toBe(true)
  expect(await service.run(['consent', 'revoke', hello])).toMatchObject({ code: 0 })
  expect(await runs()).toBe(false)
  expect((await service.run(['consent', 'list'])).stdout).toBe('no decision is on record\n')
})

test('in a terminal, y allows', async () => {
  const start = startInTerminal()
  await start.waitFor('Allow this VPN?')
  start.type('y')
  expect(await start.finished).toMatchObject({ code: 0 })
  expect(start.stdout).toContain(`started ${hello}`)
  expect(await runs()).toBe(true)
})

test.each([
  ['n', 'n'],
  ['Enter, because Cancel is what is chosen at first', '\r'],
])('in a terminal, %s denies: 4', async (_name, keys) => {
  const start = startInTerminal()
  await start.waitFor('Allow this VPN?')
  start.type(keys)
  expect(await start.finished).toMatchObject({ code: exitCodes.refused })
  expect(start.stdout).toContain('the user said no')
  expect((await service.run(['consent', 'list'])).stdout).toMatch(/ denied /)
  expect(await runs()).toBe(false)
})

test.each(['y', '\r', 'yyy\r'])(
  'in a terminal, %j typed before the question stands there is no answer',
  async (keys) => {
    const start = startInTerminal()
    start.type(keys)
    await start.waitFor('Allow this VPN?')
    expect(await runs()).toBe(false)
    expect((await service.run(['consent', 'list'])).stdout).toContain('waiting')
    start.type('y')
    expect(await start.finished).toMatchObject({ code: 0 })
  },
)

test('what the administrator has decided is listed, and nothing is asked', async () => {
  using other = createPlace()
  const policyDir = join(other.folder, 'policy')
  mkdirSync(policyDir)
  const rules = [{ bundleName: hello, consent: 'allowed' }]
  writeFileSync(join(policyDir, 'lab.json'), JSON.stringify({ version: 1, rules }))
  await using second = await startService(lab.client, other, ['--policy-dir', policyDir])
  expect(await second.run(['install', helloProject])).toMatchObject({ code: 0 })
  const list = await second.run(['consent', 'list'])
  expect(list.stdout).toMatch(/\nio\.vpnext\.hello +0 +allowed by policy +[0-9a-f]{16} +-\n$/)
  const { policy } = JSON.parse((await second.run(['consent', 'list', '--json'])).stdout) as {
    policy: object[]
  }
  expect(policy).toMatchObject([{ bundleName: hello, ownerUid: 0, decision: 'allowed' }])
  expect(await second.run(['start', hello])).toMatchObject({ code: 0, stderr: '' })
})

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
  ['Escape', '\u001b'],
])('in a terminal, %s withdraws the question and puts no decision on record', async (_name, key) => {
  const start = startInTerminal()
  await start.waitFor('Allow this VPN?')
  start.type(key)
  expect(await start.finished).toMatchObject({ code: exitCodes.interrupted })
  expect(start.stdout).toContain('vpnext: cancelled: nothing was decided')
  expect((await service.run(['consent', 'list'])).stdout).toBe('no decision is on record\n')
})

test('a terminal that closes takes its question with it: 130, and no decision is on record', async () => {
  // The shell outlives its terminal, and tells how the start ended.
  const told = join(place.folder, 'ended')
  const command = `trap '' HUP; '${process.execPath}' '${mainScript}' start ${hello}; echo $? >'${told}'`
  const env = { VPNEXT_RUN_DIR: place.runDir, TERM: 'xterm' }
  const terminal = startProgram(lab.client, 'script', ['-qec', command, '/dev/null'], { env })
  await terminal.waitFor('Allow this VPN?')
  terminal.kill('SIGKILL')
  await terminal.finished
  await expect
    .poll(() => existsSync(told) && readFileSync(told, 'utf8'), { timeout: 30_000 })
    .toBe(`${exitCodes.interrupted}\n`)
  expect((await service.run(['consent', 'list'])).stdout).toBe('no decision is on record\n')
})

test('a question in a terminal goes away when somebody else answers it', async () => {
  const start = startInTerminal()
  await start.waitFor('Allow this VPN?')
  await service.run(['consent', 'allow', hello])
  expect(await start.finished).toMatchObject({ code: 0 })
})

test('the question is readable in a terminal that does not know its size', async () => {
  const start = startInTerminal()
  await start.waitFor(/Allow.* Cancel/)
  start.type('n')
  await start.finished
})

test.each([
  ['start', hello],
  ['up', 'io.vpnext.wireguard'],
])('a service that is killed while a question of %s waits: 3, without a stack', async (verb, bundle) => {
  using other = createPlace()
  const victim = await startService(lab.client, other)
  await victim.run(['install', helloProject])
  const conf = join(other.folder, 'wg0.conf')
  writeFileSync(conf, makeWireGuardConfs().client, { mode: 0o600 })
  const start = victim.start(verb === 'up' ? [verb, conf] : [verb, bundle])
  await start.waitFor(`vpnext consent allow ${bundle}`)
  await victim.kill()
  const finished = await start.finished
  expect(finished).toMatchObject({ code: exitCodes.noService, stdout: '' })
  expect(finished.stderr).toContain('vpnext: the service hung up')
  expect(finished.stderr).not.toContain('    at ')
  expect(await victim.run(['status'])).toMatchObject({ code: exitCodes.noService })
})
