import { describe, expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { packBundle } from './bundle-archive.ts'
import { compileProject } from './compile.ts'
import { readProject } from './project.ts'

/** Has esbuild ask about every import, and says nothing that changes anything. */
const askAll = { 'package.json': '{ "sideEffects": true }' }

const ability = `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { helper } from './Helper'
export default class MyVpn extends VpnExtensionAbility { help = helper }`

async function compiled(
  files: Record<string, FixtureFile>,
): Promise<{ bytes: string; kits: readonly string[] }> {
  using fixture = new ProjectFixture(files)
  const project = await compileProject(await readProject(fixture.folder))
  return { bytes: Buffer.from(packBundle(project)).toString(), kits: project.kits }
}

const ets = 'entry/src/main/ets'

describe('imports that esbuild resolves by itself give the bundle of those it asks about', () => {
  test.each<[string, Record<string, string>]>([
    [
      'files, with and without extensions',
      {
        [`${ets}/Helper.ets`]: `import data from './data.json'\nimport { part } from './part.ts'\nexport const helper = [data, part]`,
        [`${ets}/data.json`]: '[1]',
        [`${ets}/part.ts`]: 'export const part = 1',
      },
    ],
    [
      '.ets before .ts',
      {
        [`${ets}/Helper.ets`]: 'export const helper = 1',
        [`${ets}/Helper.ts`]: 'export const helper = 2',
      },
    ],
    ['the index of a folder', { [`${ets}/Helper/Index.ets`]: 'export const helper = 1' }],
    [
      'kits that only unused code loads',
      {
        [`${ets}/Helper.ets`]: `import { hilog } from '@kit.PerformanceAnalysisKit'
import fileIo from '@ohos.file.fs'
export const helper = fileIo
export function unused() { hilog.info() }`,
      },
    ],
    [
      'kits that are loaded for nothing else',
      { [`${ets}/Helper.ets`]: `import '@kit.ArkData'\nexport const helper = 1` },
    ],
    [
      'types alone',
      {
        [`${ets}/Helper.ets`]: `import { Shape } from './Absent'\nimport { Want } from '@kit.AbilityKit'
export const helper = (shape: Shape, want: Want) => [shape, want]`,
      },
    ],
    [
      'modules that are made',
      {
        [`${ets}/Helper.ets`]: `import BuildProfile from 'BuildProfile'\nexport const helper = BuildProfile`,
      },
    ],
    [
      'pages',
      { [`${ets}/Helper.ets`]: `@Entry struct Page { build() { Column() {} } }\nexport const helper = Page` },
    ],
    [
      'native modules, and kits of each kind of import',
      {
        [`${ets}/Helper.ets`]: `import native from 'libentry.so'
import * as data from '@kit.ArkData'
import router, { Router } from '@ohos.router'
export { hilog } from '@kit.PerformanceAnalysisKit'
export * from '@ohos.base'
export const helper = [native, data, router, () => import('@ohos.zlib'), new Router()]`,
      },
    ],
    [
      'JavaScript',
      {
        [`${ets}/Helper.js`]: `import fs from '@ohos.file.fs'\nexport const helper = [fs, require('./old.js')]`,
        [`${ets}/old.js`]: 'module.exports = require("@ohos.router")',
      },
    ],
  ])('%s', async (_name, files) => {
    const project = { [entrySource]: ability, ...files }
    const few = await compiled(project)
    expect(few).toEqual(await compiled({ ...project, ...askAll }))
    expect(few.bytes).toContain('MyVpn')
  })

  test('where a package.json would have a say, too', async () => {
    const files = {
      [entrySource]: ability,
      [`${ets}/Helper.ts`]: `import fs from '@ohos.file.fs'\nimport './effect'\nexport const helper = fs`,
      [`${ets}/effect.ets`]: `globalThis.effect = 1`,
    }
    const plain = await compiled(files)
    expect(plain.bytes).toContain('globalThis.effect')
    for (const text of ['{ "sideEffects": false }', '{ "type": "module" }'])
      expect(await compiled({ ...files, 'package.json': text })).toEqual(plain)
  })

  test('where a file is a link, too', async () => {
    const files = { [`${ets}/Part.ets`]: 'export const helper = 1', [entrySource]: ability }
    const plain = await compiled({ ...files, [`${ets}/Helper.ets`]: `export * from './Part'` })
    const linked = await compiled({ ...files, [`${ets}/Helper.ets`]: { link: 'Part.ets' } })
    expect(linked.kits).toEqual(plain.kits)
    expect(linked.bytes).toContain('helper = 1')
  })

  test.each([
    ['a link', { [`${ets}/Helper.ets`]: { link: '/dev/zero' } }],
    ['a path', { [`${ets}/Helper.ets`]: `export { helper } from '../../../../../../../../../dev/zero'` }],
    [
      'a detour',
      {
        [`${ets}/Helper.ets`]: `export { helper } from '../../../../library/Part'`,
        'library/Part.ets': `export { helper } from './zero'`,
        'library/zero.ets': { link: '/dev/zero' },
      },
    ],
  ])('a device is not read, by %s', async (_name, files) => {
    await expect(compiled({ [entrySource]: ability, ...files })).rejects.toThrow(/no such file/)
  })
})
