import type { Want } from '@vpnext/api'
import { expect, test } from 'vitest'

import { executeShellCommand } from './shell-command.ts'

const started: Want[] = []
const startPage = (want: Want): Promise<void> => {
  started.push(want)
  return want.abilityName === 'Nope' ? Promise.reject(new Error('no such page')) : Promise.resolve()
}

test('aa start starts a page with what its options say', async () => {
  const command = `aa start -d 0 -a TestAbility -b com.example.vpn -m entry --ps name "two words" --pi n 4 --pb on T --psn none -D`
  const { stdResult, exitCode, dump } = await executeShellCommand(command, startPage)
  expect([stdResult, exitCode, dump()]).toEqual(['start ability successfully.\n', 0, stdResult])
  expect(started).toEqual([
    {
      bundleName: 'com.example.vpn',
      abilityName: 'TestAbility',
      moduleName: 'entry',
      parameters: { name: 'two words', n: 4, on: true, none: '' },
    },
  ])
})

test.each([
  ['aa start -a Nope -b com.example.vpn', 1, 'no such page'],
  ['aa start -a Page', 1, '-a and -b are needed'],
  ['aa start -a', 1, '-a requires a value'],
  ['aa start --loud', 1, 'unknown option: --loud'],
  ['hilog -x', 127, 'hilog: inaccessible or not found'],
  ['', 127, 'not found'],
])('%s ends with %i', async (command, code, told) => {
  const { stdResult, exitCode } = await executeShellCommand(command, startPage)
  expect(exitCode).toBe(code)
  expect(stdResult).toContain(told)
})
