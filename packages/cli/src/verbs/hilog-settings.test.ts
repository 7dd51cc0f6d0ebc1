import { expect, test } from 'vitest'
import { recordingContext } from '../../test/recording-context.ts'
import { runCli } from '../run-cli.ts'

const hilog = async (...args: string[]): Promise<{ code: number; told: string }> => {
  const context = recordingContext()
  const code = await runCli(['hilog', ...args], context)
  return { code, told: `${context.output()}${context.errors()}` }
}

test.each([
  [['-g'], 'Log type app buffer size is 8.0M\n'],
  [['-b', 'D'], 'Set global log level to D successfully\n'],
  [['-b', 'debug'], 'Set global log level to D successfully\n'],
  [['-b', 'D', '--persist'], 'Set global log level to D successfully\n'],
  [['-b', 'D', '-D', '0x2d00'], 'Set domain 0x2d00 log level to D successfully\n'],
  [['-b', 'D', '-T', 'testTag'], 'Set tag testTag log level to D successfully\n'],
  [['-S'], 'Statistic info clear successfully\n'],
  [['-p', 'on'], 'Set hilog privacy format on successfully\n'],
  [['-k', 'off'], 'Set hilogd storing kmsg log off successfully\n'],
  [['-Q', 'pidon'], 'Set flow control by process to enabled successfully\n'],
  [['-Q', 'domainoff'], 'Set flow control by domain to disabled successfully\n'],
])('hilog %j is what the log is', async (args, told) => {
  expect(await hilog(...args)).toEqual({ code: 0, told })
})

test.each([
  [['-G', '16M'], 'it is 8.0M, always'],
  [['-b', 'E'], 'hilog -L shows some of them'],
  [['-b', 'W', '-T', 'testTag'], 'Set tag testTag log level to W failed'],
  [['-w', 'query'], 'Persist task query failed: No running persistent task'],
  [['-w', 'start', '-f', 'log', '-l', '1M', '-n', '5', '-m', 'zlib', '-j', '11'], 'hilog > file'],
  [['-s'], 'Statistic info query failed'],
  [['-p', 'off'], 'private values never leave the extension'],
  [['-k', 'on'], 'dmesg'],
  [['-Q', 'pidoff'], 'too loud'],
  [['-Q', 'domainon'], 'by domain'],
])('hilog %j cannot be had, and says why', async (args, reason) => {
  const { code, told } = await hilog(...args)
  expect(code).toBe(1)
  expect(told).toContain(reason)
})

test.each([
  [['-b', 'X']],
  [['-p', 'maybe']],
  [['-v', 'loud']],
  [['-Q', 'off']],
  [['-w', 'go']],
  [['-D', 'X01B06']],
  [['-L', 'I/Z']],
])('hilog %j is a slip', async (args) => {
  expect((await hilog(...args)).code).toBe(2)
})
