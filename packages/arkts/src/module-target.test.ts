import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { compileProject } from './compile.ts'
import { readProject } from './project.ts'

const targets = (...lines: string[]): string =>
  `{ apiType: 'stageMode', targets: [\n${lines.join(',\n')}\n] }`
const element = (values: Record<string, string>): string =>
  JSON.stringify({ string: Object.entries(values).map(([name, value]) => ({ name, value })) })
const moduleFile = (name: string, more = ''): string =>
  `{ module: { name: '${name}', type: 'feature', ${more} } }`

describe('folders of code', () => {
  const ability = `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { server } from 'entry/Server'
import { shared } from 'entry/ets/Shared'
import BuildProfile from 'BuildProfile'
export default class MyVpn extends VpnExtensionAbility { static all = [server, shared, BuildProfile.TARGET_NAME] }`
  const files: Record<string, FixtureFile> = {
    [entrySource]: ability,
    'entry/oh-package.json5': `{ name: 'entry' }`,
    'entry/build-profile.json5': targets(
      `{ name: 'default', source: { sourceRoots: ['./src/free', './src/more'] } }`,
      `{ name: 'paid', source: { sourceRoots: ['./src/paid'] } }`,
    ),
    'entry/src/free/Server.ets': `export const server = 'free'`,
    'entry/src/more/Server.ets': `export const server = 'more'`,
    'entry/src/more/ets/Shared.ets': `export const shared = 'more'`,
    'entry/src/paid/Server.ets': `export const server = 'paid'`,
    'entry/src/main/ets/Shared.ets': `export const shared = 'of all'`,
  }
  const run = async (more: Record<string, FixtureFile>): Promise<unknown> => {
    using fixture = new ProjectFixture({ ...files, ...more })
    const { entries } = await compileProject(await readProject(fixture.folder))
    const module = { exports: {} as { default?: { all: unknown } } }
    runInNewContext(entries.get('MyVpn')?.code ?? '', {
      module,
      require: () => ({ VpnExtensionAbility: Object }),
    })
    return module.exports.default?.all
  }

  test('of the target come before src/main, in their order', async () => {
    expect(await run({})).toEqual(['free', 'more', 'default'])
  })

  test('are those of the target that is part of the product', async () => {
    const paid = `{ app: { products: [{ name: 'shop' }] }, modules: [{ name: 'entry', srcPath: './entry',
      targets: [{ name: 'default', applyToProducts: ['other'] }, { name: 'paid', applyToProducts: ['shop'] }] }] }`
    expect(await run({ 'build-profile.json5': paid })).toEqual(['paid', 'of all', 'paid'])
  })
})

describe('folders of resources', () => {
  test('of the target are read, and the first wins', async () => {
    using fixture = new ProjectFixture({
      'entry/build-profile.json5': targets(
        `{ name: 'default', resource: { directories: ['./src/main/free', './src/main/resources', './src/old'] } }`,
      ),
      'entry/src/main/module.json5': `{ module: { name: 'entry', type: 'entry', extensionAbilities: [
        { name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: 'vpn', description: '$string:about', metadata: [{ name: 'a', resource: '$profile:list' }] }] } }`,
      'entry/src/main/free/base/element/string.json': element({ about: 'free' }),
      'entry/src/main/resources/base/element/string.json': element({ about: 'of all' }),
      'entry/src/main/resources/base/profile/list.json': '"of all"',
      'entry/src/old/base/element/string.json': element({ about: 'old' }),
      'entry/src/main/free/base/profile/list.json': '"free"',
    })
    const project = await readProject(fixture.folder)
    expect(project.modules[0]?.abilities[0]?.description).toBe('free')
    const { files } = await compileProject(project)
    expect(String(files.get('entry/base/profile/list.json'))).toBe('"free"')
    // Whoever reads them lets the last one win.
    const paths = [...files.keys()].filter((path) => path.startsWith('entry/base/element/')).toSorted()
    expect(paths.map((path) => String(files.get(path)))).toEqual(
      ['old', 'of all', 'free'].map((about) => element({ about })),
    )
  })

  test('that are not there are told by their key, and what leads outside is refused', async () => {
    const files = (folder: string): Record<string, FixtureFile> => ({
      'entry/build-profile.json5': targets(`{ name: 'default', resource: {\n directories: ['${folder}'] } }`),
    })
    using missing = new ProjectFixture(files('./src/nope'))
    const key = 'targets[0].resource.directories[0]'
    expect((await readProject(missing.folder)).warnings).toEqual([
      expect.objectContaining({
        file: 'entry/build-profile.json5',
        line: 3,
        key,
        reason: 'no such folder: ./src/nope',
      }),
    ])
    using outside = new ProjectFixture(files('../../x'))
    await expect(readProject(outside.folder)).rejects.toMatchObject({
      key,
      reason: '../../x leaves the project folder',
    })
  })
})

test('a module of other products is left out with a warning, a library is not', async () => {
  const place = (name: string, products: string): string =>
    `{ name: '${name}', srcPath: './${name}', targets: [{ name: 'default', applyToProducts: [${products}] }] }`
  using fixture = new ProjectFixture({
    'build-profile.json5': `{ app: { products: [{ name: 'paid' }, { name: 'default' }] }, modules: [
${place('entry', `'default', 'paid'`)},
${place('entry2', `'paid'`)},
${place('library', `'paid'`)}] }`,
    'entry2/src/main/module.json5': moduleFile(
      'entry2',
      `extensionAbilities: [{ name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: 'vpn' }]`,
    ),
    'entry2/src/main/ets/MyVpn.ets': '',
    'library/src/main/module.json5': `{ module: { name: 'library', type: 'har' } }`,
  })
  const { modules, warnings } = await readProject(fixture.folder)
  expect(modules.map(({ name }) => name)).toEqual(['entry', 'library'])
  expect(warnings).toEqual([
    expect.objectContaining({
      file: 'build-profile.json5',
      line: 3,
      key: 'modules[1].targets',
      reason: 'entry2 is no part of the product default, which is what is built',
    }),
  ])
})

test('a product without a module is refused with the key that leaves them out', async () => {
  using fixture = new ProjectFixture({
    'build-profile.json5': `{ app: { products: [{ name: 'default' }] }, modules: [
{ name: 'entry', srcPath: './entry', targets: [{ name: 'default', applyToProducts: ['defalt'] }] }] }`,
  })
  await expect(readProject(fixture.folder)).rejects.toMatchObject({
    file: 'build-profile.json5',
    line: 2,
    key: 'modules[0].targets',
    reason: 'entry is no part of the product default, which is what is built',
    hint: 'its applyToProducts: defalt',
  })
})
