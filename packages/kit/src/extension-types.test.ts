import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const kit = fileURLToPath(new URL('..', import.meta.url))

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'vpnext-types-'))
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ extends: join(kit, 'tsconfig.extension.json') }),
  )
})
afterEach(() => rmSync(project, { recursive: true }))

/** What tsc says of a project of which the only setting is the one-line `extends`, as `line code`. */
function complaints(name: string): string[] {
  copyFileSync(join(kit, 'corpus', name), join(project, 'ability.ts'))
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  return [...stdout.matchAll(/ability\.ts\((\d+),\d+\): error TS(\d+)|error TS(\d+)/g)].map(
    ([, line, code, other]) => `${line ?? 'config'} ${code ?? other}`,
  )
}

test('an extension that uses what is provided compiles', () => {
  expect(complaints('good-ability.ets')).toEqual([])
})

test('each mistake of the bad extension is found where it is', () => {
  const expected = readFileSync(join(kit, 'corpus/bad-ability.ets'), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const code = /\/\/ error (\d+)$/.exec(line)?.[1]
      return code === undefined ? [] : [`${index + 1} ${code}`]
    })
  expect(expected.length).toBeGreaterThan(10)
  expect(complaints('bad-ability.ets')).toEqual(expected)
})
