import { openFds } from '@vpnext/native'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { bundleProgram } from '../../test/bundle-program.ts'
import { testKits } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'
import { PreferencesStore } from './preferences-store.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>

let folder: string
let kits: Kits
let preferences: Namespace
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-preferences-'))
  ;({ kits } = testKits({}, { dataFolder: folder }))
  kits.makeFolders()
  preferences = Reflect.get(kits.load('@kit.ArkData') ?? {}, 'preferences')
})
afterEach(() => {
  kits[Symbol.dispose]()
  rmSync(folder, { recursive: true })
  expect(openFds()).toBe(0)
})
const open = (name = 'settings'): Namespace =>
  preferences['getPreferencesSync']?.(kits.context, { name }) as Namespace
const file = (name = 'settings'): string => join(kits.context?.preferencesDir ?? '', name)
const code = (number: number): unknown => expect.objectContaining({ code: number })

test('values of every type come back as they were, as copies, and in another process too', async () => {
  const values: Record<string, unknown> = {
    text: 'grüß',
    number: 1.5,
    infinity: -Infinity,
    flag: false,
    numbers: [1, 2],
    texts: ['a'],
    bytes: new Uint8Array([0, 255]),
    large: 2n ** 64n,
    object: { nested: [1, { a: null }] },
    __proto__x: 'harmless',
  }
  const settings = open()
  for (const [key, value] of Object.entries(values)) await settings['put']?.(key, value)
  await settings['flush']?.()
  const other = new PreferencesStore(file())
  expect(other.all().size).toBe(Object.keys(values).length)
  await preferences['removePreferencesFromCache']?.(kits.context, 'settings')
  const again = (await preferences['getPreferences']?.(kits.context, 'settings')) as Namespace
  expect(again).not.toBe(settings)
  expect(await again['getAll']?.()).toEqual(values)
  const object = again['getSync']?.('object', {}) as { nested: unknown[] }
  object.nested.push('mine')
  expect(again['getSync']?.('object', {})).toEqual(values['object'])
})

test('nothing is in the file before a flush, and a process has one object per file', async () => {
  const settings = open()
  expect(open()).toBe(settings)
  settings['putSync']?.('a', 1)
  expect([settings['getSync']?.('a', 0), settings['hasSync']?.('a'), existsSync(file())]).toEqual([
    1,
    true,
    false,
  ])
  settings['flushSync']?.()
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ values: { a: 1 } })
  settings['deleteSync']?.('a')
  expect(await settings['get']?.('a', 'none')).toBe('none')
  settings['clearSync']?.()
  settings['flushSync']?.()
  await preferences['deletePreferences']?.(kits.context, 'settings')
  expect(readdirSync(kits.context?.preferencesDir ?? '')).toEqual([])
  expect(open()).not.toBe(settings)
})

test('another process is seen at the next read, under what is not flushed here', () => {
  const settings = open()
  settings['putSync']?.('mine', 1)
  const other = new PreferencesStore(file())
  other.set('theirs', 2)
  other.set('mine', 3)
  other.flushNow()
  expect(settings['getAllSync']?.()).toEqual({ mine: 1, theirs: 2 })
  settings['flushSync']?.()
  expect(Object.fromEntries(other.all())).toEqual({ mine: 1, theirs: 2 })
})

test('changes made while a flush is under way are kept for the next one', async () => {
  const store = new PreferencesStore(file())
  store.set('a', 1)
  const flushing = store.flush()
  await new Promise((resolve) => setImmediate(resolve))
  store.set('a', 2)
  store.set('b', 1)
  expect([store.get('a'), store.get('b')]).toEqual([2, 1])
  await flushing
  expect([store.get('a'), store.get('b')]).toEqual([2, 1])
  const second = store.flush()
  store.set('a', 3)
  store.flushNow()
  await second
  expect(Object.fromEntries(new PreferencesStore(file()).all())).toEqual({ a: 3, b: 1 })
})

test('listeners hear of what a flush has changed, here and in another process', async () => {
  const settings = open()
  const heard: unknown[] = []
  settings['on']?.('change', (key: unknown) => heard.push(['change', key]))
  settings['on']?.('dataChange', ['a', 'c'], (data: unknown) => heard.push(['data', data]))
  settings['on']?.('multiProcessChange', (key: unknown) => heard.push(['other', key]))
  settings['putSync']?.('a', 1)
  settings['putSync']?.('b', 1)
  expect(heard).toEqual([])
  await settings['flush']?.()
  settings['putSync']?.('a', 1)
  await settings['flush']?.()
  expect(heard).toEqual([
    ['change', 'a'],
    ['change', 'b'],
    ['data', { a: 1 }],
  ])
  const other = new PreferencesStore(file())
  other.set('b', 2)
  other.flushNow()
  await vi.waitFor(() => expect(heard.at(-1)).toEqual(['other', 'b']))
  settings['off']?.('multiProcessChange')
  settings['off']?.('change')
  settings['off']?.('dataChange', ['a'])
  settings['putSync']?.('a', 5)
  settings['flushSync']?.()
  expect(heard).toHaveLength(4)
})

test('what cannot be is refused, by name', async () => {
  const settings = open()
  const refused = (...args: unknown[]): unknown =>
    expect(() => settings['putSync']?.(...args)).toThrow(code(401))
  refused('', 1)
  refused('k'.repeat(1025), 1)
  refused('k', null)
  refused('k', () => undefined)
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  refused('k', circular)
  expect(() => settings['getSync']?.('k')).toThrow(code(401))
  for (const name of ['', '..', 'a/b', 'x'.repeat(300)]) expect(() => open(name)).toThrow(code(401))
  expect(() => preferences['getPreferencesSync']?.({ preferencesDir: '/' }, 'x')).toThrow(code(401))
  const group = { name: 'x', dataGroupId: 'g' }
  expect(() => preferences['getPreferencesSync']?.(kits.context, group)).toThrow(code(15501002))
  writeFileSync(file('damaged'), '{')
  expect(() => open('damaged')).toThrow(code(15500000))
  await expect(preferences['getPreferences']?.(kits.context, 'damaged')).rejects.toEqual(code(15500000))
  await preferences['deletePreferences']?.(kits.context, 'damaged')
  expect(open('damaged')['getAllSync']?.()).toEqual({})
})

test('processes that write at once lose nothing', async () => {
  const program = await bundleProgram('two-writers.ts', folder)
  const count = 60
  const run = async (key: string): Promise<Record<string, number>> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      file('shared'),
      key,
      String(count),
    ])
    return JSON.parse(stdout)
  }
  const seen = await Promise.all(['a', 'b', 'c'].map(run))
  expect(Object.fromEntries(new PreferencesStore(file('shared')).all())).toEqual({
    a: count,
    b: count,
    c: count,
  })
  // The last one to finish has seen the others' last values.
  expect(seen).toContainEqual({ a: count, b: count, c: count })
  expect(readdirSync(kits.context?.preferencesDir ?? '').toSorted()).toEqual(['shared', 'shared.lock'])
})
