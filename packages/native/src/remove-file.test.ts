import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeFile } from './remove-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-remove-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('a link goes, whether it dangles or not, and what it names stays', () => {
  const target = join(folder, 'target')
  writeFileSync(target, '')
  symlinkSync(target, join(folder, 'link'))
  symlinkSync('/nonexistent/target', join(folder, 'dangling'))
  removeFile(join(folder, 'link'))
  removeFile(join(folder, 'dangling'))
  expect(readdirSync(folder)).toEqual(['target'])
})

test('a name that is not there is no error; a directory is one, and stays', () => {
  removeFile(join(folder, 'nothing'))
  const directory = join(folder, 'directory')
  mkdirSync(directory)
  expect(() => removeFile(directory)).toThrow(/EISDIR|EPERM/)
  expect(existsSync(directory)).toBe(true)
})
