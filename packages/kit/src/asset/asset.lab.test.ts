import { openFds } from '@vpnext/native'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { testAbility, testKits } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
type AssetMap = Map<number, unknown>

let folder: string
let kits: Kits
let asset: Namespace
let tag: Record<string, number>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-asset-'))
  kits = testKits({}, { dataFolder: folder }).kits
  asset = assetOf(kits)
  tag = asset['Tag'] as unknown as Record<string, number>
})
afterEach(() => {
  kits[Symbol.dispose]()
  rmSync(folder, { recursive: true })
  expect(openFds()).toBe(0)
})
const assetOf = (of: Kits): Namespace => Reflect.get(of.load('@kit.AssetStoreKit') ?? {}, 'asset')
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: unknown): string => new TextDecoder().decode(value as Uint8Array)
/** A map of tags by their names; texts are their bytes. */
const map = (tags: Record<string, unknown>): AssetMap =>
  new Map(
    Object.entries(tags).map(([name, value]) => [
      tag[name] ?? 0,
      typeof value === 'string' ? bytes(value) : value,
    ]),
  )
const found = (query: Record<string, unknown>): AssetMap[] => asset['querySync']?.(map(query)) as AssetMap[]
const secret = (alias: string): string =>
  text(found({ ALIAS: alias, RETURN_TYPE: 0 })[0]?.get(tag['SECRET'] ?? 0))

test('a password is kept, found by its alias, changed and removed', async () => {
  const attributes = map({ ALIAS: 'vpn', SECRET: 'abc', DATA_LABEL_NORMAL_1: 'user' })
  expect(await asset['add']?.(attributes)).toBeUndefined()
  expect(secret('vpn')).toBe('abc')
  await expect(asset['add']?.(attributes)).rejects.toThrow(code(24000003))
  await asset['add']?.(map({ ALIAS: 'vpn', SECRET: 'def', CONFLICT_RESOLUTION: 0 }))
  expect(secret('vpn')).toBe('def')
  asset['updateSync']?.(map({ ALIAS: 'vpn' }), map({ SECRET: 'ghi', DATA_LABEL_NORMAL_2: 'label' }))
  expect(secret('vpn')).toBe('ghi')
  // Attributes alone: no secret among them.
  const all = (await asset['query']?.(map({ ALIAS: 'vpn' }))) as AssetMap[]
  const only = all[0]
  expect(only?.has(tag['SECRET'] ?? 0)).toBe(false)
  expect(only?.get(tag['ACCESSIBILITY'] ?? 0)).toBe(1)
  expect(text(only?.get(tag['DATA_LABEL_NORMAL_2'] ?? 0))).toBe('label')
  expect(Number(text(only?.get(tag['UPDATE_TIME'] ?? 0)))).toBeGreaterThan(1.7e12)
  await asset['remove']?.(map({ ALIAS: 'vpn' }))
  await expect(asset['query']?.(map({ ALIAS: 'vpn' }))).rejects.toThrow(code(24000002))
  expect(() => asset['removeSync']?.(map({ ALIAS: 'vpn' }))).toThrow(code(24000002))
  expect(() => asset['updateSync']?.(map({ ALIAS: 'vpn' }), map({ SECRET: 'x' }))).toThrow(code(24000002))
})

test('assets are found by what they say, in order, some at a time', () => {
  const label = 'DATA_LABEL_CRITICAL_1'
  for (const alias of ['3', '1', '2'])
    asset['addSync']?.(
      map({ ALIAS: alias, SECRET: 'x', [label]: alias === '3' ? 'b' : 'a', DATA_LABEL_NORMAL_1: alias }),
    )
  const aliases = (query: Record<string, unknown>): string[] =>
    found(query).map((each) => text(each.get(tag['ALIAS'] ?? 0)))
  expect(aliases({})).toEqual(['3', '1', '2'])
  expect(aliases({ [label]: 'a' })).toEqual(['1', '2'])
  expect(aliases({ RETURN_ORDERED_BY: tag['DATA_LABEL_NORMAL_1'] })).toEqual(['1', '2', '3'])
  expect(aliases({ RETURN_OFFSET: 1, RETURN_LIMIT: 1 })).toEqual(['1'])
  expect(() => found({ RETURN_OFFSET: 3 })).toThrow(code(24000002))
  expect(() => found({ [label]: 'a', RETURN_TYPE: 0 })).toThrow(code(24000017))
  asset['removeSync']?.(map({ [label]: 'a' }))
  expect(aliases({})).toEqual(['3'])
  asset['removeSync']?.(map({}))
  expect(() => found({})).toThrow(code(24000002))
})

test('many at once, of two processes: none is lost', async () => {
  const other = testKits({}, { dataFolder: folder }).kits
  const numbers = Array.from({ length: 20 }, (_, index) => index)
  await Promise.all(
    numbers.map((number) =>
      (number % 2 === 0 ? asset : assetOf(other))['add']?.(map({ ALIAS: `a${number}`, SECRET: `${number}` })),
    ),
  )
  expect(found({}).length).toBe(20)
  expect(secret('a7')).toBe('7')
  other[Symbol.dispose]()
})

test('what is asked for wrongly is refused, and changes nothing', async () => {
  expect(() => asset['add']?.({})).toThrow(code(401))
  expect(() => asset['addSync']?.()).toThrow(code(401))
  const good = { ALIAS: 'a', SECRET: 's' }
  for (const wrong of [
    { SECRET: 's' },
    { ALIAS: 'a' },
    { ...good, ALIAS: '' },
    { ...good, SECRET: 'x'.repeat(1025) },
    { ...good, ALIAS: 'x'.repeat(257) },
    { ...good, ACCESSIBILITY: 3 },
    { ...good, AUTH_TYPE: 1 },
    { ...good, IS_PERSISTENT: 1 },
    { ...good, RETURN_TYPE: 0 },
    { ...good, DATA_LABEL_NORMAL_1: 5 },
    { ...good, nothing: 1 },
  ]) {
    await expect(asset['add']?.(map(wrong)), JSON.stringify(wrong)).rejects.toThrow(code(401))
    expect(() => asset['addSync']?.(map(wrong))).toThrow(code(401))
  }
  await expect(asset['add']?.(map({ ...good, IS_PERSISTENT: true }))).rejects.toThrow(code(201))
  await expect(asset['add']?.(map({ ...good, AUTH_TYPE: 255 }))).rejects.toThrow(code(24000005))
  await expect(asset['add']?.(map({ ...good, GROUP_ID: 'a.group.of.ours' }))).rejects.toThrow(code(24000017))
  await expect(asset['update']?.(map({ ALIAS: 'a' }), map({ ALIAS: 'b' }))).rejects.toThrow(code(401))
  await expect(asset['update']?.(map({ ALIAS: 'a' }), map({}))).rejects.toThrow(code(401))
  await expect(asset['update']?.(map({}), map({ SECRET: 'b' }))).rejects.toThrow(code(401))
  await expect(asset['preQuery']?.(map({}))).rejects.toThrow(code(24000002))
  await expect(asset['postQuery']?.(map({}))).rejects.toThrow(code(401))
  await asset['postQuery']?.(map({ AUTH_CHALLENGE: new Uint8Array(32) }))
  expect(readdirSync(folder)).toEqual([])
})

test('the file is for its user alone, outlives the process, and tells when it is damaged', async () => {
  await asset['add']?.(map({ ALIAS: 'a', SECRET: 's' }))
  const path = join(folder, 'el2/asset/assets.json')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const ability = { ...testAbility, permissions: ['ohos.permission.STORE_PERSISTENT_DATA'] }
  const later = testKits({}, { dataFolder: folder, ability }).kits
  expect(assetOf(later)['querySync']?.(map({ ALIAS: 'a' }))).toHaveLength(1)
  assetOf(later)['addSync']?.(map({ ALIAS: 'b', SECRET: 's', IS_PERSISTENT: true }))
  later[Symbol.dispose]()
  writeFileSync(path, 'nonsense')
  await expect(asset['query']?.(map({}))).rejects.toThrow(code(24000007))
  expect(() => asset['addSync']?.(map({ ALIAS: 'c', SECRET: 's' }))).toThrow(code(24000007))
})
