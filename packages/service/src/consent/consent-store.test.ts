import { mkdirSync, rmSync, rmdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ConsentStore, type Grant } from './consent-store.ts'

const hash = 'a'.repeat(64)
const grant = (changes: Partial<Grant> = {}): Grant => ({
  bundleName: 'com.example.vpn',
  ownerUid: 1000,
  codeHash: hash,
  decision: 'allowed',
  decidedAt: 1,
  decidedByUid: 1000,
  ...changes,
})

test('consent holds for the user, the bundle and the code it was given to, over restarts', () => {
  using folder = temporaryFolder()
  const path = folder.in('consent.json')
  ConsentStore.open(path).record(grant())
  const store = ConsentStore.open(path)
  expect(store.allows(1000, 'com.example.vpn', hash)).toBe(true)
  expect(store.allows(1001, 'com.example.vpn', hash)).toBe(false)
  expect(store.allows(1000, 'com.example.other', hash)).toBe(false)
  expect(store.allows(1000, 'com.example.vpn', 'b'.repeat(64))).toBe(false)
})

test('a later decision takes the place of the earlier one', () => {
  using folder = temporaryFolder()
  const store = ConsentStore.open(folder.in('consent.json'))
  store.record(grant())
  store.record(grant({ decision: 'denied', decidedAt: 2 }))
  expect(store.allows(1000, 'com.example.vpn', hash)).toBe(false)
  expect(store.list()).toEqual([grant({ decision: 'denied', decidedAt: 2 })])
})

test('a forgotten decision is gone from the disk too', () => {
  using folder = temporaryFolder()
  const path = folder.in('consent.json')
  const store = ConsentStore.open(path)
  store.record(grant())
  store.record(grant({ ownerUid: 1001 }))
  expect(store.forget(1000, 'com.example.vpn')).toEqual(grant())
  expect(store.forget(1000, 'com.example.vpn')).toBeUndefined()
  expect(ConsentStore.open(path).list()).toEqual([grant({ ownerUid: 1001 })])
})

test('a decision is forgotten at once, although that cannot be written down; it is written when it can be', () => {
  using folder = temporaryFolder()
  const path = folder.in('consent.json')
  const store = ConsentStore.open(path)
  store.record(grant())
  rmSync(path)
  mkdirSync(path)
  expect(() => store.forget(1000, 'com.example.vpn')).toThrow('EISDIR')
  expect(store.allows(1000, 'com.example.vpn', hash)).toBe(false)
  expect(() => store.record(grant())).toThrow('EISDIR')
  expect(store.allows(1000, 'com.example.vpn', hash)).toBe(false)
  rmdirSync(path)
  expect(store.forget(1000, 'com.example.vpn')).toBeUndefined()
  expect(ConsentStore.open(path).list()).toEqual([])
})
