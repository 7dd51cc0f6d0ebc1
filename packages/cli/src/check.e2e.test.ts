import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Finished, mainScript, startProgram } from '../test/vpnext-process.ts'
import { exitCodes } from './exit-codes.ts'

const apps = fileURLToPath(new URL('../../../apps', import.meta.url))

function check(...args: string[]): Promise<Finished> {
  return startProgram(undefined, process.execPath, [mainScript, 'check', ...args], { input: '' }).finished
}

test('a project that the device’s compiler takes', async () => {
  expect(await check(`${apps}/samples/status-files`)).toMatchObject({
    code: exitCodes.success,
    stdout: '4 files as ArkTS wants them\n',
    stderr: '',
  })
})

test('breaches are counted, and told as JSON with file, line, column and rule', async () => {
  const { code, stdout, stderr } = await check(`${apps}/samples/per-app-lists`, '--json')
  expect({ code, stderr }).toEqual({
    code: exitCodes.breaches,
    stderr: 'vpnext: 3 breaches of ArkTS’s rules in 1 of 1 file\n',
  })
  const report = JSON.parse(stdout) as { findings: unknown[] }
  expect(report.findings).toHaveLength(3)
  expect(report.findings[0]).toMatchObject({
    file: 'entry/src/main/ets/AppsAbility.ets',
    line: 10,
    column: 24,
    rule: 'arkts-no-func-expressions',
    severity: 'error',
    uncertain: false,
  })
})

test('without the linter it says what is missing; nothing else needs it', async () => {
  const { code, stderr } = await check(`${apps}/hello-vpn`, '--linter', apps)
  expect(code).toBe(exitCodes.unsupported)
  expect(stderr).toContain(`${apps} is not the package ohos-typescript`)
})

test('a mistake in the project is told as install tells it', async () => {
  const { code, stderr } = await check(`${apps}/samples`)
  expect(code).toBe(exitCodes.failure)
  expect(stderr).toContain('AppScope/app.json5')
})
