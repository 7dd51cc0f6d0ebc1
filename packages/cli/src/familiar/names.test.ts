import { expect, test } from 'vitest'
import { verbOfProgram } from './names.ts'

test.each([
  ['/usr/bin/aa', ['aa']],
  ['/x/node_modules/.bin/hilog', ['hilog']],
  ['bm.mjs', ['bm']],
  ['/usr/local/bin/param', ['param']],
  ['/usr/bin/vpnext', []],
  ['/x/dist/main.js', []],
  [undefined, []],
])('a program called %s is the verb %j', (script, verb) => {
  expect(verbOfProgram(script)).toEqual(verb)
})
