import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultSettings, type JournalEntry, JournalError, openJournal } from './index.ts'
import { withChecksum } from './journal-text.ts'

const settings = defaultSettings()
let parent: string
let directory: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'vpnext-journal-'))
  directory = join(parent, 'journal')
})
afterEach(() => {
  rmSync(parent, { recursive: true })
})

function entry(slot: number, createdAt = 1000, instance = 'default'): JournalEntry {
  return {
    version: 1,
    instance,
    slot,
    interfaceName: `vpn-tun${slot}`,
    owner: { uid: 1000, bundleName: 'com.example.vpn' },
    bootId: 'boot',
    networkNamespace: 'net:[1]',
    createdAt,
    undo: [{ kind: 'link', interfaceName: `vpn-tun${slot}` }],
  }
}

test('entries are read back by the next process, the oldest first', () => {
  const journal = openJournal(directory, settings)
  journal.record(entry(3, 3000))
  journal.record(entry(7, 2000))
  expect(openJournal(directory, settings).entries()).toEqual([entry(7, 2000), entry(3, 3000)])
  journal.remove(7)
  journal.remove(7)
  expect(openJournal(directory, settings).entries()).toEqual([entry(3, 3000)])
})

test('directory and files are for their owner alone', () => {
  openJournal(directory, settings).record(entry(0))
  expect(lstatSync(directory).mode & 0o777).toBe(0o700)
  expect(lstatSync(join(directory, 'default.0.json')).mode & 0o777).toBe(0o600)
})

test('a directory that others can enter is refused', () => {
  openJournal(directory, settings)
  chmodSync(directory, 0o755)
  expect(() => openJournal(directory, settings)).toThrow(/has mode 755, but must have 700/)
})

test('a link instead of the directory is refused', () => {
  symlinkSync(parent, directory)
  expect(() => openJournal(directory, settings)).toThrow(JournalError)
})

test('a slot has one entry at a time, and the first one stays', () => {
  const journal = openJournal(directory, settings)
  journal.record(entry(0, 1))
  expect(() => journal.record(entry(0, 2))).toThrow(/the slot has an entry already/)
  expect(openJournal(directory, settings).entries()).toEqual([entry(0, 1)])
})

test('an entry that was not written to its end counts for nothing, wherever it was cut, and gives way to the next', () => {
  const path = join(directory, 'default.1.json')
  const journal = openJournal(directory, settings)
  journal.record(entry(0))
  journal.record(entry(1))
  const whole = readFileSync(path)
  const end = whole.lastIndexOf('\n')
  journal.remove(1)
  const other = entry(1, 2000)
  journal.record({ ...other, undo: Array.from({ length: 200 }, () => other.undo).flat() })
  journal.remove(1)
  const before = readFileSync(path)
  expect(before.toString()).toContain(other.interfaceName)
  for (const length of [1, 100, end - 40, end - 1, end]) {
    // What a process leaves that is killed while it writes over an older one, and what a power cut may leave.
    for (const behind of [before, Buffer.alloc(before.length), Buffer.alloc(0)]) {
      writeFileSync(path, Buffer.concat([whole.subarray(0, length), behind.subarray(length)]))
      expect(openJournal(directory, settings).entries()).toEqual([entry(0)])
    }
  }
  writeFileSync(path, Buffer.concat([whole.subarray(0, end + 1), before.subarray(end + 1)]))
  expect(openJournal(directory, settings).entries()).toEqual([entry(0), entry(1)])
  writeFileSync(path, whole.subarray(0, 100))
  openJournal(directory, settings).record(entry(1, 4000))
  expect(openJournal(directory, settings).entries()).toEqual([entry(0), entry(1, 4000)])
})

test('room is made ahead and kept, at the size it had, and whoever reads changes nothing', () => {
  const journal = openJournal(directory, settings)
  journal.makeRoom()
  const files = (): unknown =>
    readdirSync(directory).map((name) => [name, lstatSync(join(directory, name)).size])
  const before = files()
  expect(before).toEqual([
    ['default.0.json', 16_384],
    ['default.1.json', 16_384],
  ])
  const undo = Array.from(
    { length: 1000 },
    (_, at) => ({ kind: 'link', interfaceName: `vpn-tun${at}` }) as const,
  )
  journal.record({ ...entry(0), undo })
  expect(openJournal(directory, settings).entries()).toEqual([{ ...entry(0), undo }])
  expect(files()).not.toEqual(before)
  journal.remove(0)
  expect(openJournal(directory, settings).entries()).toEqual([])
  expect(files()).toEqual(before)
})

test('an entry of another version is an error, not a loss', () => {
  openJournal(directory, settings)
  const text = withChecksum(JSON.stringify({ ...entry(0), version: 2 }))
  writeFileSync(join(directory, 'default.0.json'), text)
  expect(() => openJournal(directory, settings)).toThrow(JournalError)
  expect(readdirSync(directory)).toEqual(['default.0.json'])
})

test('entries of other instances are left alone', () => {
  const other = defaultSettings({ instance: 'default2' })
  openJournal(directory, other).record(entry(0, 1, 'default2'))
  writeFileSync(join(directory, 'default2.9.json'), 'half of it')
  expect(openJournal(directory, settings).entries()).toEqual([])
  expect(readdirSync(directory)).toEqual(['default2.0.json', 'default2.9.json'])
})
