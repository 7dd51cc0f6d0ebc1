import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { serviceForAll } from '../test/service-for-all.ts'
import { type Finished, mainScript, startProgram } from '../test/vpnext-process.ts'
import { exitCodes } from './exit-codes.ts'

const project = fileURLToPath(new URL('../../../apps/status-rpc', import.meta.url))
const bundle = 'io.vpnext.status'

const shared = serviceForAll(async ({ service }) => {
  const installed = await service.run(['bm', 'install', '-p', project])
  expect(installed).toMatchObject({ code: 0, stdout: 'install bundle successfully.\n' })
})

const tests = (...args: string[]): Promise<Finished> =>
  shared.service.run(['aa', 'test', '-b', bundle, '-s', 'unittest', 'OpenHarmonyTestRunner', ...args])
const hilog = async (...args: string[]): Promise<string> =>
  (await shared.service.run(['hilog', '-x', ...args])).stdout
const results = (text: string): string => /Tests run: .*/.exec(text)?.[0] ?? text

test('a page runs without its pictures, in a process of its own, and talks to its extension by RPC', async () => {
  await shared.service.run(['consent', 'allow', bundle])
  const started = await shared.service.run([
    'aa',
    'start',
    '-a',
    'EntryAbility',
    '-b',
    bundle,
    '--ps',
    'ask',
    'page',
  ])
  expect(started).toMatchObject({ code: 0, stdout: 'start ability successfully.\n' })
  const own = await hilog('-T', 'StatusPage')
  for (const line of [
    'onCreate 1',
    'content loaded',
    'onForeground',
    'heard: foreground',
    'status of page: up true',
  ])
    expect(own).toContain(`A00003/${bundle}/StatusPage: ${line}\n`)
  expect(await hilog('-D', 'A00003', '-L', 'D/I')).toContain('StatusPage: onForeground\n')
  expect((await hilog('-T', 'vpnext', '-L', 'W')).match(/without pictures/g)).toHaveLength(1)

  const dump = JSON.parse((await shared.service.run(['aa', 'dump', '-a', '--json'])).stdout) as {
    pages: { pid: number; abilityName: string }[]
    extensions: { pid: number; abilityName: string }[]
  }
  expect(dump.pages.map(({ abilityName }) => abilityName)).toEqual(['EntryAbility'])
  expect(dump.extensions.map(({ abilityName }) => abilityName)).toEqual(['StatusVpnAbility'])
  const [page, extension] = [dump.pages[0]?.pid, dump.extensions[0]?.pid]
  expect(page).not.toBe(extension)
  const dumped = async (...args: string[]): Promise<string[]> =>
    (await shared.service.run(['aa', 'dump', ...args])).stdout.match(/AbilityRecord ID #\d+$/gm) ?? []
  expect(await dumped('-a')).toEqual([`AbilityRecord ID #${page}`, `AbilityRecord ID #${extension}`])
  expect(await dumped('-e')).toEqual([`AbilityRecord ID #${extension}`])
  expect(await dumped('-e', 'Other')).toEqual([])
  expect(await dumped('-i', String(page), '-c')).toEqual([`AbilityRecord ID #${page}`])
  expect((await shared.service.run(['aa', 'dump', '-i', '1'])).code).toBe(exitCodes.notFound)

  const timed = (ability: string): Promise<Finished> =>
    shared.service.run(['aa', 'start', '-W', '-b', bundle, '-a', ability])
  const hot = await timed('EntryAbility')
  expect(hot.stdout).toMatch(
    /^start ability successfully\.\nStartMode: Hot\nBundleName: io\.vpnext\.status\nAbilityName: EntryAbility\nTotalTime: \d+\nWaitTime: \d+\n$/,
  )
  expect((await timed('StatusVpnAbility')).stderr).toContain('does not support starting non-uiability')
  expect(await shared.service.run(['aa', 'start', '-b', bundle])).toMatchObject({ code: 0 })
  expect(await hilog('-T', 'StatusPage')).toContain('onNewWant')
  for (const verb of ['attach', 'detach']) {
    const debug = (name: string): Promise<Finished> => shared.service.run(['aa', verb, '-b', name])
    expect(await debug(bundle)).toMatchObject({ code: 0, stdout: `${verb} app debug successfully.\n` })
    const { code, stderr } = await debug('com.example.nobody')
    expect([code, stderr.split('\n').slice(0, 2)]).toEqual([
      exitCodes.notFound,
      [
        `error: failed to ${verb} app debug.`,
        'Error Code:10103601  Error Message:The specified bundleName does not exist.',
      ],
    ])
  }
  const stopped = await shared.service.run(['aa', 'stop-service', '-a', 'StatusVpnAbility', '-b', bundle])
  expect(stopped).toMatchObject({ code: 0, stdout: 'stop service ability successfully.\n' })
  expect(await hilog('-T', 'StatusPage')).toContain('the VPN has gone')
  const ended = await shared.service.run(['aa', 'force-stop', bundle])
  expect(ended).toMatchObject({ code: 0, stdout: 'force stop process successfully.\n' })
  const after = await hilog('-T', 'StatusPage')
  expect(after.indexOf('onBackground')).toBeLessThan(after.indexOf('onDestroy'))
  expect(after).toContain('onBackground')
  expect(after).toContain('heard: no window')
  expect((await shared.service.run(['aa', 'dump', '-a'])).stdout).not.toContain('AbilityRecord')
  await shared.service.run(['consent', 'revoke', bundle])
})

test('the tests of a project run, report as on the device, and leave a JUnit file', async () => {
  const junit = join(shared.place.folder, 'results.xml')
  const { code, stdout, stderr } = await tests('-m', 'entry_test', '--consent', 'allow', '--junit', junit)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(results(stdout)).toBe('Tests run: 9, Failure: 0, Error: 0, Pass: 9, Ignore: 0')
  expect(stdout).toContain(
    'OHOS_REPORT_STATUS: class=ParcelTest\nOHOS_REPORT_STATUS: current=1\nOHOS_REPORT_STATUS: id=JS\n' +
      'OHOS_REPORT_STATUS: numtests=9\nOHOS_REPORT_STATUS: stream=\nOHOS_REPORT_STATUS: test=status_round_trip\n' +
      'OHOS_REPORT_STATUS_CODE: 1\n',
  )
  expect(stdout).toMatch(
    /OHOS_REPORT_CODE: 0\n[^]*TestFinished-ResultCode: 0\nTestFinished-ResultMsg: your test finished!!!\n/,
  )
  expect(readFileSync(junit, 'utf8')).toContain('tests="9" failures="0" errors="0"')
  expect(await shared.service.run(['aa', 'force-stop', bundle])).toMatchObject({ code: 0 })
  // Nothing was put on record, and nothing goes on.
  expect((await shared.service.run(['consent', 'list'])).stdout).not.toContain('allowed')
  expect((await shared.service.run(['aa', 'dump', '-a'])).stdout).not.toContain('AbilityRecord')
})

test('one suite or one case can be chosen', async () => {
  expect(results((await tests('-s', 'class', 'ParcelTest')).stdout)).toContain('Tests run: 2,')
  expect(results((await tests('-s', 'class', 'ParcelTest#status_round_trip')).stdout)).toContain(
    'Tests run: 1,',
  )
  expect(results((await tests('-s', 'class', 'ParcelTest', '-s', 'level', '1')).stdout)).toContain(
    'Tests run: 1,',
  )
})

test.each([
  ['refused', ['--consent', 'deny'], 'Error: 1'],
  ['not answered', ['--consent', 'timeout'], 'Error: 1'],
  ['given, and the parameters are lost', ['--consent', 'allow', '--lose-parameters'], 'Failure: 1'],
])('consent is %s as a run says, and the exit code tells', async (_how, options, counted) => {
  const run = await tests('-s', 'class', 'StatusTest#tells_its_status', ...options)
  expect(run.code).toBe(exitCodes.failure)
  expect(results(run.stdout)).toContain(counted)
  expect(run.stdout).toContain('OHOS_REPORT_CODE: -1')
  expect(run.stderr).toContain('1 of 1 failed: StatusTest#tells_its_status')
})

test('what is not there is told in the device’s words', async () => {
  const missing = await shared.service.run(['aa', 'start', '-a', 'Nope', '-b', bundle])
  expect(missing.code).toBe(exitCodes.notFound)
  expect(missing.stderr).toBe(
    'error: failed to start ability.\nError Code:10104001  Error Message:The specified ability does not exist.\n' +
      'Error cause: want.abilityName is not an ability of the bundle\n',
  )
  const noBundle = await shared.service.run(['aa', 'force-stop', 'com.example.nope'])
  expect(noBundle.stderr).toContain(
    'Error Code:10104002  Error Message:Failed to retrieve specified package information.',
  )
  const untested = await shared.service.run(['aa', 'test', '-b', bundle, '-m', 'other'])
  expect(untested.stderr).toContain('has no tests; these modules have: entry')
  expect((await tests('-s', 'class', 'NoSuchSuite')).stderr).toContain('no case ran')
  expect((await tests('-s', 'level', '9')).stdout).toContain('this param level:9 is invalid')
  const junit = join(shared.place.folder, 'slow.xml')
  writeFileSync(junit, 'of an earlier run')
  const slow = await tests(
    '-w',
    '1',
    '-s',
    'class',
    'StatusTest',
    '-s',
    'stress',
    '100',
    '--consent',
    'allow',
    '--junit',
    junit,
  )
  expect(slow.stderr).toContain('Timeout: user test is not completed within the specified time.')
  expect(readFileSync(junit, 'utf8')).toContain('Timeout: user test is not completed')
})

test('a link by the name of a device’s program is that program', async () => {
  const link = join(shared.place.folder, 'bm')
  symlinkSync(mainScript, link)
  const env = { VPNEXT_RUN_DIR: shared.place.runDir }
  const { stdout } = await startProgram(shared.client, process.execPath, [link, 'dump', '-a'], {
    env,
    input: '',
  }).finished
  expect(stdout).toBe(`ID: 0:\n\t${bundle}\n`)
  const all = JSON.parse((await shared.service.run(['bm', 'dump', '-n', bundle, '--json'])).stdout) as {
    bundleName: string
  }
  expect(all.bundleName).toBe(bundle)
})

test('the log can be forgotten', async () => {
  expect(await hilog()).toContain('StatusPage')
  expect(await shared.service.run(['hilog', '-r'])).toMatchObject({
    code: 0,
    stdout: 'Log type core,app,only_prerelease buffer clear successfully\n',
  })
  expect(await hilog()).not.toContain('StatusPage')
})

test('what a bundle has written goes when it is cleaned, and stays when it is uninstalled with -k', async () => {
  const files = join(shared.place.stateDir, 'data', String(process.getuid?.()), bundle, 'el2/base/haps/entry')
  writeFileSync(join(files, 'files/kept'), '')
  writeFileSync(join(files, 'cache/cached'), '')
  const cleaned = await shared.service.run(['bm', 'clean', '-c', '-n', bundle])
  expect(cleaned).toMatchObject({ code: 0, stdout: 'clean bundle cache files successfully.\n' })
  expect([existsSync(join(files, 'cache')), existsSync(join(files, 'files/kept'))]).toEqual([false, true])
  expect(await shared.service.run(['bm', 'uninstall', '-k', '-n', bundle])).toMatchObject({ code: 0 })
  await shared.service.run(['bm', 'install', '-p', project])
  expect(existsSync(join(files, 'files/kept'))).toBe(true)
  const all = await shared.service.run(['bm', 'clean', '-d', '-n', bundle])
  expect(all).toMatchObject({ code: 0, stdout: 'clean bundle data files successfully.\n' })
  expect(existsSync(files)).toBe(false)
  const unclear = await shared.service.run(['bm', 'clean', '-n', bundle])
  expect(unclear.stderr).toMatch(
    /^error: failed to clean bundle cache files\.\nsay what to clean: -c or -d\n/,
  )
})

test('an uninstalled bundle is gone', async () => {
  const removed = await shared.service.run(['bm', 'uninstall', '-n', bundle])
  expect(removed).toMatchObject({ code: 0, stdout: 'uninstall bundle successfully.\n' })
  const again = await shared.service.run(['bm', 'uninstall', '-n', bundle])
  expect(again.code).toBe(exitCodes.notFound)
  expect(again.stderr).toBe(
    'error: failed to uninstall bundle.\ncode:9568386\nerror: uninstall missing installed bundle.\n',
  )
})
