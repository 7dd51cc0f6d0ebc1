import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { childReport } from '../test/run-child.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'

test('a root of one’s own: binds with restrictions, pivot, nothing of the old root left', async () => {
  using folder = temporaryFolder()
  const mountsBefore = readFileSync('/proc/self/mounts', 'utf8')
  expect(await childReport('mount', { args: [folder.path] })).toEqual({
    busy: 'EBUSY',
    missing: 'ENOENT',
    notAMount: 'EINVAL',
    options: ['ro', 'nosuid', 'nodev', 'noexec'],
    top: ['gone', 'read-only', 'writable'],
    cwd: '/',
    gone: [],
    read: 'bound',
    readOnly: 'EROFS',
    readOnlyBelow: 'EROFS',
    writable: 'ok',
    oldRoot: false,
  })
  // What the child mounted it mounted for itself alone; what it wrote through the bind is really there.
  expect(readFileSync('/proc/self/mounts', 'utf8')).toBe(mountsBefore)
  expect(readdirSync(join(folder.path, 'root'))).toEqual([])
  expect(existsSync(join(folder.path, 'source/new'))).toBe(true)
})
