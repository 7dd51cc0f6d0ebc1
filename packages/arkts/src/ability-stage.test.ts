import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

import { ProjectFixture, entrySource, moduleWith } from '../test/project-fixture.ts'
import type { FixtureFile } from '../test/project-fixture.ts'
import { hasDefaultExport } from './ability-stage.ts'
import { compileProject } from './compile.ts'
import type { CompiledProject } from './compile.ts'
import { readProject } from './project.ts'

const stageSource = 'entry/src/main/ets/stage/Stage.ets'

/** The smallest project, with a page, and an AbilityStage named in module.json5. */
function stagedProject(files: Readonly<Record<string, FixtureFile>>): ProjectFixture {
  const abilities = `{ "name": "Page", "srcEntry": "./ets/Page.ets" }`
  const module = moduleWith('{ "name": "MyVpn", "srcEntry": "./ets/MyVpn.ets", "type": "vpn" }')
  return new ProjectFixture({
    'entry/src/main/module.json5': module.replace(
      '"type": "entry",',
      `"type": "entry", "srcEntry": "./ets/stage/Stage.ets", "abilities": [${abilities}],`,
    ),
    'entry/src/main/ets/Page.ets': `import { UIAbility } from '@kit.AbilityKit'
export class Page extends UIAbility {}
`,
    ...files,
  })
}

async function compile(fixture: ProjectFixture): Promise<CompiledProject> {
  return await compileProject(await readProject(fixture.folder), { pages: true })
}

const stage = `import { AbilityStage } from '@kit.AbilityKit'
import { Registry } from '../Registry'
export default class Stage extends AbilityStage { onCreate(): void { Registry.text = 'stage' } }
`
const extension = `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { Registry } from './Registry'
export default class MyVpn extends VpnExtensionAbility { onCreate(): string { return Registry.text } }
`
const registry = 'export class Registry { static text: string = "" }\n'

test('an AbilityStage is in the scripts of its module’s abilities, before them, and shares their files', async () => {
  using fixture = stagedProject({
    [stageSource]: stage,
    [entrySource]: extension,
    'entry/src/main/ets/Registry.ets': registry,
  })
  const { entries, pages, warnings } = await compile(fixture)
  expect(warnings).toEqual([])
  expect(entries.get('MyVpn')).toMatchObject({
    exportName: 'default',
    exports: ['default', 'vpnextAbilityStage'],
  })
  expect(pages.get('Page')).toMatchObject({ exportName: 'Page', exports: ['Page', 'vpnextAbilityStage'] })
  const module = { exports: {} as Record<string, new () => { onCreate(): unknown }> }
  const kits = { VpnExtensionAbility: Object, AbilityStage: Object }
  runInNewContext(entries.get('MyVpn')?.code ?? '', { module, require: () => kits })
  const { vpnextAbilityStage: Stage, default: MyVpn } = module.exports
  if (Stage === undefined || MyVpn === undefined) throw new Error('an export is missing')
  new Stage().onCreate()
  expect(new MyVpn().onCreate()).toBe('stage')
})

test('an AbilityStage that does not compile is left out with a warning', async () => {
  using fixture = stagedProject({ [stageSource]: stage })
  const { entries, warnings } = await compile(fixture)
  expect(entries.get('MyVpn')).toMatchObject({ exports: ['default'] })
  expect(warnings.map(({ file, reason }) => `${file}: ${reason}`)).toContain(
    `${entrySource}: runs without its module’s AbilityStage`,
  )
  expect(warnings).toContainEqual(expect.objectContaining({ file: stageSource, line: 2 }))
})

test('an AbilityStage that is not there, or is none, is a mistake of the project', async () => {
  using absent = stagedProject({})
  await expect(compile(absent)).rejects.toMatchObject({
    file: 'entry/src/main/module.json5',
    key: 'module.srcEntry',
    reason: 'no such file: ./ets/stage/Stage.ets',
  })
  using other = stagedProject({ [stageSource]: 'export const stage = 1\n' })
  await expect(compile(other)).rejects.toMatchObject({
    file: stageSource,
    reason: 'exports no class that extends AbilityStage',
  })
})

test.each([
  ['export default class A {}', true],
  ['class A {}\nexport { A as default }', true],
  ["export { default } from './a'", true],
  ["export { default as A } from './a'", false],
  ['// export default A\nexport class A { b = "export default" }', false],
  ["import { default as A } from './a'; export const b = { default: 1 }; switch (1) { default: }", false],
])('%j', (text, expected) => {
  expect(hasDefaultExport(text)).toBe(expected)
})
