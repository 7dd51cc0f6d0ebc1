import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { describeProblem } from '../project-error.ts'
import { missingSubmodules } from './git-submodules.ts'

let repository: string
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'vpnext-submodules-'))
})
afterEach(() => rmSync(repository, { recursive: true }))

const missing = async (project: string): Promise<string[]> =>
  (await missingSubmodules(project)).map(describeProblem)

test('a submodule that was not fetched is named with what fetches it', async () => {
  expect(await missing(repository)).toEqual([])
  writeFileSync(
    join(repository, '.gitmodules'),
    '[submodule "a"]\n\tpath = app/core\n\turl = x\n[submodule "b"]\n\tpath=app/there\n',
  )
  mkdirSync(join(repository, 'app/core'), { recursive: true })
  mkdirSync(join(repository, 'app/there/src'), { recursive: true })
  expect(await missing(repository)).toEqual([
    '.gitmodules: the submodule app/core is not there (git submodule update --init)',
  ])
  mkdirSync(join(repository, '.git'))
  expect(await missing(join(repository, 'app'))).toEqual([
    '../.gitmodules: the submodule app/core is not there (git submodule update --init)',
  ])
})
