import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { packBundle } from './bundle-archive.ts'
import { startCompiler } from './compiler-process.ts'
import { compileProject } from './compile.ts'
import { HeadStart } from './head-start.ts'
import { ProjectError } from './project-error.ts'
import { readProject } from './project.ts'

/** What is packed of a project with a head start and without one, and whether there was one. */
async function packTwice(folder: string): Promise<{ began: boolean; with: string; without: string }> {
  const pack = async (headStart?: HeadStart): Promise<string> =>
    Buffer.from(
      packBundle(
        await compileProject(await readProject(folder), {
          pages: true,
          ...(headStart !== undefined && { headStart }),
        }),
      ),
    ).toString()
  using _compiler = startCompiler()
  using headStart = HeadStart.begin(folder)
  await headStart?.begun
  return { began: headStart !== undefined, with: await pack(headStart), without: await pack() }
}

const ability = (body: string, ...imports: string[]): string =>
  [
    `import { VpnExtensionAbility } from '@kit.NetworkKit'`,
    ...imports,
    `export default class MyVpn extends VpnExtensionAbility { ${body} }`,
  ].join('\n')

const projects: Record<string, Record<string, FixtureFile>> = {
  'files beside it, an unused kit and a native module': {
    [entrySource]: ability(
      'a = one + add(1, 2)',
      "import { one } from './one'",
      "import { hilog } from '@kit.PerformanceAnalysisKit'",
      "import { add } from 'libentry.so'",
    ),
    'entry/src/main/ets/one.ets': 'export const one = 1\nexport type Two = 2',
  },
  'files of the folder above': {
    [entrySource]: ability('a = one', "import { one } from '../../main/ets/deep/one'"),
    'entry/src/main/ets/deep/one.ets': "export { one } from '../two'",
    'entry/src/main/ets/two.ts': 'export const one: number = 1',
  },
  'ArkUI in a file and in the entry': {
    [entrySource]: `${ability('a = Page.name', "import { Page } from './Page'")}\n@Component struct Shown { build() { Text('x') } }`,
    'entry/src/main/ets/Page.ets':
      'export class Page {}\n@Entry @Component struct Index { build() { Column() {} } }',
  },
  'a package of the project': {
    [entrySource]: ability('a = one', "import { one } from 'library'"),
    'entry/oh-package.json5': "{ name: 'entry', dependencies: { library: 'file:../library' } }",
    'library/oh-package.json5': "{ name: 'library', main: 'Index.ets' }",
    'library/Index.ets': 'export const one = 1',
  },
  'a module of its own for the build': {
    [entrySource]: ability('a = BuildProfile.DEBUG', "import BuildProfile from 'BuildProfile'"),
  },
}

test.each(Object.entries(projects))('a head start changes nothing: %s', async (_name, files) => {
  using fixture = new ProjectFixture(files)
  const packed = await packTwice(fixture.folder)
  expect(packed.began).toBe(true)
  expect(packed.with).toBe(packed.without)
})

test('what was begun is used when nobody has to be asked: it is there as soon as the project is read', async () => {
  using fixture = new ProjectFixture({ [entrySource]: ability('a = 1') })
  using _compiler = startCompiler()
  using headStart = HeadStart.begin(fixture.folder)
  const taken = headStart?.take(fixture.folder, [{ source: entrySource, key: 'MyVpn' }], {
    begun: () => undefined,
    ended: () => undefined,
    resolve: ({ path }) => Promise.resolve({ path: join(fixture.folder, path) }),
    textOf: () => '',
    sourceOf: () => '',
  })
  expect((await taken)?.outputFiles.map(({ path }) => path.replace(/.*\//, '')).toSorted()).toEqual([
    'MyVpn.cjs',
    'MyVpn.cjs.map',
  ])
  expect(
    headStart?.take(fixture.folder, [{ source: entrySource, key: 'Other' }], expect.anything()),
  ).toBeUndefined()
})

test('errors are told as without it', async () => {
  using fixture = new ProjectFixture({ [entrySource]: ability('a = ', "import { gone } from './gone'") })
  const problems = async (headStart?: HeadStart): Promise<unknown> => {
    const error: unknown = await compileProject(
      await readProject(fixture.folder),
      headStart === undefined ? {} : { headStart },
    ).catch((thrown: unknown) => thrown)
    return error instanceof ProjectError ? error.problems : error
  }
  using headStart = HeadStart.begin(fixture.folder)
  expect(headStart).toBeDefined()
  const told = await problems(headStart)
  expect(told).toHaveLength(1)
  expect(told).toEqual(await problems())
})

test('whoever gives it up leaves nothing that waits', async () => {
  using fixture = new ProjectFixture({ [entrySource]: ability('a = one', "import { one } from 'library'") })
  using _compiler = startCompiler()
  const headStart = HeadStart.begin(fixture.folder)
  await headStart?.begun
  headStart?.[Symbol.dispose]()
  const never = {
    begun: expect.anything(),
    ended: expect.anything(),
    resolve: ({ path }: { path: string }) => Promise.resolve({ path: join(fixture.folder, path) }),
    textOf: expect.anything(),
    sourceOf: expect.anything(),
  }
  await expect(
    headStart?.take(fixture.folder, [{ source: entrySource, key: 'MyVpn' }], never),
  ).resolves.toBeUndefined()
})

test.each<[string, Record<string, FixtureFile>, ((folder: string) => void)?]>([
  ['without a module', { 'entry/src/main/module.json5': '{}' }],
  ['with a module.json5 that is none', { 'entry/src/main/module.json5': '{ module: ' }],
  [
    'without an extension',
    { 'entry/src/main/module.json5': "{ module: { name: 'entry', type: 'entry', abilities: [] } }" },
  ],
  [
    'with a link among its sources',
    {},
    (folder) => symlinkSync('/dev/zero', join(folder, 'entry/src/main/ets/zero.ets')),
  ],
  [
    'with a pipe among its sources',
    {},
    (folder) => void spawnSync('mkfifo', [join(folder, 'entry/src/main/ets/pipe.ets')]),
  ],
  [
    'with an AbilityStage',
    {
      'entry/src/main/module.json5':
        "{ module: { name: 'entry', type: 'entry', srcEntry: './ets/Stage.ets', extensionAbilities: [{ name: 'MyVpn', type: 'vpn', srcEntry: './ets/MyVpn.ets' }] } }",
    },
  ],
])('there is none for a project %s', (_name, files, change) => {
  using fixture = new ProjectFixture({ [entrySource]: ability('a = 1'), ...files })
  change?.(fixture.folder)
  expect(HeadStart.begin(fixture.folder)).toBeUndefined()
})

test('nor for what is no folder of a project', () => {
  using fixture = new ProjectFixture({})
  expect(HeadStart.begin(join(fixture.folder, 'AppScope/app.json5'))).toBeUndefined()
  expect(HeadStart.begin('/no/such/folder')).toBeUndefined()
})
