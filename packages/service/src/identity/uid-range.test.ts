import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { firstHostUid, isHostUid } from './host-uids.ts'
import { claimUidRange, sweepUidClaims } from './uid-range.ts'

let folder: TemporaryFolder
let told: string[]
const claim = (instance: string, known?: number): ReturnType<typeof claimUidRange> =>
  claimUidRange(instance, known, (message) => void told.push(message), folder.in('uids'))

beforeEach(() => {
  folder = temporaryFolder()
  told = []
})
afterEach(() => folder[Symbol.dispose]())

test('whatever instances run side by side, no uid is in two of their ranges', () => {
  const names = ['default', ...Array.from({ length: 128 }, (_, index) => `instance-${index}`)]
  const claims = names.map((name) => claim(name))
  const seen = new Set<number>()
  for (const { range } of claims) {
    for (let uid = range.first; uid < range.first + range.count; uid += 1) {
      expect(isHostUid(uid) && !seen.has(uid)).toBe(true)
      seen.add(uid)
    }
  }
  expect(claims[0]?.range.first).toBe(firstHostUid)
  expect(() => claim('one-more')).toThrow(expect.objectContaining({ code: 'in-use' }))
  for (const each of claims) each[Symbol.dispose]()
  expect(existsSync(folder.in('uids'))).toBe(false)
})

test('an instance gets the same range each time, and another range only while somebody has that', () => {
  const first = claim('lab')
  const { range } = first
  const other = claim('lab')
  expect(other.range).not.toEqual(range)
  other[Symbol.dispose]()
  first[Symbol.dispose]()
  using again = claim('lab')
  expect(again.range).toEqual(range)
})

test('uids that were given already stay, or the service does not start', () => {
  using mine = claim('lab')
  const given = mine.range.first + 3
  expect(() => claim('other', given)).toThrow(expect.objectContaining({ code: 'in-use' }))
  mine[Symbol.dispose]()
  using theirs = claim('other', given)
  expect(theirs.range).toEqual(mine.range)
})

test('what a service that was killed has claimed is swept away, and nothing of one that lives', () => {
  using mine = claim('lab')
  const dead = folder.in('uids', '20060000')
  mkdirSync(dead, { mode: 0o700 })
  // A pid beyond the kernel's largest.
  const holder = { version: 1, pid: 4_194_305, startTime: '1', bootId: 'none' }
  writeFileSync(`${dead}/service.lock`, JSON.stringify(holder), { mode: 0o600 })
  sweepUidClaims(folder.in('uids'))
  expect(readdirSync(folder.in('uids'))).toEqual([String(mine.range.first)])
})

const plants: readonly [kind: string, needsRoot: boolean, plant: (path: string) => void][] = [
  [
    'a folder that others can write to',
    false,
    (path) => {
      mkdirSync(join(path, '20060000'), { recursive: true })
      chmodSync(path, 0o777)
    },
  ],
  ['a link', false, (path) => symlinkSync('/etc', path)],
  ['a file', false, (path) => writeFileSync(path, '')],
  [
    'a folder of somebody else’s',
    true,
    (path) => {
      mkdirSync(path, { mode: 0o700 })
      chownSync(path, 65_534, 65_534)
    },
  ],
]
const isRoot = process.geteuid?.() === 0

test.each(plants.filter(([, needsRoot]) => isRoot || !needsRoot))(
  '%s in the place of the claims is put aside, and told',
  (_kind, _needsRoot, plant) => {
    plant(folder.in('uids'))
    sweepUidClaims(folder.in('uids'))
    using mine = claim('lab')
    expect(readdirSync(folder.in('uids'))).toEqual([String(mine.range.first)])
    expect(told).toEqual([expect.stringContaining(`${folder.in('uids')}: `)])
    const aside = / (\S+) now$/.exec(told[0] ?? '')?.[1] ?? ''
    expect(readdirSync(folder.path).map((name) => folder.in(name))).toContain(aside)
    using other = claim('lab')
    expect(other.range).not.toEqual(mine.range)
    expect(told.length).toBe(1)
  },
)
