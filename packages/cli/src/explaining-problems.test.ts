import { ProjectError } from '@vpnext/arkts'
import { expect, test } from 'vitest'

import { explainingProblems } from './explaining-problems.ts'

test('the last words of a tool are lines below its problem, and steer no terminal', async () => {
  const reason = 'the build failed; its last words:\nninja: stopped\u001b[2J'
  const problem = { file: 'CMakeLists.txt', line: 0, column: 0, key: '', reason, hint: '' }
  const failing = explainingProblems('/', () => Promise.reject(new ProjectError(problem)))
  await expect(failing).rejects.toThrow(
    'CMakeLists.txt: the build failed; its last words:\n    ninja: stopped\\x1b[2J',
  )
})
