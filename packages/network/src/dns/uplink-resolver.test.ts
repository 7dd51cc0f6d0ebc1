import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type JournalEntry, defaultSettings, openJournal } from '../index.ts'
import type { OriginalFile } from '../plan/step.ts'
import { uplinkResolver } from './uplink-resolver.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-resolver-'))
  path = join(folder, 'resolv.conf')
})
afterEach(() => rmSync(folder, { recursive: true }))

const ours = 'nameserver 10.8.0.1\n'
const theirs = 'nameserver 192.0.2.1\n'

/** What there is to say when these tunnels have replaced the file. */
function found(...originals: readonly OriginalFile[]): string {
  const journal = openJournal(join(folder, 'journal'), defaultSettings())
  for (const [slot, original] of originals.entries()) {
    journal.record({
      ...entryOf(slot),
      undo: [{ kind: 'dns', path, instance: 'default', servers: [], searchDomains: [], ours, original }],
    })
  }
  return uplinkResolver(path, journal, [join(folder, 'behind'), join(folder, 'further')])
}
const entryOf = (slot: number): Omit<JournalEntry, 'undo'> => ({
  version: 1,
  instance: 'default',
  slot,
  interfaceName: `vpn-tun${slot}`,
  owner: { uid: 1000, bundleName: 'com.example.vpn' },
  bootId: 'boot',
  networkNamespace: 'net:[1]',
  createdAt: slot,
})
const file = (text: string): OriginalFile => ({
  kind: 'file',
  base64: Buffer.from(text).toString('base64'),
  mode: 0o644,
  uid: 0,
  gid: 0,
})

test('a file that no tunnel has written says it itself, and so does none', () => {
  expect(found()).toBe('')
  writeFileSync(path, theirs)
  expect(found(file('nameserver 192.0.2.9\n'))).toBe(theirs)
})

test('a pipe that nobody writes says nothing, and nobody waits for it', () => {
  execFileSync('mkfifo', [path])
  expect(found()).toBe('')
})

test('where tunnels have written it, it is what was there before the first', () => {
  writeFileSync(path, ours)
  expect(found(file(theirs), file(ours))).toBe(theirs)
})

test('that may have been a link, or nothing', () => {
  writeFileSync(path, ours)
  writeFileSync(join(folder, 'target'), theirs)
  expect(found({ kind: 'symlink', target: 'target', uid: 0, gid: 0 })).toBe(theirs)
  rmSync(join(folder, 'journal'), { recursive: true })
  expect(found({ kind: 'absent' })).toBe('')
})

test('behind the stub of systemd-resolved are the servers that it asks', () => {
  const stub = 'nameserver 127.0.0.53\noptions edns0\n'
  writeFileSync(join(folder, 'stub'), stub)
  symlinkSync('stub', path)
  expect(found()).toBe(stub)
  writeFileSync(join(folder, 'behind'), `search lab.test\n${theirs}nameserver 2001:db8::1\n`)
  expect(found()).toBe(`${stub}${theirs}nameserver 2001:db8::1\n`)
  rmSync(path)
  writeFileSync(path, `${stub}nameserver 192.0.2.7\n`)
  expect(found()).toBe(`${stub}nameserver 192.0.2.7\n`)
})

test.each(['127.0.0.1', '127.0.1.1', '::1'])(
  'behind a server at %s are those of the first file that names some',
  (local) => {
    const stub = `nameserver ${local}\n`
    writeFileSync(path, stub)
    writeFileSync(join(folder, 'behind'), stub)
    writeFileSync(join(folder, 'further'), theirs)
    expect(found()).toBe(`${stub}${theirs}`)
  },
)

test('servers that tunnels have brought systemd-resolved are not the network’s', () => {
  writeFileSync(path, 'nameserver 127.0.0.53\n')
  writeFileSync(join(folder, 'behind'), `${ours}${theirs}`)
  const journal = openJournal(join(folder, 'journal'), defaultSettings())
  journal.record({
    ...entryOf(0),
    undo: [
      {
        kind: 'dns-link',
        interfaceName: 'vpn-tun',
        resolvectl: '/usr/bin/resolvectl',
        servers: ['10.8.0.1'],
        searchDomains: [],
      },
    ],
  })
  expect(uplinkResolver(path, journal, [join(folder, 'behind')])).toBe(`nameserver 127.0.0.53\n${theirs}`)
})
