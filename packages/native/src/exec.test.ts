import { expect, test } from 'vitest'

import { childReport } from '../test/run-child.ts'

test('execve passes argv, exactly the environment given, and only the descriptors kept', async () => {
  expect(await childReport('exec')).toEqual({
    env: { GIVEN: 'ä=b', ATTEMPTS: 'ENOENT RangeError: execve: NUL in the path, argv or env' },
    title: 'renamed',
    kept: true,
    stray: false,
  })
})
