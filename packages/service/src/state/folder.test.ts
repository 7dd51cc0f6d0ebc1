import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ensureFolder } from './folder.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o7777

test('a missing folder is made with its mode, and a present one gets it', () => {
  using folder = temporaryFolder()
  ensureFolder(folder.in('a', 'b'), 0o700)
  expect(modeOf(folder.in('a', 'b'))).toBe(0o700)
  chmodSync(folder.in('a', 'b'), 0o755)
  ensureFolder(folder.in('a', 'b'), 0o700)
  expect(modeOf(folder.in('a', 'b'))).toBe(0o700)
})

test('a symbolic link is refused, although it leads to a good folder', () => {
  using folder = temporaryFolder()
  mkdirSync(folder.in('real'), { mode: 0o700 })
  symlinkSync(folder.in('real'), folder.in('link'))
  ensureFolder(folder.in('real'), 0o700)
  expect(() => ensureFolder(folder.in('link'), 0o700)).toThrow(
    expect.objectContaining({ code: 'unsafe-path' }),
  )
})

test('a file and a folder that others can write to are refused', () => {
  using folder = temporaryFolder()
  writeFileSync(folder.in('file'), '')
  expect(() => ensureFolder(folder.in('file'), 0o700)).toThrow(
    expect.objectContaining({ code: 'unsafe-path' }),
  )
  mkdirSync(folder.in('shared'))
  chmodSync(folder.in('shared'), 0o777)
  expect(() => ensureFolder(folder.in('shared'), 0o700)).toThrow(/others can write/)
  expect(modeOf(folder.in('shared'))).toBe(0o777)
})
