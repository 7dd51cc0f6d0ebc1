import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Action, actionLine, perform } from './action.ts'
import { unitPlace } from './place.ts'
import { planInstall, planUninstall } from './plan-units.ts'

const program = { node: '/usr/bin/node', script: '/opt/vpnext/main.js' }
const place = unitPlace('two', '/etc/resolv.conf')
const { signal } = new AbortController()
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vpnext-units-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const install = (): Promise<void> =>
  perform(planInstall(place, program, { target: 'offline', order: 'with-network' }), root, signal)
const uninstall = (purge: boolean, isShared = false): Promise<void> =>
  perform(planUninstall(place, { target: 'offline', purge, isShared }), root, signal)
const entries = (): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()
const files = (): string[] => entries().filter((path) => !lstatSync(join(root, path)).isDirectory())

test('for another machine: the unit, enabled, the group and the folder of the policy; twice is once', async () => {
  await install()
  await install()
  expect(files()).toEqual([
    'etc/systemd/system/multi-user.target.wants/vpnext-two.service',
    'etc/systemd/system/vpnext-two.service',
    'etc/sysusers.d/vpnext-two.conf',
    'etc/tmpfiles.d/vpnext-two.conf',
  ])
  const unit = readFileSync(join(root, place.unitFile), 'utf8')
  const where =
    '--instance two --run-dir /run/vpnext-two --state-dir /var/lib/vpnext-two --resolv-conf /etc/resolv.conf'
  expect(unit).toContain(`\nExecStart=/usr/bin/node /opt/vpnext/main.js service run ${where}\n`)
  expect(unit).toContain(
    `\nExecStopPost=/usr/bin/node /opt/vpnext/main.js doctor --repair --keep-always-on ${where}\n`,
  )
  expect(unit).toContain('\nRuntimeDirectory=vpnext-two\n')
  expect(lstatSync(join(root, place.unitFile)).mode & 0o777).toBe(0o644)
  expect(readlinkSync(join(root, place.wantedBy))).toBe(place.unitFile)
})

test('uninstall takes the files and keeps the state; --purge takes it too; nothing there is no error', async () => {
  await install()
  const state = join(root, place.stateDir)
  const policy = join(root, '/etc/vpnext/policy.d')
  for (const folder of [state, policy]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(state, 'consent.json'), '{}')
  await uninstall(false)
  expect(files()).toEqual(['var/lib/vpnext-two/consent.json'])
  expect(entries()).not.toContain('etc/vpnext')
  await uninstall(true)
  await uninstall(true)
  expect(files()).toEqual([])
  expect(entries()).not.toContain('var/lib/vpnext-two')
})

test('the policy of an administrator stays without --purge, and while another instance needs it', async () => {
  const rule = join(root, '/etc/vpnext/policy.d/rule.json')
  mkdirSync(join(rule, '..'), { recursive: true })
  writeFileSync(rule, '{}')
  await uninstall(false)
  await uninstall(true, true)
  expect(files()).toEqual(['etc/vpnext/policy.d/rule.json'])
  await uninstall(true)
  expect(files()).toEqual([])
})

test('on the machine that runs, files come before the commands that read them, and go after the stop', () => {
  const lines = (actions: readonly Action[]): string[] => actions.map(actionLine)
  expect(lines(planInstall(place, program, { target: 'running', order: 'with-network' }))).toEqual([
    'write /etc/sysusers.d/vpnext-two.conf',
    'write /etc/tmpfiles.d/vpnext-two.conf',
    'write /etc/systemd/system/vpnext-two.service',
    'run systemd-sysusers /etc/sysusers.d/vpnext-two.conf',
    'run systemd-tmpfiles --create /etc/tmpfiles.d/vpnext-two.conf',
    'run systemctl daemon-reload',
    'run systemctl enable vpnext-two.service',
    'run systemctl restart vpnext-two.service',
  ])
  const removal = lines(planUninstall(place, { target: 'running', purge: true, isShared: false }))
  expect(removal[0]).toBe('run systemctl disable --now vpnext-two.service')
  expect(removal.at(-1)).toBe('run groupdel vpnext')
})

test('a command that fails is told with its own words, and stops what follows', async () => {
  const run = (mayFail: boolean): Action => ({
    kind: 'run',
    command: ['sh', '-c', 'echo no >&2; exit 3'],
    mayFail,
  })
  const write: Action = { kind: 'write', path: '/after', text: '' }
  await expect(perform([run(false), write], root, signal)).rejects.toThrow(/^sh .*: no$/)
  expect(files()).toEqual([])
  await perform([run(true), write], root, signal)
  expect(files()).toEqual(['after'])
})
