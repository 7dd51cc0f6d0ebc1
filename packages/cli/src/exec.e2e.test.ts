import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cgroup2Mount } from '@vpnext/native'
import { expect, test } from 'vitest'
import { commandForAll } from '../test/command-for-all.ts'
import { serviceForAll } from '../test/service-for-all.ts'
import { startProgram } from '../test/vpnext-process.ts'
import { exitCodes } from './exit-codes.ts'

const bundle = 'com.example.one'

const shared = serviceForAll()

const group = (): string => join(cgroup2Mount() ?? '', `vpnext-${shared.place.instance}`)

test('the command takes the place of vpnext: pid, control group, pipes and exit code are its own', async () => {
  const script = 'echo $$; cat /proc/self/cgroup; cat; exit 7'
  const command = shared.service.start(['exec', bundle, '--', 'sh', '-c', script], {
    input: 'through the pipe\n',
  })
  const { code, stdout, stderr } = await command.finished
  expect({ code, stderr }).toEqual({ code: 7, stderr: '' })
  // Namespace.spawn starts it by setpriv(1), which replaces itself too.
  expect(stdout).toMatch(new RegExp(`^${command.pid}\n`))
  expect(stdout).toContain(`0::/vpnext-${shared.place.instance}/0/${bundle}\n`)
  expect(stdout.endsWith('through the pipe\n')).toBe(true)
})

test('signals are as in a shell: SIGPIPE ends the command, SIGTERM and SIGINT too', async () => {
  for (const signal of ['PIPE', 'TERM', 'INT']) {
    const finished = await shared.service.run([
      'exec',
      bundle,
      '--',
      'sh',
      '-c',
      `kill -${signal} $$; echo survived`,
    ])
    expect(finished).toMatchObject({ signal: `SIG${signal}`, stdout: '', stderr: '' })
  }
})

test('options after -- belong to the command, --json among them; its pipes block', async () => {
  const { code, stdout } = await shared.service.run(['exec', bundle, '--', 'echo', '--json', '--help', '-x'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '--json --help -x\n' })
  const flags = await shared.service.run([
    'exec',
    bundle,
    '--',
    'sh',
    '-c',
    'grep flags: /proc/self/fdinfo/[012]',
  ])
  const values = [...flags.stdout.matchAll(/flags:\s+([0-7]+)/g)].map(([, octal = '']) =>
    Number.parseInt(octal, 8),
  )
  expect(values).toHaveLength(3)
  // O_NONBLOCK
  expect(values.map((value) => value & 0o4000)).toEqual([0, 0, 0])
})

test('only 0, 1 and 2 are handed on, besides what was inherited', async () => {
  const list = ['sh', '-c', 'echo /proc/$$/fd/*']
  const plain = await startProgram(shared.client, 'sh', list.slice(1), { input: '' }).finished
  const numbers = (text: string): string[] => text.trim().split(/\/proc\/\d+\/fd\/|\s+/)
  const { stdout } = await shared.service.run(['exec', bundle, '--', ...list])
  expect(numbers(stdout)).toEqual(numbers(plain.stdout))
})

test('a script without its first line runs as execvp(3) runs it', async () => {
  const script = join(shared.place.folder, 'script')
  writeFileSync(script, 'echo "$1"\n')
  const closed = await shared.service.run(['exec', bundle, '--', script, 'x'])
  expect(closed).toMatchObject({ code: exitCodes.refused, stdout: '' })
  chmodSync(script, 0o755)
  expect(await shared.service.run(['exec', bundle, '--', script, 'x'])).toMatchObject({
    code: 0,
    stdout: 'x\n',
  })
})

test('a command that is not there is 5, before anything is asked; a bad name is told by its field', async () => {
  const missing = await shared.service.run(['exec', bundle, '--', 'no-such-command'])
  expect(missing).toMatchObject({ code: exitCodes.notFound, stdout: '' })
  expect(missing.stderr).toContain('vpnext: there is no command no-such-command')
  expect(existsSync(group())).toBe(false)
  const bad = await shared.service.run(['exec', '../x', '--', 'true', '--json'])
  expect(bad).toMatchObject({ code: exitCodes.failure, stdout: '' })
  expect(bad.stderr).toContain('bundleName: must be')
  const lonely = await shared.service.run(['exec', bundle, '--', 'true'], {
    env: { VPNEXT_RUN_DIR: '/nowhere' },
  })
  expect(lonely.code).toBe(exitCodes.noService)
})

test('of a user who may not, nothing is run', async () => {
  const program = 'process.setgroups([]); process.setgid(33); process.setuid(33); import(process.argv[1])'
  const main = commandForAll(shared.place.folder)
  const args = ['-e', program, '--', main, 'exec', bundle, '--', 'echo', 'ran']
  const env = { VPNEXT_RUN_DIR: shared.place.runDir }
  chmodSync(shared.place.folder, 0o755)
  const refused = await startProgram(shared.client, process.execPath, args, { env, input: '' }).finished
  expect(refused).toMatchObject({ code: exitCodes.refused, stdout: '' })
  expect(refused.stderr).toContain('not permitted: JoinBundle')
})
