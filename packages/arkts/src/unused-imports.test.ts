import { expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import { compileProject } from './compile.ts'
import { describeProblem } from './project-error.ts'
import { readProject } from './project.ts'

test('an import of a file that is not there is told although nothing uses it, once', async () => {
  using fixture = new ProjectFixture({
    'entry/src/main/module.json5': `{ module: { name: 'entry', type: 'entry',
      abilities: [{ name: 'Page', srcEntry: './ets/Page.ets' }],
      extensionAbilities: [{ name: 'MyVpn', srcEntry: './ets/MyVpn.ets', type: 'vpn' }] } }`,
    [entrySource]: `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { model } from './model/Model'
// import { old } from './removed'
const text = "import { a } from './not-code'" + \`from './nor-this'\`
export default class MyVpn extends VpnExtensionAbility { static all = [model, text] }`,
    'entry/src/main/ets/Page.ets': `import { UIAbility } from '@kit.AbilityKit'
import { model } from './model/Model'
export default class Page extends UIAbility { static all = model }`,
    'entry/src/main/ets/model/Model.ets': `import BuildProfile from '../../../../BuildProfile'
import { Gone } from "./Gone"
import type { Type } from '../Types'; import { There } from './There'
export const model = 1
export let it: Gone | Type | There | BuildProfile`,
    'entry/src/main/ets/model/There.d.ets': 'export interface There {}',
  })
  const { warnings } = await compileProject(await readProject(fixture.folder), { pages: true })
  const hint = '(nothing here uses what it would give, but the device’s compiler refuses it)'
  expect(warnings.map(describeProblem)).toEqual([
    `entry/src/main/ets/model/Model.ets:2:22: no such file: ./Gone ${hint}`,
    `entry/src/main/ets/model/Model.ets:3:27: no such file: ../Types ${hint}`,
  ])
})
