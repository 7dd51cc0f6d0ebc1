import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { Fd, openFds } from './fd.ts'
import { readFd } from './fd-io.ts'
import { seekFile, tryLockFile, unlockFile } from './open-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-open-file-'))
  writeFileSync(join(folder, 'x'), 'hello world')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  expect(openFds()).toBe(0)
})
const open = (): Fd => Fd.adopt(openSync(join(folder, 'x'), 'r+'))

test('the position moves from the start, from where it is, and from the end', () => {
  using fd = open()
  const buffer = Buffer.alloc(5)
  expect(seekFile(fd, 6, 'start')).toBe(6)
  readFd(fd, buffer)
  expect(buffer.toString()).toBe('world')
  expect(seekFile(fd, -5, 'current')).toBe(6)
  expect(seekFile(fd, -1, 'end')).toBe(10)
  expect(seekFile(fd, 5 * 2 ** 32, 'start')).toBe(5 * 2 ** 32)
  expect(() => seekFile(fd, -1, 'start')).toThrow(expect.objectContaining({ code: 'EINVAL' }))
})

test('an exclusive lock keeps others out, shared ones do not, and closing ends it', () => {
  using other = open()
  {
    using fd = open()
    expect(tryLockFile(fd, 'shared')).toBe(true)
    expect(tryLockFile(other, 'shared')).toBe(true)
    expect(tryLockFile(fd, 'exclusive')).toBe(false)
    unlockFile(other)
    expect(tryLockFile(fd, 'exclusive')).toBe(true)
    expect(tryLockFile(other, 'exclusive')).toBe(false)
  }
  expect(tryLockFile(other, 'exclusive')).toBe(true)
})
