import { expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import { compileProject } from './compile.ts'
import type { ProjectError } from './project-error.ts'
import { readProject } from './project.ts'

const kit = `import { VpnExtensionAbility } from '@kit.NetworkKit'\n`

/** What compiling an extension's file says; undefined when nothing is wrong with it. */
async function mistake(source: string): Promise<ProjectError | undefined> {
  using fixture = new ProjectFixture({
    [entrySource]: source,
    'entry/src/main/ets/Base.ets': `${kit}export abstract class Base extends VpnExtensionAbility {}`,
  })
  const project = await readProject(fixture.folder)
  return await compileProject(project).then(
    () => undefined,
    (error: unknown) => error as ProjectError,
  )
}

test.each([
  ['export default { onCreate() {} }', 'no class'],
  [`export default 'MyVpn'`, 'no class'],
  ['export default function MyVpn() {}', 'a function'],
  ['export default () => 1', 'a function'],
  ['export default class MyVpn { onCreate() {} }', 'a class that extends nothing'],
  ['@Entry @Component export default struct MyVpn { build() {} }', 'a class that extends nothing'],
  ['class Base {}\nclass MyVpn extends Base {}\nexport { MyVpn as default }', 'a class that extends nothing'],
  [
    `import { UIAbility } from '@kit.AbilityKit'\nexport default class MyVpn extends UIAbility {}`,
    'a class of UIAbility',
  ],
  [
    'export default class MyVpn extends VpnExtensionAbility {}',
    'a class of VpnExtensionAbility, which is not imported',
  ],
  [
    'class Base extends VpnExtensionAbility {}\nexport default class MyVpn extends Base {}',
    'a class of VpnExtensionAbility, which is not imported',
  ],
  [
    `import { vpnExtension } from '@kit.NetworkKit'\nexport default class MyVpn extends vpnExtension.VpnExtensionAbility {}`,
    'a class of vpnExtension.VpnExtensionAbility, which HarmonyOS has not',
  ],
  [
    `import vpnExt from '@ohos.net.vpnExtension'\nclass Base extends vpnExt.VpnExtensionAbility {}\nexport default class MyVpn extends Base {}`,
    'a class of vpnExtension.VpnExtensionAbility, which HarmonyOS has not',
  ],
  [`export { UIAbility as default } from '@kit.AbilityKit'`, 'a class of UIAbility'],
])('%s is told with its line', async (source, what) => {
  expect(await mistake(`// of the extension\n${source}`)).toMatchObject({
    file: entrySource,
    line: source.split('\n').findIndex((line) => /export (?:default|\{)/.test(line)) + 2,
    reason: `its export default is ${what}, and no class that extends VpnExtensionAbility`,
  })
})

test('what is to be written says where the class is from', async () => {
  expect(await mistake('export default 1')).toMatchObject({
    hint: 'write: export default class MyVpnExtensionAbility extends VpnExtensionAbility, of @kit.NetworkKit',
  })
})

test.each([
  `import * as kit from '@kit.NetworkKit'\nexport default class MyVpn extends kit.VpnExtensionAbility {}`,
  `import * as own from './Base'\nconst all = { own }\nexport default class MyVpn extends all.own.Base {}`,
  `${kit}export default class MyVpn extends VpnExtensionAbility { static self = MyVpn.name; #a = 1 }`,
  `${kit}const MyVpn = class extends VpnExtensionAbility {}\nexport default MyVpn`,
  `import Vpn from '@ohos.app.ability.VpnExtensionAbility'\nexport default class MyVpn extends Vpn {}`,
  `import { VpnExtensionAbility as $ } from '@kit.NetworkKit'\nclass $1 extends $ {}\nexport { $1 as default }`,
  `import { Base } from './Base'\nexport default class MyVpn extends Base {}`,
  `export { Base as default } from './Base'`,
  `${kit}namespace N { export class B extends VpnExtensionAbility {} }\nexport default class MyVpn extends N.B {}`,
  `${kit}const mix = (base: Function): Function => base\nexport default class MyVpn extends mix(VpnExtensionAbility) {}`,
  `${kit}function made(): Object { return class extends VpnExtensionAbility {} }\nexport default made()`,
  `${kit}function tag(c: Object): void {}\n@tag\nexport default class MyVpn extends VpnExtensionAbility {}`,
])('nothing is said against %s', async (source) => {
  expect(await mistake(source)).toBeUndefined()
})
