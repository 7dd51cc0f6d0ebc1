import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { HostUids, firstHostUid, hostUidCount, isHostUid } from './host-uids.ts'
import type { UidRange } from './uid-range.ts'

const whole = (): UidRange => ({ first: firstHostUid, count: hostUidCount })

test('each (user, bundle) has a uid of its own, and keeps it over restarts', () => {
  using folder = temporaryFolder()
  const path = folder.in('host-uids.json')
  const uids = HostUids.open(path, whole)
  const a = uids.of(1000, 'com.example.a')
  const b = uids.of(1000, 'com.example.b')
  const other = uids.of(1001, 'com.example.a')
  expect(new Set([a, b, other]).size).toBe(3)
  expect([a, b, other].every(isHostUid)).toBe(true)
  const again = HostUids.open(path, whole)
  expect(again.of(1000, 'com.example.a')).toBe(a)
  expect(again.of(1001, 'com.example.a')).toBe(other)
})

test('a uid that was given back rests before it is used again', () => {
  using folder = temporaryFolder()
  const path = folder.in('host-uids.json')
  const uids = HostUids.open(path, whole)
  const first = uids.of(1000, 'com.example.a')
  uids.release(1000, 'com.example.a')
  expect(uids.of(1000, 'com.example.b')).not.toBe(first)
  expect(HostUids.open(path, whole).of(1000, 'com.example.c')).not.toBe(first)
  expect(readFileSync(path, 'utf8')).not.toContain('com.example.a')
})

test('the last free uid is found, and then there is none', () => {
  using folder = temporaryFolder()
  const path = folder.in('host-uids.json')
  const free = 7
  const taken = Array.from({ length: hostUidCount }, (_, index) => index).filter((index) => index !== free)
  const entries = taken.map((index) => ({ ownerUid: 1, bundleName: `b${index}`, uid: firstHostUid + index }))
  writeFileSync(path, JSON.stringify({ version: 1, next: 8, uids: entries }))
  const uids = HostUids.open(path, whole)
  expect(uids.of(1000, 'com.example.a')).toBe(firstHostUid + free)
  expect(() => uids.of(1000, 'com.example.b')).toThrow(RangeError)
})

test('only 20010000 to 20075535 are host uids', () => {
  expect([20_009_999, 20_010_000, 20_075_535, 20_075_536].map(isHostUid)).toEqual([false, true, true, false])
})
