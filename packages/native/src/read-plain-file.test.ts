import { execFileSync } from 'node:child_process'
import { constants, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPlainFile } from './read-plain-file.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-plain-'))
  file = join(folder, 'file')
  writeFileSync(file, 'text')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a file is read, through a link too unless that is forbidden, up to a limit', () => {
  const link = join(folder, 'link')
  symlinkSync('file', link)
  expect(readPlainFile(file).toString()).toBe('text')
  expect(readPlainFile(link, { longest: 4 }).toString()).toBe('text')
  expect(() => readPlainFile(link, { flags: constants.O_NOFOLLOW })).toThrow(/ELOOP/)
  expect(() => readPlainFile(file, { longest: 3 })).toThrow(`${file} has more than 3 bytes`)
  expect(readPlainFile('/proc/self/status').toString()).toContain('Pid:')
})

test('a pipe without a writer and devices are refused at once', () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  symlinkSync('pipe', file + 's')
  for (const path of [pipe, `${file}s`, '/dev/zero', '/dev/null', folder]) {
    expect(() => readPlainFile(path)).toThrow(`${path} is no regular file`)
  }
})

test('what is not there is told as node does', () => {
  expect(() => readPlainFile(join(folder, 'nothing'))).toThrow(expect.objectContaining({ code: 'ENOENT' }))
})
