import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ensureDataFolder, hasDataFolder, removeCaches, removeDataFolder } from './data-folder.ts'

const openDescriptors = (): number => readdirSync('/proc/self/fd').length

test('the folder has what HarmonyOS gives each module, closed to others', () => {
  using folder = temporaryFolder()
  const before = openDescriptors()
  const path = ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry', 'feature'], undefined)
  expect(path).toBe(folder.in('1000', 'com.example.vpn'))
  expect(readdirSync(`${path}/el2/base/haps/entry`).toSorted()).toEqual([
    'cache',
    'files',
    'preferences',
    'temp',
  ])
  expect(readdirSync(`${path}/el2/base/haps`).toSorted()).toEqual(['entry', 'feature'])
  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(openDescriptors()).toBe(before)
})

test('what is in it stays when it is completed again', () => {
  using folder = temporaryFolder()
  const path = ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry'], undefined)
  writeFileSync(`${path}/el2/base/haps/entry/files/key`, 'kept')
  ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry', 'later'], undefined)
  expect(statSync(`${path}/el2/base/haps/entry/files/key`).size).toBe(4)
  expect(readdirSync(`${path}/el2/base/haps`).toSorted()).toEqual(['entry', 'later'])
})

test.runIf(process.geteuid?.() === 0)(
  'a folder that a killed service had made and not given away is given away',
  () => {
    using folder = temporaryFolder()
    const owner = { uid: 20_010_000, gid: 20_010_000 }
    const path = ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry'], owner)
    const places = ['', '/el2', '/el2/base/haps', '/el2/base/haps/entry/files'].map(
      (place) => `${path}${place}`,
    )
    const [, , , files = ''] = places
    chmodSync(files, 0o750)
    for (const place of places.slice(0, -1)) chownSync(place, 0, 0)
    ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry'], owner)
    expect(places.map((place) => statSync(place).uid)).toEqual(places.map(() => owner.uid))
    // What has an owner stays as it made it.
    expect(statSync(files).mode & 0o777).toBe(0o750)
  },
)

test.each(['el2', 'el2/base', 'el2/base/haps', 'el2/base/haps/entry', 'el2/base/haps/entry/files'])(
  'a host that puts a link at %s does not lead the service out of the folder',
  (planted) => {
    using folder = temporaryFolder()
    const before = openDescriptors()
    const path = ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry'], undefined)
    mkdirSync(folder.in('elsewhere'))
    rmSync(`${path}/${planted}`, { recursive: true })
    symlinkSync(folder.in('elsewhere'), `${path}/${planted}`)
    expect(() =>
      ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry', 'later'], undefined),
    ).toThrow(/ENOTDIR|ELOOP/)
    expect(readdirSync(folder.in('elsewhere'))).toEqual([])
    expect(openDescriptors()).toBe(before)
  },
)

test('removal takes the folder and leaves what its links lead to', async () => {
  using folder = temporaryFolder()
  const path = ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry'], undefined)
  mkdirSync(folder.in('elsewhere'))
  writeFileSync(folder.in('elsewhere', 'file'), '')
  symlinkSync(folder.in('elsewhere'), `${path}/link`)
  await removeDataFolder(folder.path, 1000, 'com.example.vpn')
  await removeDataFolder(folder.path, 1000, 'com.example.vpn')
  expect(readdirSync(folder.path).toSorted()).toEqual(['1000', 'elsewhere'])
  expect(readdirSync(folder.in('1000'))).toEqual([])
  expect(readdirSync(folder.in('elsewhere'))).toEqual(['file'])
})

test.each([
  '../0/com.example.vpn',
  '../../bundles',
  '..',
  '.',
  '',
  'com.example/..',
  'com.example.vpn/el2',
  '/etc',
])('the name %j leads nowhere', async (name) => {
  using folder = temporaryFolder()
  ensureDataFolder(folder.path, 0, 'com.example.vpn', ['entry'], undefined)
  ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry'], undefined)
  const before = new Set(readdirSync(folder.path, { encoding: 'utf8', recursive: true }))
  expect(hasDataFolder(folder.path, 1000, name)).toBe(false)
  await expect(removeDataFolder(folder.path, 1000, name)).rejects.toThrow(RangeError)
  await expect(removeCaches(folder.path, 1000, name, ['entry'])).rejects.toThrow(RangeError)
  expect(() => ensureDataFolder(folder.path, 1000, name, ['entry'], undefined)).toThrow(RangeError)
  expect(new Set(readdirSync(folder.path, { encoding: 'utf8', recursive: true }))).toEqual(before)
})

test('folders nested deeper than a path is long go too, and links in them lead nowhere', async () => {
  using folder = temporaryFolder()
  const path = ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry'], undefined)
  mkdirSync(folder.in('elsewhere'))
  writeFileSync(folder.in('elsewhere', 'file'), '')
  const before = process.cwd()
  process.chdir(path)
  for (let depth = 0; depth < 1500; depth += 1) {
    mkdirSync('nested')
    process.chdir('nested')
  }
  writeFileSync('file', '')
  symlinkSync(folder.in('elsewhere'), 'link')
  process.chdir(before)
  await removeDataFolder(folder.path, 1000, 'com.example.vpn')
  expect(readdirSync(folder.path).toSorted()).toEqual(['1000', 'elsewhere'])
  expect(readdirSync(folder.in('1000'))).toEqual([])
  expect(readdirSync(folder.in('elsewhere'))).toEqual(['file'])
})

test('caches go, of the modules and of the application, and nothing that a link leads to', async () => {
  using folder = temporaryFolder()
  const before = openDescriptors()
  const path = ensureDataFolder(folder.path, 1000, 'com.example.vpn', ['entry', 'other'], undefined)
  writeFileSync(`${path}/el2/base/haps/entry/cache/x`, '')
  writeFileSync(`${path}/el2/base/haps/entry/files/kept`, '')
  mkdirSync(`${path}/el2/base/cache`)
  mkdirSync(folder.in('elsewhere', 'cache'), { recursive: true })
  rmSync(`${path}/el2/base/haps/other`, { recursive: true })
  symlinkSync(folder.in('elsewhere'), `${path}/el2/base/haps/other`)
  symlinkSync(folder.in('elsewhere'), `${path}/el1`)
  await removeCaches(folder.path, 1000, 'com.example.vpn', ['entry', 'other'])
  await removeCaches(folder.path, 1000, 'com.example.none', ['entry'])
  expect(readdirSync(`${path}/el2/base`)).toEqual(['haps'])
  expect(readdirSync(`${path}/el2/base/haps/entry`).toSorted()).toEqual(['files', 'preferences', 'temp'])
  expect(readdirSync(`${path}/el2/base/haps/entry/files`)).toEqual(['kept'])
  expect(readdirSync(folder.in('elsewhere'))).toEqual(['cache'])
  expect(openDescriptors()).toBe(before)
})
