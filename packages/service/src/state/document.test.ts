import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { openDocument } from './document.ts'

const schema = z.strictObject({ version: z.literal(1), words: z.array(z.string()) })
const initial = { version: 1 as const, words: [] }

test('a document survives: what one opening wrote, the next one reads', () => {
  using folder = temporaryFolder()
  const path = folder.in('words.json')
  const first = openDocument(path, schema, initial)
  expect(first.value).toEqual(initial)
  expect(readdirSync(folder.path)).toEqual([])
  first.replace({ version: 1, words: ['one'] })
  expect(openDocument(path, schema, initial).value.words).toEqual(['one'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder.path)).toEqual(['words.json'])
})

test('a write that fails leaves the old value, in memory and on disk', () => {
  using folder = temporaryFolder()
  const path = folder.in('words.json')
  const document = openDocument(path, schema, initial)
  document.replace({ version: 1, words: ['kept'] })
  const before = readFileSync(path, 'utf8')
  expect(() => document.replace({ version: 1, words: [1n as unknown as string] })).toThrow(TypeError)
  expect(document.value.words).toEqual(['kept'])
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test.each([
  ['no JSON', '{'],
  ['another version', '{"version":2,"words":[]}'],
  ['an unknown member', '{"version":1,"words":[],"more":1}'],
  ['a wrong type', '{"version":1,"words":[5]}'],
])('a file with %s is refused by name, and stays', (_what, text) => {
  using folder = temporaryFolder()
  const path = folder.in('words.json')
  writeFileSync(path, text)
  expect(() => openDocument(path, schema, initial)).toThrow(
    expect.objectContaining({ code: 'damaged-state', message: expect.stringContaining(path) as string }),
  )
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('a symbolic link in the place of the file is not followed', () => {
  using folder = temporaryFolder()
  writeFileSync(folder.in('elsewhere.json'), '{"version":1,"words":["wrong"]}')
  symlinkSync(folder.in('elsewhere.json'), folder.in('words.json'))
  expect(() => openDocument(folder.in('words.json'), schema, initial)).toThrow(/ELOOP/)
})

test('the half-written file of a service that was killed is removed', () => {
  using folder = temporaryFolder()
  mkdirSync(folder.in('state'))
  writeFileSync(folder.in('state', '.words.json.0123456789abcdef'), 'half')
  writeFileSync(folder.in('state', '.wordsxjson.0123456789abcdef'), 'somebody else')
  openDocument(folder.in('state', 'words.json'), schema, initial)
  expect(readdirSync(folder.in('state'))).toEqual(['.wordsxjson.0123456789abcdef'])
})

test('a pipe in its place is refused by name, and nobody waits for it', () => {
  using folder = temporaryFolder()
  const path = folder.in('words.json')
  execFileSync('mkfifo', [path])
  expect(() => openDocument(path, schema, initial)).toThrow(`${path} is no regular file`)
})
