import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ensureDataFolder } from './data-folder.ts'
import {
  type ExtensionFiles,
  fileNamePattern,
  readReport,
  removeProfile,
  writeProfile,
} from './extension-files.ts'

const openDescriptors = (): number => readdirSync('/proc/self/fd').length
const bytes = (text: string): Uint8Array => Buffer.from(text)

function extension(root: string): ExtensionFiles & { readonly files: string } {
  const dataFolder = ensureDataFolder(root, 1000, 'com.example.vpn', ['entry'], undefined)
  return { dataFolder, module: 'entry', owner: undefined, files: `${dataFolder}/el2/base/haps/entry/files` }
}

test('a profile is its host’s alone, replaces the one before, and goes', () => {
  using folder = temporaryFolder()
  const before = openDescriptors()
  const at = extension(folder.path)
  writeProfile(at, 'wg0', bytes('a longer first one'))
  writeProfile(at, 'wg0', bytes('second'))
  const path = `${at.files}/profiles/wg0`
  expect(readFileSync(path, 'utf8')).toBe('second')
  expect(statSync(path).mode & 0o7777).toBe(0o600)
  expect(readdirSync(`${at.files}/profiles`)).toEqual(['wg0'])
  expect(removeProfile(at, 'wg0')).toBe(true)
  expect(removeProfile(at, 'wg0')).toBe(false)
  expect(openDescriptors()).toBe(before)
})

test('a profile does not follow links that the host has planted', () => {
  using folder = temporaryFolder()
  const at = extension(folder.path)
  writeFileSync(folder.in('victim'), 'untouched')
  writeProfile(at, 'wg0', bytes('x'))
  rmSync(`${at.files}/profiles/wg0`)
  symlinkSync(folder.in('victim'), `${at.files}/profiles/wg0`)
  writeProfile(at, 'wg0', bytes('secret'))
  expect(readFileSync(folder.in('victim'), 'utf8')).toBe('untouched')
  expect(readFileSync(`${at.files}/profiles/wg0`, 'utf8')).toBe('secret')

  rmSync(`${at.files}/profiles`, { recursive: true })
  mkdirSync(folder.in('elsewhere'))
  symlinkSync(folder.in('elsewhere'), `${at.files}/profiles`)
  expect(() => writeProfile(at, 'wg0', bytes('secret'))).toThrow(/ENOTDIR|ELOOP/)
  expect(readdirSync(folder.in('elsewhere'))).toEqual([])
})

test('a report is read as the extension wrote it, and only from a file of its own', () => {
  using folder = temporaryFolder()
  const before = openDescriptors()
  const at = extension(folder.path)
  expect(readReport(at, 'wg0')).toBeUndefined()
  writeFileSync(`${at.files}/reports/wg0`, '{"état":1}')
  expect(readReport(at, 'wg0')).toBe('{"état":1}')

  writeFileSync(folder.in('secret'), 'not for users')
  symlinkSync(folder.in('secret'), `${at.files}/reports/link`)
  expect(() => readReport(at, 'link')).toThrow('ELOOP')
  mkdirSync(`${at.files}/reports/folder`)
  expect(() => readReport(at, 'folder')).toThrow('is not a regular file')
  expect(() => readReport({ ...at, owner: { uid: 4242, gid: 4242 } }, 'wg0')).toThrow('is not the host’s')
  const megabyte = 1024 * 1024
  const long = JSON.stringify(Array.from({ length: 400_000 }, (_, index) => `10.${index}.0.0/16`))
  for (const [text, isRead] of [
    [long, true],
    [Buffer.alloc(8 * megabyte, 'x'), true],
    [Buffer.alloc(8 * megabyte + 1, 'x'), false],
    // Three and six times as much in an answer.
    [Buffer.alloc(6 * megabyte, 0xff), false],
    [Buffer.alloc(3 * megabyte), false],
  ] as const) {
    writeFileSync(`${at.files}/reports/long`, text)
    if (isRead) expect(readReport(at, 'long') === text.toString()).toBe(true)
    else expect(() => readReport(at, 'long')).toThrow('has more than')
  }
  expect(openDescriptors()).toBe(before)
})

test.each(['', '.hidden', '..', 'a/b', 'a\0b', 'x'.repeat(65), 'a b', 'ü', 'a\n'])(
  '%j is no name',
  (name) => {
    expect(fileNamePattern.test(name)).toBe(false)
  },
)
