import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveBytes, sampleArchive } from '../../test/sample-archive.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { BundleStore, maxBundlesPerUser } from './bundle-store.ts'
import { describeBundle, findAbility } from './installed-bundle.ts'

const nothing = async (): Promise<void> => undefined
const named = (bundleName: string): Uint8Array =>
  archiveBytes(sampleArchive({ app: { ...sampleArchive().app, bundleName } }))

test('an installed bundle is unpacked, found by its owner only, and survives a restart', async () => {
  using folder = temporaryFolder()
  const store = BundleStore.open(folder.path)
  const { bundle, replaced } = await store.install(1000, archiveBytes(sampleArchive()), nothing)
  expect(replaced).toBe(false)
  const read = (...names: string[]): string => readFileSync(join(bundle.folder, ...names), 'utf8')
  expect(read('scripts', 'vpn.cjs')).toBe('exports.default = class {}\n//# sourceMappingURL=vpn.cjs.map\n')
  expect(read('scripts', 'vpn.cjs.map')).toBe('{"version":3}')
  expect(read('resources', 'rawfile', 'ca.pem')).toBe('certificate')
  expect(Object.keys(JSON.parse(read('archive.json')) as object)).toEqual([
    'format',
    'app',
    'modules',
    'kits',
    'natives',
  ])
  expect(statSync(join(bundle.folder, 'scripts', 'vpn.cjs')).mode & 0o777).toBe(0o644)

  expect(store.find(1001, 'com.example.vpn')).toBeUndefined()
  expect(store.isForeign(1001, 'com.example.vpn')).toBe(true)
  expect(store.isForeign(1000, 'com.example.vpn')).toBe(false)
  const again = BundleStore.open(folder.path).find(1000, 'com.example.vpn')
  expect(again).toEqual(bundle)
  expect(again && describeBundle(again)).toMatchObject({
    codeHash: bundle.codeHash,
    ownerUid: 1000,
    kits: ['@kit.NetworkKit'],
  })
})

test('the same code again changes nothing; other code replaces it, and the old folder goes last', async () => {
  using folder = temporaryFolder()
  const store = BundleStore.open(folder.path)
  const { bundle: old } = await store.install(1000, archiveBytes(sampleArchive()), nothing)
  expect(await store.install(1000, archiveBytes(sampleArchive()), nothing)).toEqual({
    bundle: old,
    replaced: false,
  })
  const changed = sampleArchive({ scripts: { vpn: { code: 'other', map: '' }, page: { code: '', map: '' } } })
  let seen: unknown
  const { bundle, replaced } = await store.install(1000, archiveBytes(changed), async () => {
    seen = { current: store.find(1000, 'com.example.vpn')?.codeHash, oldIsThere: existsSync(old.folder) }
    await nothing()
  })
  expect(replaced).toBe(true)
  expect(bundle.codeHash).not.toBe(old.codeHash)
  expect(seen).toEqual({ current: bundle.codeHash, oldIsThere: true })
  expect(readdirSync(dirname(bundle.folder)).toSorted()).toEqual([bundle.codeHash, 'current.json'].toSorted())
})

test('a refused archive leaves no trace', async () => {
  using folder = temporaryFolder()
  const store = BundleStore.open(folder.path)
  const bad = { ...sampleArchive(), files: { '../../../../tmp/x': '' } }
  await expect(store.install(1000, archiveBytes(bad), nothing)).rejects.toThrow(/^files/)
  expect(readdirSync(folder.path)).toEqual([])
  expect(store.list()).toEqual([])
})

test('an installation that is given up halfway leaves the old code', async () => {
  using folder = temporaryFolder()
  const store = BundleStore.open(folder.path)
  const { bundle: old } = await store.install(1000, archiveBytes(sampleArchive()), nothing)
  const other = archiveBytes(sampleArchive({ natives: ['libx.so'] }))
  const gone = AbortSignal.abort(new Error('gone'))
  await expect(store.install(1000, other, nothing, gone)).rejects.toThrow('gone')
  expect(store.find(1000, 'com.example.vpn')).toEqual(old)
  expect(readdirSync(dirname(old.folder)).toSorted()).toEqual([old.codeHash, 'current.json'].toSorted())
})

test('a removed bundle is gone for look-ups before its folder goes', async () => {
  using folder = temporaryFolder()
  const store = BundleStore.open(folder.path)
  const { bundle } = await store.install(1000, archiveBytes(sampleArchive()), nothing)
  await store.remove(1000, 'com.example.vpn', async () => {
    expect(store.find(1000, 'com.example.vpn')).toBeUndefined()
    expect(existsSync(bundle.folder)).toBe(true)
    await nothing()
  })
  expect(existsSync(bundle.folder)).toBe(false)
  expect(await store.remove(1000, 'com.example.vpn', nothing)).toBeUndefined()
  expect(BundleStore.open(folder.path).list()).toEqual([])
})

test('what an interrupted installation and removal left is removed at the next start', async () => {
  using folder = temporaryFolder()
  const store = BundleStore.open(folder.path)
  const { bundle } = await store.install(1000, archiveBytes(sampleArchive()), nothing)
  const parent = dirname(bundle.folder)
  mkdirSync(join(parent, '.new.0123456789abcdef', 'scripts'), { recursive: true })
  mkdirSync(join(parent, 'f'.repeat(64)))
  mkdirSync(folder.in('1000', 'com.example.half', 'a'.repeat(64)), { recursive: true })
  expect(BundleStore.open(folder.path).list()).toEqual([bundle])
  expect(readdirSync(parent).toSorted()).toEqual([bundle.codeHash, 'current.json'].toSorted())
  expect(readdirSync(folder.in('1000'))).toEqual(['com.example.vpn'])
})

test('a damaged pointer is named, not guessed around', async () => {
  using folder = temporaryFolder()
  const { bundle } = await BundleStore.open(folder.path).install(1000, archiveBytes(sampleArchive()), nothing)
  const pointer = join(dirname(bundle.folder), 'current.json')
  writeFileSync(pointer, '{"version":1,"codeHash":"../..","installedAt":0}')
  expect(() => BundleStore.open(folder.path)).toThrow(expect.objectContaining({ code: 'damaged-state' }))
})

test('one user may have so many bundles, and another as many', async () => {
  using folder = temporaryFolder()
  const store = BundleStore.open(folder.path)
  for (let count = 0; count < maxBundlesPerUser; count += 1)
    await store.install(1000, named(`com.example.b${count}`), nothing)
  await expect(store.install(1000, named('com.example.more'), nothing)).rejects.toThrow(/app.bundleName/)
  await store.install(
    1000,
    archiveBytes(
      sampleArchive({ ...JSON.parse(new TextDecoder().decode(named('com.example.b0'))), kits: [] }),
    ),
    nothing,
  )
  await store.install(1001, named('com.example.more'), nothing)
  expect(store.list()).toHaveLength(maxBundlesPerUser + 1)
})

test('an ability is found by its name, in the named module only', async () => {
  using folder = temporaryFolder()
  const { bundle } = await BundleStore.open(folder.path).install(1, archiveBytes(sampleArchive()), nothing)
  expect(findAbility(bundle, 'VpnAbility', undefined)?.module.name).toBe('entry')
  expect(findAbility(bundle, 'VpnAbility', 'entry')?.ability.script).toBe('vpn')
  expect(findAbility(bundle, 'VpnAbility', 'other')).toBeUndefined()
  expect(findAbility(bundle, 'Other', undefined)).toBeUndefined()
})
