import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordingContext } from '../test/recording-context.ts'
import { exitCodes } from './exit-codes.ts'
import { Interruption } from './interruption.ts'
import { runCli } from './run-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-cli-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test.each([
  'list',
  'status',
  'status --watch',
  'logs',
  'logs -f',
  'start com.example.vpn',
  'stop com.example.vpn',
  'uninstall com.example.vpn',
  'consent list',
  'consent allow com.example.vpn',
])('without a service, %s ends with 3 and says where it looked', async (line) => {
  const context = recordingContext({ env: { VPNEXT_RUN_DIR: folder } })
  expect(await runCli(line.split(' '), context)).toBe(exitCodes.noService)
  expect(context.errors()).toContain(`no service answers at ${folder}/io.vpnext`)
  expect(context.errors()).toContain('vpnext service run')
  expect(context.output()).toBe('')
})

test('--run-dir wins over VPNEXT_RUN_DIR, and may be relative', async () => {
  const context = recordingContext({ env: { VPNEXT_RUN_DIR: '/nonexistent' } })
  await runCli(['status', '--run-dir', 'some/folder'], context)
  expect(context.errors()).toContain(`no service answers at ${process.cwd()}/some/folder/io.vpnext`)
})

test('with --json the failure is on standard output, for programs', async () => {
  const context = recordingContext({ env: { VPNEXT_RUN_DIR: folder } })
  expect(await runCli(['list', '--json'], context)).toBe(exitCodes.noService)
  expect(JSON.parse(context.output())).toEqual({
    error: {
      message: `no service answers at ${folder}/io.vpnext`,
      exitCode: exitCodes.noService,
      hint: 'start one with `vpnext service run`, or name its --run-dir',
    },
  })
})

test('a run directory too long for a socket is a mistake of the command line', async () => {
  const context = recordingContext()
  const long = `/tmp/${'x'.repeat(100)}`
  expect(await runCli(['status', '--run-dir', long], context)).toBe(exitCodes.usage)
  expect(context.errors()).toContain('8 bytes too long')
})

test.each([
  ['SIGINT', exitCodes.interrupted, 'vpnext: stopped by SIGINT\n'],
  ['SIGTERM', exitCodes.interrupted, 'vpnext: stopped by SIGTERM\n'],
  ['output-closed', exitCodes.success, ''],
  ['parent', exitCodes.interrupted, ''],
] as const)('interrupted by %s, a verb ends with %i', async (by, code, text) => {
  const signal = AbortSignal.abort(new Interruption(by))
  const context = recordingContext({ signal, env: { VPNEXT_RUN_DIR: folder } })
  expect(await runCli(['list'], context)).toBe(code)
  expect(context.errors()).toBe(text)
})

test('a project folder that does not exist is exit code 5, one that is no project names the file', async () => {
  const missing = recordingContext()
  expect(await runCli(['install', join(folder, 'nothing')], missing)).toBe(exitCodes.notFound)
  expect(missing.errors()).toBe(`vpnext: there is no folder or file ${folder}/nothing\n`)
  const empty = recordingContext()
  expect(await runCli(['install', folder], empty)).toBe(exitCodes.failure)
  expect(empty.errors()).toContain('AppScope/app.json5')
})

test.each([
  ['a mistake', ['install', '/nonexistent/\u001b[2J\u202e'], exitCodes.notFound],
  ['a wrong command line', ['explain', '\u001b[2J\u202e'], exitCodes.usage],
  ['a wrong value of an option', ['doctor', '--instance', '\u001b[2J\u202e'], exitCodes.usage],
] as const)('%s is told without what would steer the terminal', async (_what, args, code) => {
  const context = recordingContext({ env: { VPNEXT_RUN_DIR: folder } })
  expect(await runCli(args, context)).toBe(code)
  expect(context.errors()).toContain('\\x1b[2J\\u202e')
})
