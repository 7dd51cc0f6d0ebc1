import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { compileProject } from './compile.ts'
import type { CompiledProject } from './compile.ts'
import { readProject } from './project.ts'
import { withRuntimeImports } from './runtime-imports.ts'

const profile = (runtimeOnly: string): string =>
  `{ apiType: 'stageMode', buildOption: { arkOptions: { runtimeOnly: {\n${runtimeOnly} } } } }`
const ability = (value: string): string => `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { load } from './loader'
export default class MyVpn extends VpnExtensionAbility { static async all() { return ${value} } }`

const files: Record<string, FixtureFile> = {
  'entry/build-profile.json5': profile(`sources: ['./src/main/ets/parts/Part.ets'], packages: ['library']`),
  'entry/oh-package.json5': `{ dependencies: { library: 'file:../library' } }`,
  'library/Index.ets': `export const part = 'of the library'`,
  'entry/src/main/ets/parts/Part.ets': `export const part = 'of a file'`,
  'entry/src/main/ets/parts/Other.ets': `export const part = 'never asked for'`,
  'entry/src/main/ets/loader.ts': 'export const load = (name: string) => import(name)',
}

async function compile(more: Record<string, FixtureFile>): Promise<CompiledProject> {
  using fixture = new ProjectFixture({ ...files, ...more })
  return await compileProject(await readProject(fixture.folder))
}

/** What the extension's class gives; what nobody takes along is asked of `require`. */
async function all(value: string, more: Record<string, FixtureFile> = {}): Promise<unknown> {
  const code = (await compile({ [entrySource]: ability(value), ...more })).entries.get('MyVpn')?.code ?? ''
  const module = { exports: {} as { default?: { all(): Promise<unknown> } } }
  const require = (name: string): object => ({ VpnExtensionAbility: Object, part: `required: ${name}` })
  runInNewContext(code, { module, require })
  return await module.exports.default?.all()
}

test('files and packages that runtimeOnly names are imported by a variable, with an extension and without', async () => {
  const names = ['./parts/Part', './parts/Part.ets', 'library', './parts/Other', '@ohos.zlib']
  expect(
    await all(
      `[...await Promise.all(${JSON.stringify(names)}.map(async (each) => (await load(each)).part))]`,
    ),
  ).toEqual(['of a file', 'of a file', 'of the library', 'required: ./parts/Other', 'required: @ohos.zlib'])
})

test('without runtimeOnly nothing is taken along', async () => {
  expect(await all(`(await load('./parts/Part')).part`, { 'entry/build-profile.json5': '{}' })).toBe(
    'required: ./parts/Part',
  )
})

test('a file that is not there is told by its key, a package where it is imported', async () => {
  const source = { [entrySource]: ability('typeof load') }
  const { warnings } = await compile({
    ...source,
    'entry/build-profile.json5': profile(`sources: ['./src/main/ets/Nope.ets']`),
  })
  expect(warnings).toEqual([
    expect.objectContaining({
      file: 'entry/build-profile.json5',
      line: 2,
      key: 'buildOption.arkOptions.runtimeOnly.sources[0]',
      reason: 'no such file: ./src/main/ets/Nope.ets',
    }),
  ])
  await expect(
    compile({ ...source, 'entry/build-profile.json5': profile(`packages: ['nope']`) }),
  ).rejects.toMatchObject({
    file: 'entry/src/main/ets/loader.ts',
    line: 1,
    reason: expect.stringMatching(/^nope is/),
  })
  await expect(
    compile({ ...source, 'entry/build-profile.json5': profile(`sources: ['../../x.ets']`) }),
  ).rejects.toThrow('leaves the project folder')
})

test.each([
  [`import(name)`, 1],
  ['const a = await import(`./${name}`)', 1],
  [`import('./' + name).then((it) => it); flag ? import(a) : import(b)`, 3],
  [`import('./a'); import("b"); import(\`c\`)`, 0],
  [`import { a } from 'a'; type B = import('b').B; store.import(name)`, 0],
  [`class Store { import(path: string): void {} async import2() {} } class S2 { import(path) { } }`, 0],
  [`// import(name)\nconst text = 'import(name)'`, 0],
])('%s has %d imports by a variable', (text, count) => {
  const changed = withRuntimeImports(text, 'entry/a.ets', { sources: ['entry/b.ets'], packages: [] }) ?? ''
  expect(changed.split('case "./b.ets":').length - 1).toBe(count)
  if (count > 0) expect(changed.split('\n')).toHaveLength(text.split('\n').length)
})
