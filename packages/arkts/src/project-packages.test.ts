import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { compileProject } from './compile.ts'
import type { CompiledProject } from './compile.ts'
import { ProjectError } from './project-error.ts'
import { readProject } from './project.ts'

const start = `import { VpnExtensionAbility } from '@kit.NetworkKit'\n`
const profile = (...more: string[]): string =>
  `{ modules: [${['entry', ...more].map((name) => `{ name: '${name}', srcPath: './${name}' }`).join(', ')}] }`

/** A project with a library beside its entry, as DevEco Studio makes one. */
const withLibrary: Record<string, FixtureFile> = {
  'build-profile.json5': profile('library'),
  'oh-package.json5': `{ modelVersion: '5.0.0', dependencies: {}, devDependencies: { '@ohos/hypium': '1.0.18' } }`,
  'entry/oh-package.json5': `{ name: 'entry', version: '1.0.0', dependencies: {
    '@ohos/library': 'file:../library', // a module of the project
    'libentry.so': 'file:./src/main/cpp/types/libentry',
  } }`,
  'library/oh-package.json5': `{ name: '@ohos/library', main: 'Index.ets', dependencies: {} }`,
  'library/src/main/module.json5': `{ module: { name: 'library', type: 'har', deviceTypes: ['default'] } }`,
  'library/Index.ets': `export { part } from './src/main/ets/Part'\nexport * from './src/main/ets/types'`,
  'library/src/main/ets/Part.ets': `import { deep } from './deep'\nexport const part: string = 'part ' + deep`,
  'library/src/main/ets/deep/index.ets': `export const deep = 'deep'`,
  'library/src/main/ets/types.d.ets': `export interface OnlyType { a: string }`,
  'library/src/main/resources/base/element/string.json': `{ string: [{ name: 'a', value: 'library' }] }`,
  'library/src/main/resources/rawfile/from-library.txt': 'raw',
}

async function compile(files: Record<string, FixtureFile>): Promise<CompiledProject> {
  using fixture = new ProjectFixture(files)
  return await compileProject(await readProject(fixture.folder))
}

/** What the extension's class has as its static member `all`. */
async function all(files: Record<string, FixtureFile>): Promise<unknown> {
  const module = { exports: {} as { default?: { all: unknown } } }
  const code = (await compile(files)).entries.get('MyVpn')?.code ?? ''
  runInNewContext(code, { module, require: () => ({ VpnExtensionAbility: Object }) })
  return module.exports.default?.all
}

const ability = (imports: string, value: string): string =>
  `${start}${imports}\nexport default class MyVpn extends VpnExtensionAbility { static all = ${value} }`

test('versions may be parameters of the project', async () => {
  const files = {
    ...withLibrary,
    'oh-package.json5': `{ parameterFile: './parameters.json5', overrides: { other: '@param:overrides.other' } }`,
    'parameters.json5': `{ dependencies: { '@ohos/lib.rary': 'file:../library' }, overrides: { other: 'file:./library' } }`,
    'entry/oh-package.json5': `{ name: 'entry', version: '@param:entry.version', dependencies: {
      '@ohos/library': '@param:dependencies.@ohos/lib.rary', 'absent': '@param:dependencies.absent' } }`,
  }
  const source = ability(
    `import { part } from '@ohos/library'\nimport { part as same } from 'other'`,
    '[part, same]',
  )
  expect(await all({ ...files, [entrySource]: source })).toEqual(['part deep', 'part deep'])
  await expect(
    compile({ ...files, [entrySource]: ability(`import { x } from 'absent'`, 'x') }),
  ).rejects.toThrow('entry/oh-package.json5:2 wants @param:dependencies.absent')
})

test('a local library is imported by its name, by a file of it, and without src/main', async () => {
  const source = ability(
    `import { part, OnlyType } from '@ohos/library'
import { part as second } from '@ohos/library/src/main/ets/Part'
import { part as third } from '@ohos/library/ets/Part'`,
    '[part, second, third]',
  )
  expect(await all({ ...withLibrary, [entrySource]: source })).toEqual([
    'part deep',
    'part deep',
    'part deep',
  ])
})

test('a library is no module of the bundle, but its resources are those of what is built with it', async () => {
  const { project, files } = await compile(withLibrary)
  expect(project.modules.map(({ name, type }) => [name, type])).toEqual([
    ['entry', 'entry'],
    ['library', 'har'],
  ])
  expect([...files.keys()]).toEqual([
    '@app/base/element/string.json',
    'entry/base/element/!library.string.json',
    'entry/rawfile/from-library.txt',
  ])
})

test('packages in oh_modules are found from the file that imports them, and have packages of their own', async () => {
  expect(
    await all({
      [entrySource]: ability(`import { a } from 'alpha'\nimport c from '@scope/gamma/lib/c'`, '[a, c]'),
      'entry/oh-package.json5': `{ dependencies: { alpha: '^1.0.0', '@scope/gamma': '2' } }`,
      'entry/oh_modules/alpha/oh-package.json5': `{ name: 'alpha', main: './dist/main.js' }`,
      'entry/oh_modules/alpha/dist/main.js': `import { b } from 'beta'; export const a = 'a' + b`,
      'entry/oh_modules/alpha/oh_modules/beta/package.json': `{ "main": "b.js" }`,
      'entry/oh_modules/alpha/oh_modules/beta/b.js': `exports.b = 'b'`,
      'oh_modules/.ohpm/gamma/lib/c.ts': `export default 'c'`,
      'oh_modules/@scope/gamma': { link: '../.ohpm/gamma' },
    }),
  ).toEqual(['ab', 'c'])
})

test('packages of npm say by exports or module what imports of them mean', async () => {
  const names = ['alpha', 'alpha/parts/one', 'beta']
  expect(
    await all({
      [entrySource]: ability(
        names.map((name, index) => `import { a as a${index} } from '${name}'`).join('\n'),
        '[a0, a1, a2]',
      ),
      'oh_modules/alpha/package.json': `{ "exports": {
        ".": { "types": "./a.d.ts", "import": "./dist/a.mjs", "require": "./dist/a.cjs" }, "./parts/*": "./dist/*.js" } }`,
      'oh_modules/alpha/dist/a.mjs': `export const a = 'alpha'`,
      'oh_modules/alpha/dist/one.js': `export const a = 'one'`,
      'oh_modules/beta/package.json': `{ "module": "es/b.js", "overrides": { "x": { "y": "1" } } }`,
      'oh_modules/beta/es/b.js': `export const a = 'beta'`,
    }),
  ).toEqual(['alpha', 'one', 'beta'])
})

test('code imports files of its own package by the package’s name', async () => {
  const source = ability(
    `import { helper } from 'entry/src/main/ets/Helper'
import { helper as second } from 'entry/ets/Helper'
import { part } from '@ohos/library'`,
    '[helper, second, part]',
  )
  expect(
    await all({
      ...withLibrary,
      [entrySource]: source,
      'entry/src/main/ets/Helper.ets': `export const helper = 'of entry'`,
      'library/Index.ets': `export { part } from '@ohos/library/src/main/ets/Part'`,
    }),
  ).toEqual(['of entry', 'of entry', 'part deep'])
})

test('what the project overrides is taken in place of what modules depend on', async () => {
  expect(
    await all({
      [entrySource]: ability(`import { a } from 'alpha'\nimport { b } from 'beta'`, '[a, b]'),
      'entry/oh-package.json5': `{ dependencies: { alpha: 'file:../old', beta: 'file:../old' } }`,
      'oh-package.json5': `{ overrides: { alpha: 'file:./own/alpha', beta: '2.0.0' } }`,
      'own/alpha/Index.ets': `export const a = 'overridden'`,
      'old/Index.ets': `export const a = 'old'\nexport const b = 'as it was'`,
    }),
  ).toEqual(['overridden', 'as it was'])
})

interface Refusal {
  readonly title: string
  readonly specifier: string
  readonly files: Record<string, FixtureFile>
  readonly text: RegExp
}

const dependencies = (text: string): Record<string, FixtureFile> => ({
  'entry/oh-package.json5': `{\n  dependencies: {\n    ${text}\n  },\n}`,
})

/** As ohpm has most libraries of today: declarations, and code for the device's virtual machine. */
const compiledForDevice: Record<string, FixtureFile> = {
  'oh_modules/@pura/utils/oh-package.json5': `{ name: '@pura/utils', main: 'Index.ets', metadata: { byteCodeHar: true } }`,
  'oh_modules/@pura/utils/Index.d.ets': `export { x } from './src/main/ets/x'`,
  'oh_modules/@pura/utils/src/main/ets/x.d.ets':
    'export declare function x(): void\nexport interface Only {}',
  'oh_modules/@pura/utils/ets/modules.abc': 'PANDA',
}

const refusals: Refusal[] = [
  {
    title: 'nobody declares',
    specifier: 'left-pad',
    files: {},
    text: /^left-pad is neither a kit .* nor a dep/,
  },
  {
    title: 'is not installed',
    specifier: '@pura/utils',
    files: dependencies(`'@pura/utils': '^1.2.0'`),
    text: /@pura\/utils is not in the project: entry\/oh-package\.json5:3 wants \^1\.2\.0 .*ohpm install/,
  },
  {
    title: 'is compiled for the device',
    specifier: '@pura/utils',
    files: compiledForDevice,
    text: /@pura\/utils in oh_modules\/@pura\/utils is compiled for the device .*has no source \(.*stand-in/,
  },
  {
    title: 'is compiled for the device, by a file of it',
    specifier: '@pura/utils/src/main/ets/x',
    files: compiledForDevice,
    text: /is compiled for the device/,
  },
  {
    title: 'is packed where nothing is',
    specifier: 'packed',
    files: dependencies(`packed: 'file:./libs/packed.har'`),
    text: /packed is not there: entry\/oh-package\.json5:3/,
  },
  {
    title: 'is where nothing is',
    specifier: 'gone',
    files: dependencies(`gone: 'file:../gone'`),
    text: /gone is not there: entry\/oh-package\.json5:3 wants file:\.\.\/gone/,
  },
  {
    title: 'lies outside',
    specifier: 'outside',
    files: { ...dependencies(`outside: 'file:../outside'`), outside: { link: '/usr/share' } },
    text: /leaves the project folder|has no main file/,
  },
  {
    title: 'has no such file',
    specifier: '@ohos/library/Nope',
    files: withLibrary,
    text: /no such file in the package @ohos\/library: Nope \(it lies in library\)/,
  },
]

test.each(refusals)('refuses a package that $title', async ({ specifier, files, text }) => {
  const source = `${start}import { x } from '${specifier}'\nx()`
  const error = await compile({ ...files, [entrySource]: source }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProjectError)
  expect(error).toMatchObject({ file: entrySource, line: 2 })
  const { reason, hint } = error as ProjectError
  expect(`${reason} (${hint})`).toMatch(text)
})

test('a package that is nowhere may be left, with a warning; a module of node may not', async () => {
  const compileLeaving = async (source: string): Promise<CompiledProject> => {
    using fixture = new ProjectFixture({
      ...dependencies(`'@pura/utils': '^1.2.0'`),
      [entrySource]: `${start}${source}\nexport default class MyVpn extends VpnExtensionAbility {}`,
    })
    return await compileProject(await readProject(fixture.folder), { leaveAbsentPackages: true })
  }
  const { entries, warnings } = await compileLeaving(`import { x } from '@pura/utils'\nx()`)
  expect(entries.get('MyVpn')?.code).toContain('require("absent:@pura/utils")')
  expect(warnings).toEqual([
    expect.objectContaining({ file: entrySource, line: 2, reason: expect.stringContaining('@pura/utils') }),
  ])
  await expect(compileLeaving(`import fs from 'fs'\nfs.a()`)).rejects.toThrow('fs is neither a kit')
})

test('of a package that is compiled for the device there are the types, a stand-in, or what fails where it is used', async () => {
  const types = `import { Only } from '@pura/utils'\nlet only: Only | undefined`
  expect(await all({ ...compiledForDevice, [entrySource]: ability(types, '1') })).toBe(1)
  const files = {
    ...compiledForDevice,
    'vpnext.config.ts': `export default { packages: { '@pura/utils': './utils.ts' } }`,
    'utils.ts': `export const x = (): string => 'a stand-in'`,
    [entrySource]: ability(`import { x } from '@pura/utils'`, 'x()'),
  }
  expect(await all(files)).toBe('a stand-in')
  using fixture = new ProjectFixture({ ...files, 'vpnext.config.ts': undefined })
  const project = await readProject(fixture.folder)
  const { entries } = await compileProject(project, { leaveAbsentPackages: true })
  expect(entries.get('MyVpn')?.code).toContain('require("absent:@pura/utils")')
})

test('a file stands in for a package as vpnext.config.ts says', async () => {
  const files = {
    ...dependencies(`'core': 'file:../core.har'`),
    'vpnext.config.ts': `export default { packages: { core: './stand-ins/core.ts' } }`,
    'stand-ins/core.ts': `export const part: string = 'a stand-in'\nexport default { part }`,
  }
  const source = `${start}import core, { part } from 'core'
export default class MyVpn extends VpnExtensionAbility { static all = [core.part, part] }`
  expect(await all({ ...files, [entrySource]: source })).toEqual(['a stand-in', 'a stand-in'])
  const wrong = { ...files, 'vpnext.config.ts': `export default { packages: { core: './gone.ts' } }` }
  await expect(compile({ ...wrong, [entrySource]: source })).rejects.toMatchObject({
    file: 'vpnext.config.ts',
    key: 'packages.core',
    reason: 'no such file: ./gone.ts',
  })
})

test('says when two names differ in upper and lower case alone', async () => {
  const error = await compile({
    [entrySource]: `${start}import { x } from './helper'\nx()`,
    'entry/src/main/ets/Helper.ets': 'export const x = 1',
  }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ line: 2, hint: 'there is Helper.ets: upper and lower case differ' })
})
