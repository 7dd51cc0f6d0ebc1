import { basename } from 'node:path'

import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import { commonOptions } from './build-options.ts'
import { compileProject } from './compile.ts'
import type { CompiledEntry } from './compile.ts'
import { ProjectError } from './project-error.ts'
import { readProject } from './project.ts'

/*
 * What a bundle holds its extension may send anywhere: so nothing of whoever installs a stranger's project may get into it.
 */

const ability = `import { VpnExtensionAbility } from '@kit.NetworkKit'\nexport default class MyVpn extends VpnExtensionAbility {}\n`
const library = 'entry/src/main/ets/library.js'

/** Somebody's own files, beside the project. */
function ownFiles(): ProjectFixture {
  return new ProjectFixture({
    'own/token.json': '{ "token": "SECRET" }',
    'own/code.js.map':
      '{ "version": 3, "sources": ["code.ts"], "sourcesContent": ["SECRET"], "mappings": "AAAA", "names": [] }',
  })
}

async function compile({ folder }: ProjectFixture): Promise<CompiledEntry> {
  const found = (await compileProject(await readProject(folder))).entries.get('MyVpn')
  if (found === undefined) throw new Error('the entry was not compiled')
  return found
}

/** What esbuild makes of it by itself: the control. */
async function bundleAlone(folder: string): Promise<string> {
  const options = commonOptions(folder, [{ source: entrySource, key: 'MyVpn' }])
  const { outputFiles } = await build({ ...options, external: ['@kit.*'] })
  return outputFiles.map(({ text }) => text).join()
}

const maps: readonly (readonly [title: string, path: string, comment: (own: string) => string])[] = [
  ['a map in the code', entrySource, (own) => `//# sourceMappingURL=${inlineMap(`${own}/own/token.json`)}`],
  [
    'a map in a comment of the other kind',
    entrySource,
    (own) => `/*@ sourceMappingURL=${inlineMap(`file://${own}/own/token.json`)} */`,
  ],
  ['a map in a library', library, (own) => `//# sourceMappingURL=${inlineMap(`${own}/own/token.json`)}`],
  [
    'a map elsewhere',
    library,
    (own) => `//# sourceMappingURL=../../../../../${basename(own)}/own/code.js.map`,
  ],
]

/** A map that has the text of a file filled in. */
function inlineMap(path: string): string {
  const map = { version: 3, sources: [path], mappings: 'AAAA', names: [] }
  return `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`
}

describe.each(maps)('%s that leads to other files', (_title, path, comment) => {
  test('is not merged; the own map is right', async () => {
    using own = ownFiles()
    const start = path === library ? `import { one } from './library'\nconsole.log(one)\n${ability}` : ability
    const code = path === library ? 'export const one = 1\n' : start
    using project = new ProjectFixture({ [entrySource]: start, [path]: code + comment(own.folder) })
    expect(await bundleAlone(project.folder)).toContain('SECRET')
    const compiled = await compile(project)
    expect(compiled.code + compiled.map).not.toContain('SECRET')
    const { sources } = JSON.parse(compiled.map) as { sources: string[] }
    expect(sources.toSorted()).toEqual([...new Set([entrySource, path])].toSorted())
    expect(compiled.warnings).toEqual([])
  })
})

test.each([
  ['', (own: string) => `../../../../../${basename(own)}/own/`],
  [', through a link of its own', () => './link/own/'],
])('import() of a path that is made at run time does not leave the project%s', async (_how, folderOf) => {
  using own = ownFiles()
  const call = `export const take = (name: string) => import(\`${folderOf(own.folder)}\${name}.json\`)\n`
  using project = new ProjectFixture({
    [entrySource]: ability + call,
    'entry/src/main/ets/link': { link: own.folder },
  })
  expect(await bundleAlone(project.folder)).toContain('SECRET')
  const error = await compile(project).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProjectError)
  expect(error).toMatchObject({
    file: entrySource,
    reason: `../${basename(own.folder)}/own/token.json leaves the project folder`,
  })
})

test('import() of a path that is made at run time takes files of the project, as before', async () => {
  using project = new ProjectFixture({
    [entrySource]: `${ability}export const take = (name: string) => import(\`./parts/\${name}.json\`)\n`,
    'entry/src/main/ets/parts/one.json': '{ "text": "PART" }',
  })
  expect((await compile(project)).code).toContain('PART')
})
