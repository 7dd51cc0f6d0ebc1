import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { compileProject } from './compile.ts'
import type { CompiledEntry, CompiledProject } from './compile.ts'
import { ProjectError } from './project-error.ts'
import { readProject } from './project.ts'

async function compile(folder: string): Promise<CompiledProject> {
  return compileProject(await readProject(folder))
}

async function compileEntry(files: Record<string, FixtureFile>): Promise<CompiledEntry> {
  using fixture = new ProjectFixture(files)
  const entry = (await compile(fixture.folder)).entries.get('MyVpn')
  if (entry === undefined) throw new Error('the entry was not compiled')
  return entry
}

/** Runs a script as the host does, with the given modules, and returns its exports. */
function load(code: string, modules: Record<string, unknown> = {}): Record<string, unknown> {
  const module = { exports: {} }
  const wanted = { '@kit.NetworkKit': { VpnExtensionAbility: Object }, ...modules }
  runInNewContext(code, { module, require: (name: keyof typeof wanted) => wanted[name] })
  return module.exports
}

/** Names of the processes that the main thread of this one has started. */
function childNames(): string[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  return children
    .split(' ')
    .filter(Boolean)
    .map((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim())
}

/** An object of the class that a script exports by default. */
function construct(code: string): object {
  const found = load(code)['default']
  if (typeof found !== 'function') throw new Error('no class')
  return Reflect.construct(found, [])
}

const importAbility = `import { VpnExtensionAbility } from '@kit.NetworkKit'\n`

describe('compileProject', () => {
  test('workers of a module are scripts of their own; functions with @Concurrent are handed over', async () => {
    using fixture = new ProjectFixture({
      'entry/build-profile.json5':
        "{ buildOption: { sourceOption: { workers: ['./src/main/ets/workers/Worker.ets', './src/main/ets/workers/Gone.ets'] } } }",
      'entry/src/main/ets/workers/Worker.ets':
        "import { worker } from '@kit.ArkTS'\nimport { add } from '../add'\nworker.workerPort.onmessage = () => add(1, 2)",
      'entry/src/main/ets/add.ets':
        '// sums\n@Concurrent\nexport function add(one: number, other: number) { return one + other }',
    })
    const { workers, kits, warnings } = await compile(fixture.folder)
    expect([...workers.keys()]).toEqual(['worker-entry.ets.workers.Worker'])
    expect(kits).toContain('@kit.ArkTS')
    expect(warnings.map(({ reason }) => reason)).toContain(
      'the worker ./src/main/ets/workers/Gone.ets is not there',
    )
    const handed: unknown[] = []
    const port: { onmessage?: () => unknown } = {}
    runInNewContext(workers.get('worker-entry.ets.workers.Worker')?.code ?? '', {
      __vpnextConcurrent: (func: unknown) => handed.push(func),
      module: { exports: {} },
      require: () => ({ worker: { workerPort: port } }),
    })
    expect(port.onmessage?.()).toBe(3)
    expect(handed).toEqual([expect.objectContaining({ name: 'add' })])
  })

  test('compiles an extension to CommonJS that loads', async () => {
    const entry = await compileEntry({})
    const exports = load(entry.code)
    expect(entry.exportName).toBe('default')
    expect(exports['default']).toHaveProperty('name', 'MyVpn')
  })

  test('names the kits and native modules that are used as values, and no others', async () => {
    using fixture = new ProjectFixture({
      [entrySource]: `${importAbility}
import { Want } from '@kit.AbilityKit'
import vpn from '@ohos.net.vpnExtension'
import native from 'libentry.so'
import { helper } from './deep/Helper'
export default class MyVpn extends VpnExtensionAbility { parts = [vpn, native, helper] }`,
      'entry/src/main/ets/deep/Helper.ets': `import { hilog } from '@kit.PerformanceAnalysisKit'
import table from './table.json'
export const helper = [hilog, table]`,
      'entry/src/main/ets/deep/table.json': '{ "a": 1 }',
    })
    const compiled = await compile(fixture.folder)
    expect(compiled.kits).toEqual([
      '@kit.NetworkKit',
      '@kit.PerformanceAnalysisKit',
      '@ohos.net.vpnExtension',
    ])
    expect(compiled.natives).toEqual(['libentry.so'])
  })

  test('takes enums, namespaces, decorators and ArkTS fields', async () => {
    const { code } = await compileEntry({
      [entrySource]: `${importAbility}
enum Level { low = 3 }
namespace Space { export const inner = Level.low }
function mark(target: Object): void { (target as Record<string, boolean>).marked = true }
class Base { constructor() { this.fill() } fill(): void {} }
class Derived extends Base { kept?: string; fill(): void { this.kept = 'set by the base' } }
@mark
export default class MyVpn extends VpnExtensionAbility { level = Space.inner; kept = new Derived().kept }`,
    })
    expect(load(code)['default']).toHaveProperty('marked', true)
    // With define semantics the declaration `kept?` would overwrite what the base constructor set.
    expect(construct(code)).toMatchObject({ level: 3, kept: 'set by the base' })
  })

  test('maps an error back to the line of the source', async () => {
    const { code, map } = await compileEntry({
      [entrySource]: `${importAbility}\nexport default class MyVpn extends VpnExtensionAbility {\n  fail() { throw new Error('here') }\n}`,
    })
    expect(code).toContain('\n//# sourceMappingURL=MyVpn.cjs.map')
    const lines = code.split('\n')
    const line = lines.findIndex((text) => text.includes('new Error('))
    const column = lines[line]?.indexOf('throw') ?? -1
    const sourceMap = new SourceMap(JSON.parse(map))
    expect(sourceMap.findEntry(line, column)).toMatchObject({ originalSource: entrySource, originalLine: 3 })
  })

  test.each([
    ['export class MyVpn extends VpnExtensionAbility {}\nexport const other = 1', 'MyVpn'],
    [
      'export const a = 1\nclass B extends VpnExtensionAbility {}\nexport { B as C }\nexport class D extends VpnExtensionAbility {}',
      'D',
    ],
    ['class B extends VpnExtensionAbility {}\nexport { B as C }', 'C'],
    [
      'export class A extends VpnExtensionAbility {}\nexport default class B extends VpnExtensionAbility {}',
      'default',
    ],
  ])('finds the class in %j', async (source, exportName) => {
    expect((await compileEntry({ [entrySource]: importAbility + source })).exportName).toBe(exportName)
  })

  test('lists pages and other extensions without compiling them', async () => {
    using fixture = new ProjectFixture({
      'entry/src/main/module.json5': `{ module: { name: 'entry', type: 'entry',
        abilities: [{ name: 'Page', srcEntry: './ets/Page.ets' }],
        extensionAbilities: [{ name: 'Form', type: 'form', srcEntry: './ets/Page.ets' }] } }`,
      'entry/src/main/ets/Page.ets': '@Entry @Component struct Page { build() { Row() {} } }',
    })
    const compiled = await compile(fixture.folder)
    expect(compiled.notCompiled).toEqual(['Page', 'Form'])
    expect(compiled.entries.size).toBe(0)
  })

  test('takes rawfile, profile and media as they are, and elements of every qualifier as plain JSON', async () => {
    const resources = 'entry/src/main/resources'
    using fixture = new ProjectFixture({
      [`${resources}/rawfile/a/b.txt`]: 'raw',
      [`${resources}/base/profile/main_pages.json`]: '{}',
      [`${resources}/base/element/color.json`]: '{ "color": [], /* none */ }',
      [`${resources}/de_AT/element/string.json`]: '{ string: [{ name: "x", value: "Servus" }] }',
      [`${resources}/dark/media/icon.png`]: 'PNG',
    })
    const { files } = await compile(fixture.folder)
    const text = (path: string): string => Buffer.from(files.get(path) ?? []).toString()
    expect([...files.keys()].toSorted()).toEqual([
      '@app/base/element/string.json',
      'entry/base/element/color.json',
      'entry/base/profile/main_pages.json',
      'entry/dark/media/icon.png',
      'entry/de_AT/element/string.json',
      'entry/rawfile/a/b.txt',
    ])
    expect(text('entry/rawfile/a/b.txt')).toBe('raw')
    expect(text('entry/base/element/color.json')).toBe('{"color":[]}')
    expect(JSON.parse(text('entry/de_AT/element/string.json'))).toEqual({
      string: [{ name: 'x', value: 'Servus' }],
    })
  })

  test('a page that the extension can reach does not stand in its way', async () => {
    const { code, map, kits } = await compileEntry({
      [entrySource]: `${importAbility}import { Page, limit } from './Page'
export default class MyVpn extends VpnExtensionAbility { limit = limit; page = Page.name }`,
      'entry/src/main/ets/Page.ets': `import { router } from '@kit.ArkUI'
export const limit = 3
@Entry
@Component
export struct Page {
  build() { Row() { Button('x').onClick(() => router.back()) } }
}
export function fail(): void { throw new Error('here') }`,
    })
    expect(construct(code)).toMatchObject({ limit: 3, page: 'Page' })
    expect(kits).toEqual(['@kit.NetworkKit'])
    expect(JSON.parse(map)).toMatchObject({ sources: [entrySource, 'entry/src/main/ets/Page.ets'] })
  })

  test('knows the class that a file only passes on', async () => {
    const files = {
      'entry/src/main/ets/Real.ets': `${importAbility}export class Real extends VpnExtensionAbility {}`,
    }
    const entry = await compileEntry({ [entrySource]: `export * from './Real'`, ...files })
    expect(entry.exportName).toBe('Real')
  })

  test('tells which members of kits are used where, and not what is unused', async () => {
    const { kitUses } = await compileEntry({
      [entrySource]: `${importAbility}
import { connection, statistics } from '@kit.NetworkKit'
import http from '@ohos.net.http'
export default class MyVpn extends VpnExtensionAbility {
  onCreate(): void {
    connection.getDefaultNet()
    http.createHttp()
  }
}
function unused(): void { statistics.getAllRxBytes() }`,
    })
    expect(kitUses.map(({ module, path, place }) => [module, path.join('.'), place().line])).toEqual([
      ['@kit.NetworkKit', '', 1],
      ['@kit.NetworkKit', 'VpnExtensionAbility', 5],
      ['@kit.NetworkKit', 'connection.getDefaultNet', 7],
      ['@ohos.net.http', '', expect.any(Number)],
      ['@ohos.net.http', 'default.createHttp', 8],
    ])
  })

  test('import() of kits, native modules and files goes the way of every import', async () => {
    const entry = await compileEntry({
      'entry/src/main/ets/Later.ets': 'export const value = 7',
      [entrySource]: `${importAbility}
export default class MyVpn extends VpnExtensionAbility {}
export async function all(name: string): Promise<unknown[]> {
  return [(await import('./Later')).value, (await import('@ohos.util')).default, (await import(name)).default]
}`,
    })
    expect(entry.kitUses.map(({ module }) => module)).toContain('@ohos.util')
    const modules = {
      '@ohos.util': { __esModule: true, default: 'util' },
      'libentry.so': { __esModule: true, default: 'native' },
    }
    const { all } = load(entry.code, modules) as { all: (name: string) => Promise<unknown[]> }
    expect(await all('libentry.so')).toEqual([7, 'util', 'native'])
  })

  test('makes BuildProfile, with the fields of the module', async () => {
    const { code } = await compileEntry({
      'entry/build-profile.json5': `{ buildOption: { arkOptions: { buildProfileFields: { server: 'a.example' } } } }`,
      [entrySource]: `${importAbility}import BuildProfile from 'BuildProfile'
export default class MyVpn extends VpnExtensionAbility { all = [BuildProfile.BUNDLE_NAME, BuildProfile.server] }`,
    })
    expect(construct(code)).toMatchObject({ all: ['com.example.vpn', 'a.example'] })
  })

  test('BuildProfile has the fields of product and build mode too; the nearer place counts', async () => {
    const give = (values: string): string => `arkOptions: { buildProfileFields: { ${values} } }`
    const { code } = await compileEntry({
      'build-profile.json5': `{ app: {
          products: [
            { name: 'paid', buildOption: { ${give("product: 'paid'")} } },
            { name: 'default', buildOption: { ${give("product: 'free', option: 'product', mode: 'product'")} } } ],
          buildModeSet: [
            { name: 'debug', buildOption: { ${give("mode: 'debug', alone: 1")} } },
            { name: 'release', buildOption: { ${give("mode: 'release', alone: 2")} } } ] },
        modules: [{ name: 'entry', srcPath: './entry' }] }`,
      'entry/build-profile.json5': `{
        buildOption: { ${give("option: 'option', set: 'option', target: 'option'")} },
        buildOptionSet: [
          { name: 'debug', ${give("set: 'debug'")} },
          { name: 'release', ${give("set: 'release'")} } ],
        targets: [
          { name: 'other', config: { buildOption: { ${give("target: 'other'")} } } },
          { name: 'default', config: { buildOption: { ${give("target: 'target'")} } } } ] }`,
      [entrySource]: `${importAbility}import BuildProfile, { alone } from 'BuildProfile'
const { product, mode, option, set, target, PRODUCT_NAME, TARGET_NAME } = BuildProfile
export default class MyVpn extends VpnExtensionAbility { all = { product, mode, option, set, target, alone, PRODUCT_NAME, TARGET_NAME } }`,
    })
    expect(construct(code)).toMatchObject({
      all: {
        product: 'free',
        mode: 'product',
        option: 'option',
        set: 'debug',
        target: 'target',
        alone: 1,
        PRODUCT_NAME: 'default',
        TARGET_NAME: 'default',
      },
    })
  })

  test('a build option set that is bound to the build mode counts; a library tells its own version', async () => {
    const { code } = await compileEntry({
      'build-profile.json5': `{ app: { products: [{ name: 'only' }] },
        modules: [{ name: 'entry', srcPath: './entry' }, { name: 'library', srcPath: './library' }] }`,
      'entry/oh-package.json5': `{ dependencies: { library: 'file:../library' } }`,
      'entry/build-profile.json5': `{
        buildOptionSet: [
          { name: 'debug', arkOptions: { buildProfileFields: { set: 'debug' } } },
          { name: 'loud', arkOptions: { buildProfileFields: { set: 'loud' } } } ],
        buildModeBinder: [{ buildModeName: 'debug', mappings: [{ targetName: 'default', buildOptionName: 'loud' }] }] }`,
      'library/oh-package.json5': `{ name: 'library', version: '2.5.0', main: 'Index.ets' }`,
      'library/src/main/module.json5': `{ module: { name: 'library', type: 'har' } }`,
      'library/Index.ets': `import { HAR_VERSION } from './BuildProfile'\nexport const version = HAR_VERSION`,
      [entrySource]: `${importAbility}import BuildProfile from 'BuildProfile'
import { version } from 'library'
export default class MyVpn extends VpnExtensionAbility { all = [BuildProfile.set, BuildProfile.PRODUCT_NAME, version] }`,
    })
    expect(construct(code)).toMatchObject({ all: ['loud', 'only', '2.5.0'] })
  })

  test('compiles the tests of a module when asked', async () => {
    using fixture = new ProjectFixture({
      'entry/src/ohosTest/ets/test/List.test.ets': `import vpnTest from './Vpn.test'\nexport default function testsuite() { vpnTest() }`,
      'entry/src/ohosTest/ets/test/Vpn.test.ets': `import { describe } from '@ohos/hypium'\nexport default function vpnTest() { describe('a', () => {}) }`,
      'entry/src/ohosTest/module.json5': `{ module: { name: 'entry_test', type: 'feature' } }`,
    })
    const project = await readProject(fixture.folder)
    const { tests, kits } = await compileProject(project, { tests: true })
    expect(kits).toContain('@ohos/hypium')
    expect([...tests].map(([module, { exportName }]) => [module, exportName])).toEqual([['entry', 'default']])
    expect((await compileProject(project)).tests.size).toBe(0)
  })

  test('compiles the classes of pages when asked; one that does not compile is a warning', async () => {
    const page = (base: string): string =>
      `import { UIAbility } from '@kit.AbilityKit'\nexport default class EntryAbility extends ${base} {}`
    for (const [base, compiled] of [
      ['UIAbility', ['EntryAbility']],
      ['UIAbility {', []],
    ] as const) {
      using fixture = new ProjectFixture({
        'entry/src/main/ets/EntryAbility.ets': page(base),
        'entry/src/main/module.json5': `{ module: { name: 'entry', type: 'entry',
          abilities: [{ name: 'EntryAbility', srcEntry: './ets/EntryAbility.ets' }],
          extensionAbilities: [{ name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: 'vpn' }] } }`,
        [entrySource]: `${importAbility}export default class MyVpn extends VpnExtensionAbility {}`,
      })
      const project = await readProject(fixture.folder)
      const { pages, entries, notCompiled, warnings } = await compileProject(project, { pages: true })
      expect([...pages.keys()]).toEqual(compiled)
      expect([...entries.keys()]).toEqual(['MyVpn'])
      expect(notCompiled).toEqual(compiled.length === 0 ? ['EntryAbility'] : [])
      expect(warnings.map(({ file }) => file)).toEqual(
        compiled.length === 0 ? ['entry/src/main/ets/EntryAbility.ets'] : [],
      )
    }
  })

  test('ends its compiler process', async () => {
    const compiling = compileEntry({})
    await vi.waitFor(() => expect(childNames()).toContain('esbuild'), { interval: 1 })
    await compiling
    await vi.waitFor(() => expect(childNames()).not.toContain('esbuild'))
  })
})

interface Refusal {
  readonly title: string
  readonly source: string
  readonly more?: Record<string, FixtureFile>
  readonly file?: string
  readonly line: number
  readonly reason: RegExp
}

const refusals: Refusal[] = [
  { title: 'a syntax error', source: 'let a = 1\nlet = }', line: 2, reason: /Unexpected|Expected/ },
  {
    title: 'a package',
    source: `\nimport { x } from 'left-pad'\nx()`,
    line: 2,
    reason: /^left-pad is neither a kit/,
  },
  {
    title: "a module of node's own",
    source: `import fs from 'node:fs'\nfs.x()`,
    line: 1,
    reason: /^node:fs is neither/,
  },
  {
    title: 'require of a package',
    source: `\n\nrequire('child_process')`,
    line: 3,
    reason: /^child_process is neither/,
  },
  {
    title: 'import() of a package',
    source: `export const a = () => import('fs')`,
    line: 1,
    reason: /^fs is neither/,
  },
  {
    title: 'a URL',
    source: `import x from 'data:text/javascript,1'\nx()`,
    line: 1,
    reason: /is neither a kit/,
  },
  {
    title: 'an absolute path',
    source: `import x from '/etc/hostname'\nx()`,
    line: 1,
    reason: /absolute path/,
  },
  {
    title: 'a missing file',
    source: `import { x } from './Nope'\nx()`,
    line: 1,
    reason: /no such file: \.\/Nope/,
  },
  {
    title: 'a path that leaves the project',
    source: `import x from '../../../../../../../../etc/os-release'\nx()`,
    line: 1,
    reason: /leaves the project|no such file/,
  },
  {
    title: 'a link that leaves the project',
    source: `import x from './secret.json'\nx()`,
    more: { 'entry/src/main/ets/secret.json': { link: '/proc/self/status' } },
    line: 1,
    reason: /\.\/secret\.json leaves the project folder/,
  },
  {
    title: 'await at the top',
    source: `export const x = 1\nawait x`,
    line: 2,
    reason: /await outside of a function/,
  },
  {
    title: 'an entry without a class',
    source: 'export const a = 1\nexport const b = 2',
    line: 0,
    reason: /exports no class/,
  },
]

test.each(refusals)('refuses $title', async ({ source, more, file, line, reason }) => {
  using fixture = new ProjectFixture({ [entrySource]: source, ...more })
  const error = await compile(fixture.folder).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProjectError)
  expect(error).toMatchObject({ file: file ?? entrySource, line, reason: expect.stringMatching(reason) })
})

test('refuses resources that leave the project', async () => {
  using fixture = new ProjectFixture({ 'entry/src/main/resources/rawfile/x': { link: '/etc/hostname' } })
  await expect(compile(fixture.folder)).rejects.toThrow('rawfile/x: leaves the project folder')
})

test('ignores a tsconfig.json of the project', async () => {
  const { code } = await compileEntry({
    'tsconfig.json':
      '{ "compilerOptions": { "useDefineForClassFields": true, "paths": { "x": ["/etc/x"] } } }',
    [entrySource]: `${importAbility}export default class MyVpn extends VpnExtensionAbility { static field = 1; own?: string }`,
  })
  expect(Object.keys(construct(code))).toEqual([])
})
