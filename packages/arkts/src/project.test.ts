import { describe, expect, test } from 'vitest'

import { ProjectFixture, moduleWith } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { ProjectError } from './project-error.ts'
import { readProject } from './project.ts'

const featureModule = (name: string): string => `{ module: { name: '${name}', type: 'feature' } }`

describe('readProject', () => {
  test('reads a project without build-profile.json5', async () => {
    using fixture = new ProjectFixture()
    const project = await readProject(fixture.folder)
    expect(project.app).toEqual({
      bundleName: 'com.example.vpn',
      vendor: '',
      versionCode: 7,
      versionName: '1.2.3',
      label: 'Example',
    })
    expect(project.modules).toMatchObject([
      {
        name: 'entry',
        type: 'entry',
        path: 'entry',
        abilities: [
          { name: 'MyVpn', kind: 'extension', type: 'vpn', source: 'entry/src/main/ets/MyVpn.ets' },
        ],
        permissions: ['ohos.permission.INTERNET'],
      },
    ])
  })

  test('without build-profile.json5, which repositories leave out for its passwords, the modules are found', async () => {
    using fixture = new ProjectFixture({
      'core/src/main/module.json5': `{ module: { name: 'proxy', type: 'har' } }`,
      'features/home/src/main/module.json5': featureModule('home'),
      'features/home/inner/src/main/module.json5': featureModule('inner'),
      'old/src/main/module.json5': '{ module: { } }',
      'sample/AppScope/app.json5': '{}',
      'sample/entry/src/main/module.json5': featureModule('sample'),
      'oh_modules/package/src/main/module.json5': featureModule('package'),
    })
    const project = await readProject(fixture.folder)
    expect(project.modules.map(({ name, path }) => [name, path])).toEqual([
      ['entry', 'entry'],
      ['proxy', 'core'],
      ['home', 'features/home'],
    ])
    expect(project.warnings.map(({ file }) => file)).toContain('old/src/main/module.json5')
  })

  test('a folder that is no project, with a project below it, is told where that is', async () => {
    using fixture = new ProjectFixture({
      'AppScope/app.json5': undefined,
      'build-profile.json5': '{ app: {} }',
      'phone/AppScope/app.json5': '{}',
      'clients/ohos/AppScope/app.json5': '{}',
      'a/b/c/AppScope/app.json5': '{}',
      'oh_modules/library/AppScope/app.json5': '{}',
    })
    await expect(readProject(fixture.folder)).rejects.toMatchObject({
      file: 'AppScope/app.json5',
      reason: 'no such file',
      hint: expect.stringMatching(/not its top folder; below it: clients\/ohos, phone$/),
    })
  })

  test('takes the modules and their folders from build-profile.json5', async () => {
    using fixture = new ProjectFixture({
      'build-profile.json5': `{ modules: [{ name: 'b', srcPath: './features/b' }, { name: 'a', srcPath: './a/' }] }`,
      'features/b/src/main/module.json5': featureModule('b'),
      'a/src/main/module.json5': featureModule('a'),
    })
    const project = await readProject(fixture.folder)
    expect(project.modules.map(({ name, path }) => [name, path])).toEqual([
      ['b', 'features/b'],
      ['a', 'a'],
    ])
  })

  test.each(['vpn.extension', 'VPN'])(
    'takes what is written as %s for the type of a VPN, and warns',
    async (type) => {
      using fixture = new ProjectFixture({
        'entry/src/main/module.json5': moduleWith(
          `{ name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: '${type}' }`,
        ),
      })
      const { modules, warnings } = await readProject(fixture.folder)
      expect(modules[0]?.abilities[0]?.type).toBe('vpn')
      expect(warnings).toMatchObject([
        {
          key: 'module.extensionAbilities[0].type',
          reason: expect.stringContaining(`${type} is taken for vpn`),
        },
      ])
    },
  )

  test('a module has the permissions of the libraries that it is built with, and of theirs', async () => {
    const library = (name: string, permission: string): string =>
      `{ module: { name: '${name}', type: 'har', requestPermissions: [
        { name: 'ohos.permission.INTERNET' }, { name: '${permission}' } ] } }`
    using fixture = new ProjectFixture({
      'build-profile.json5': `{ modules: [ { name: 'entry', srcPath: './entry' }, { name: 'core', srcPath: './core' },
        { name: 'net', srcPath: './net' }, { name: 'unused', srcPath: './unused' } ] }`,
      'entry/oh-package.json5': `{ name: 'entry', dependencies: { core: 'file:../core' } }`,
      'core/oh-package.json5': `{ name: 'core', dependencies: { net: 'file:../net' } }`,
      'core/src/main/module.json5': library('core', 'ohos.permission.A'),
      'net/src/main/module.json5': library('net', 'ohos.permission.GET_NETWORK_INFO'),
      'unused/src/main/module.json5': library('unused', 'ohos.permission.UNUSED'),
    })
    const project = await readProject(fixture.folder)
    expect(project.modules[0]?.permissions.toSorted()).toEqual([
      'ohos.permission.A',
      'ohos.permission.GET_NETWORK_INFO',
      'ohos.permission.INTERNET',
    ])
  })

  test('a text may be that of a library, in the project or installed', async () => {
    const extension = (text: string): string =>
      moduleWith(
        `{ name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: 'vpn', description: '$string:${text}' }`,
      )
    const described = async (text: string): Promise<string | undefined> => {
      using fixture = new ProjectFixture({
        'build-profile.json5': `{ modules: [
          { name: 'entry', srcPath: './entry' }, { name: 'library', srcPath: './library' } ] }`,
        'entry/src/main/module.json5': extension(text),
        'library/src/main/module.json5': `{ module: { name: 'library', type: 'har' } }`,
        'library/src/main/resources/base/element/string.json': `{ string: [{ name: 'ours', value: 'Ours' }] }`,
        'oh_modules/@a/b/src/main/resources/base/element/string.json': `{ string: [{ name: 'theirs', value: 'Theirs' }] }`,
      })
      return (await readProject(fixture.folder)).modules[0]?.abilities[0]?.description
    }
    expect([await described('ours'), await described('theirs')]).toEqual(['Ours', 'Theirs'])
    await expect(described('nobodys')).rejects.toThrow('$string:nobodys is not defined')
  })

  test("a module's own text wins over the app's", async () => {
    using fixture = new ProjectFixture({
      'entry/src/main/module.json5': moduleWith(
        `{ name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: 'vpn', description: '$string:app_name' }`,
      ),
      'entry/src/main/resources/base/element/string.json': `{ string: [{ name: 'app_name', value: 'Mine' }] }`,
    })
    const project = await readProject(fixture.folder)
    expect(project.app.label).toBe('Example')
    expect(project.modules[0]?.abilities[0]?.description).toBe('Mine')
  })

  test('the product that is built by default may have another name and label', async () => {
    using fixture = new ProjectFixture({
      'build-profile.json5': `{
        app: { products: [{ name: 'other' }, { name: 'default', bundleName: 'com.example.other', label: 'Other' }] },
        modules: [{ name: 'entry', srcPath: './entry' }],
      }`,
    })
    const { app } = await readProject(fixture.folder)
    expect(app).toMatchObject({ bundleName: 'com.example.other', label: 'Other', versionCode: 7 })
  })

  test('files of resources that a configuration names are somewhere, in any qualifier, module or package', async () => {
    const entry = moduleWith(
      `{ name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: 'vpn', icon: '$media:icon',
        metadata: [{ name: 'a', value: 'b', resource: '$profile:config' }, { name: 'c', resource: '$profile:packed' }] }`,
    )
    const files = {
      'entry/src/main/module.json5': entry,
      'entry/src/main/resources/dark/media/icon.svg': '<svg/>',
      'AppScope/resources/base/profile/config.json': '{}',
      'oh_modules/@scope/library/src/main/resources/base/profile/packed.json': '{}',
    }
    using fixture = new ProjectFixture(files)
    const project = await readProject(fixture.folder)
    expect(project.modules[0]?.abilities[0]?.metadata).toEqual([
      { name: 'a', value: 'b', resource: '$profile:config' },
      { name: 'c', value: '', resource: '$profile:packed' },
    ])
    using lacking = new ProjectFixture({ 'entry/src/main/module.json5': entry })
    const error: unknown = await readProject(lacking.folder).catch((reason: unknown) => reason)
    expect((error as ProjectError).problems.map(({ key, reason }) => [key, reason])).toEqual([
      ['module.extensionAbilities[0].metadata[0].resource', '$profile:config is not defined'],
      ['module.extensionAbilities[0].metadata[1].resource', '$profile:packed is not defined'],
    ])
    expect((error as ProjectError).line).toBeGreaterThan(0)
    using unpictured = new ProjectFixture({
      ...files,
      'entry/src/main/resources/dark/media/icon.svg': undefined,
    })
    expect((await readProject(unpictured.folder)).warnings).toMatchObject([
      { key: 'module.extensionAbilities[0].icon', reason: '$media:icon is not defined' },
    ])
  })

  test('gives up when the signal aborts', async () => {
    using fixture = new ProjectFixture()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(readProject(fixture.folder, { signal })).rejects.toThrow('enough')
  })
})

const app = 'AppScope/app.json5'
const module = 'entry/src/main/module.json5'
const appWith = (lines: string): string => `{ app: {\n${lines}\n} }`
const extension = (lines: string): string => moduleWith(`{\n${lines}\n}`)

interface Refusal {
  readonly title: string
  readonly change: Record<string, FixtureFile>
  readonly file: string
  readonly line: number
  readonly key: string
  readonly reason: RegExp
}

const refusals: Refusal[] = [
  { title: 'no AppScope', change: { [app]: undefined }, file: app, line: 0, key: '', reason: /no such file/ },
  {
    title: 'a syntax error',
    change: { [app]: '{\n  app: {\n    bundleName: oops\n' },
    file: app,
    line: 3,
    key: '',
    reason: /invalid character 'o'/,
  },
  {
    title: 'a missing key',
    change: { [app]: appWith(`bundleName: 'com.example.vpn',\nversionName: '1', label: 'x'`) },
    file: app,
    line: 1,
    key: 'app.versionCode',
    reason: /is missing/,
  },
  {
    title: 'a bundle name that is none',
    change: { [app]: appWith(`versionCode: 1, versionName: '1', label: 'x',\nbundleName: '../../etc/x'`) },
    file: app,
    line: 3,
    key: 'app.bundleName',
    reason: /reverse-DNS/,
  },
  {
    title: 'a label that is not defined',
    change: { 'AppScope/resources/base/element/string.json': undefined },
    file: app,
    line: 7,
    key: 'app.label',
    reason: /\$string:app_name is not defined/,
  },
  {
    title: 'a label that would deceive people',
    change: {
      'AppScope/resources/base/element/string.json':
        '{ "string": [\n{ "name": "app_name",\n "value": "Good\\u202elive" }] }',
    },
    file: 'AppScope/resources/base/element/string.json',
    line: 3,
    key: 'string[0].value',
    reason: /holds a control character/,
  },
  {
    title: 'a label with a control character',
    change: {
      [app]: appWith(`bundleName: 'com.example.vpn', versionCode: 1, versionName: '1',\nlabel: 'a\\x1b[2J'`),
    },
    file: app,
    line: 3,
    key: 'app.label',
    reason: /holds a control character/,
  },
  {
    title: 'a file of texts that is none',
    change: { 'AppScope/resources/base/element/string.json': '{ "string": [\n{ "name": "a" }] }' },
    file: 'AppScope/resources/base/element/string.json',
    line: 2,
    key: 'string[0].value',
    reason: /is missing/,
  },
  {
    title: 'no module',
    change: { [module]: undefined },
    file: module,
    line: 0,
    key: '',
    reason: /no such file/,
  },
  {
    title: 'a module folder outside',
    change: { 'build-profile.json5': `{ modules: [\n{ name: 'x', srcPath: './a/../../x' }] }` },
    file: 'build-profile.json5',
    line: 2,
    key: 'modules[0].srcPath',
    reason: /leaves the project/,
  },
  {
    title: 'a module folder that is a link to the outside',
    change: {
      'build-profile.json5': `{ modules: [{ name: 'x', srcPath: './x' }] }`,
      x: { link: '/usr' },
    },
    file: 'x/src/main/module.json5',
    line: 0,
    key: '',
    reason: /leaves the project|no such file/,
  },
  {
    title: 'a module of another name than in build-profile.json5',
    change: { 'build-profile.json5': `{ modules: [{ name: 'main', srcPath: './entry' }] }` },
    file: module,
    line: 3,
    key: 'module.name',
    reason: /names this module main/,
  },
  {
    title: 'a srcEntry without a file',
    change: { [module]: extension(`name: 'MyVpn', type: 'vpn',\nsrcEntry: './ets/Nope.ets'`) },
    file: module,
    line: 7,
    key: 'module.extensionAbilities[0].srcEntry',
    reason: /no such file/,
  },
  {
    // As a pipe, which would never end.
    title: 'a srcEntry that is no file',
    change: {
      'entry/src/main/ets/Folder.ets/note.txt': '',
      [module]: extension(`name: 'MyVpn', type: 'vpn',\nsrcEntry: './ets/Folder.ets'`),
    },
    file: module,
    line: 7,
    key: 'module.extensionAbilities[0].srcEntry',
    reason: /is not a file/,
  },
  {
    title: 'a srcEntry outside',
    change: { [module]: extension(`name: 'MyVpn', type: 'vpn', srcEntry: '../../../../x.ets'`) },
    file: module,
    line: 6,
    key: 'module.extensionAbilities[0].srcEntry',
    reason: /leaves the project/,
  },
  {
    title: 'a srcEntry that is a link to the outside',
    change: { 'entry/src/main/ets/MyVpn.ets': { link: '/etc/hostname' } },
    file: module,
    line: 9,
    key: 'module.extensionAbilities[0].srcEntry',
    reason: /leaves the project/,
  },
  {
    title: 'a srcEntry of another language',
    change: { [module]: extension(`name: 'MyVpn', type: 'vpn', srcEntry: './ets/MyVpn.js'`) },
    file: module,
    line: 6,
    key: 'module.extensionAbilities[0].srcEntry',
    reason: /must end in \.ets or \.ts/,
  },
  {
    title: 'an extension without a type',
    change: { [module]: extension(`name: 'MyVpn', srcEntry: './ets/MyVpn.ets'`) },
    file: module,
    line: 5,
    key: 'module.extensionAbilities[0].type',
    reason: /is missing/,
  },
  {
    title: 'a name that is used twice',
    change: {
      [module]: moduleWith(
        `{ name: 'A', type: 'vpn', srcEntry: './ets/MyVpn.ets' },\n{ name: 'A', type: 'vpn', srcEntry: './ets/MyVpn.ets' }`,
      ),
    },
    file: module,
    line: 6,
    key: 'module.extensionAbilities[1].name',
    reason: /twice/,
  },
]

test.each(refusals)('refuses $title', async ({ change, file, line, key, reason }) => {
  using fixture = new ProjectFixture(change)
  const error = await refusal(fixture.folder)
  expect(error).toMatchObject({ file, line, key, reason: expect.stringMatching(reason) })
  expect(error.message.startsWith(line > 0 ? `${file}:${line}:` : `${file}: `)).toBe(true)
})

test('reports every refused value of a file at once', async () => {
  using fixture = new ProjectFixture({
    [app]: `{ app: { bundleName: 1, versionCode: -1, versionName: '', label: '' } }`,
  })
  const error = await refusal(fixture.folder)
  expect(error.problems.map(({ key }) => key)).toEqual(['app.bundleName', 'app.versionCode'])
})

test('refuses a folder that is none', async () => {
  await expect(readProject('/nonexistent/project')).rejects.toThrow('/nonexistent/project: is not a folder')
})

async function refusal(folder: string): Promise<ProjectError> {
  try {
    await readProject(folder)
  } catch (error) {
    if (error instanceof ProjectError) return error
    throw error
  }
  throw new Error('the project was accepted')
}

test('a srcEntry whose file has other capitals is told with that file', async () => {
  using fixture = new ProjectFixture({
    [module]: extension(`name: 'MyVpn', type: 'vpn',\nsrcEntry: './ets/myvpn.ets'`),
  })
  expect(await refusal(fixture.folder)).toMatchObject({
    reason: 'no such file: ./ets/myvpn.ets',
    hint: 'there is MyVpn.ets: upper and lower case differ',
  })
})
