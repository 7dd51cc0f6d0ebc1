import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { syncInThread } from './sync-in-thread.ts'

test('a file and its directory are synced, and the threads are gone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-sync-'))
  const threads = (): number => readdirSync('/proc/self/task').length
  const before = threads()
  try {
    for (let round = 0; round < 20; round++) {
      const file = openSync(join(folder, `file${round}`), 'w')
      const directory = openSync(folder, 'r')
      writeSync(file, 'text')
      for (const wait of [file, directory].map((fd) => syncInThread(fd))) wait()
      closeSync(file)
      closeSync(directory)
    }
    expect(readFileSync(join(folder, 'file19'), 'utf8')).toBe('text')
    expect(threads()).toBe(before)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what cannot be synced is an error for whoever waits', () => {
  // fsync(2): EINVAL for what is no file.
  const device = openSync('/dev/null', 'r')
  const wait = syncInThread(device)
  expect(wait).toThrow(expect.objectContaining({ code: 'EINVAL' }))
  closeSync(device)
  expect(syncInThread(device)).toThrow(expect.objectContaining({ code: 'EBADF' }))
})
