import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ProjectFolder } from '../project-folder.ts'
import { readProject } from '../project.ts'
import { findNativeSources, toWords } from './native-source.ts'
import { readStandIns } from './vpnext-config.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vpnext-native-configuration-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

test.each([
  ['-DA=1 -DB="two words" \'-DC=x y\'', ['-DA=1', '-DB=two words', '-DC=x y']],
  ['', []],
  [['-DA=a b', ''], ['-DA=a b']],
  [undefined, []],
])('the words of %j', (value, expected) => {
  expect(toWords(value)).toEqual(expected)
})

const standIns = async (text: string): Promise<[string, string][]> => {
  write('vpnext.config.ts', text)
  write('stand-ins/entry.ts', '')
  return [...(await readStandIns(await ProjectFolder.open(root))).nativeModules]
}

test.each([
  "export default { nativeModules: { 'libentry.so': './stand-ins/entry.ts' } }",
  '// why\nexport default {\n  nativeModules: { \'libentry.so\': "stand-ins/entry.ts", },\n} satisfies object\n',
  "import type { X } from 'y'\nconst config: X = { nativeModules: { 'libentry.so': './stand-ins/entry.ts' } }\nexport default config",
])('a stand-in is found in %j', async (text) => {
  expect(await standIns(text)).toEqual([['libentry.so', 'stand-ins/entry.ts']])
})

test.each([
  ['export default { nativeModules: make() }', 'must be one object literal'],
  ['throw new Error("run")', 'must be one object literal'],
  ["export default { nativeModules: { 'libentry.so': './gone.ts' } }", 'no such file: ./gone.ts'],
  ["export default { nativeModules: { 'libentry.so': '../x.ts' } }", '../x.ts leaves the project folder'],
  ["export default { nativeModules: { entry: './stand-ins/entry.ts' } }", 'must be the name of a library'],
  ['export default { natives: {} }', 'natives'],
])('%s is refused', async (text, reason) => {
  await expect(standIns(text)).rejects.toThrow(reason)
})

test('without a file there are none', async () => {
  const none = await readStandIns(await ProjectFolder.open(root))
  expect([none.nativeModules.size, none.packages.size]).toEqual([0, 0])
})

async function sources(): ReturnType<typeof findNativeSources> {
  write(
    'AppScope/app.json5',
    "{ app: { bundleName: 'com.example.x', versionCode: 1, versionName: '1', label: 'x' } }",
  )
  write('entry/src/main/module.json5', "{ module: { name: 'entry', type: 'entry' } }")
  return await findNativeSources(await ProjectFolder.open(root), await readProject(root))
}

test('native code is where the build profile says, with its options', async () => {
  write('native/CMakeLists.txt', '')
  write('entry/native/CMakeLists.txt', '')
  write(
    'entry/build-profile.json5',
    `{ buildOption: { externalNativeOptions: {
      path: './native/CMakeLists.txt', arguments: '-DX=1 -DY=2', cppFlags: ['-O3', '-fno-rtti'], abiFilters: ['arm64-v8a'] } } }`,
  )
  expect(await sources()).toEqual([
    {
      moduleName: 'entry',
      packageNames: ['entry'],
      headers: [],
      libraries: [],
      folder: join(root, 'entry/native'),
      cmakeArguments: ['-DX=1', '-DY=2'],
      cFlags: '',
      cppFlags: '-O3 -fno-rtti',
    },
  ])
})

test('without a word about it, src/main/cpp is native code', async () => {
  expect(await sources()).toEqual([])
  write('entry/src/main/cpp/CMakeLists.txt', '')
  expect(await sources()).toMatchObject([{ folder: join(root, 'entry/src/main/cpp'), cmakeArguments: [] }])
})

test('a CMakeLists.txt that is named and not there is told with its place', async () => {
  write(
    'entry/build-profile.json5',
    `{ buildOption: {\n externalNativeOptions: { path: './gone/CMakeLists.txt' } } }`,
  )
  await expect(sources()).rejects.toThrow(
    /^entry\/build-profile\.json5:2:\d+: buildOption\.externalNativeOptions\.path: no such file: \.\/gone/,
  )
})

test('of the products of a project the one that is built has options for all modules: default, or else the first', async () => {
  const product = (name: string): string =>
    `{ name: '${name}', buildOption: { externalNativeOptions: { arguments: '-DOF=${name}' } } }`
  const argumentsOf = async (...names: string[]): Promise<readonly string[]> => {
    write(
      'build-profile.json5',
      `{ app: { products: [${names.map(product).join()}] }, modules: [{ name: 'entry', srcPath: './entry' }] }`,
    )
    write('entry/src/main/cpp/CMakeLists.txt', '')
    return (await sources()).flatMap(({ cmakeArguments }) => cmakeArguments)
  }
  expect(await argumentsOf('tv', 'default')).toEqual(['-DOF=default'])
  expect(await argumentsOf('tv', 'phone')).toEqual(['-DOF=tv'])
})
