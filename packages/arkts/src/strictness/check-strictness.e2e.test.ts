import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../../test/project-fixture.ts'
import type { FixtureFile } from '../../test/project-fixture.ts'
import { readProject } from '../project.ts'
import { checkStrictness } from './check-strictness.ts'

/** The real linter looks at small projects; `npm test` has fetched it. */
const kit = `declare module '@kit.NetworkKit' {
  export class VpnExtensionAbility { context: object; onCreate(want: object): void }
}
declare module '@kit.AbilityKit' {
  export interface Want { parameters?: Record<string, Object> }
}
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-strict-'))
  writeFileSync(join(folder, 'kit.d.ts'), kit)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Each finding as `line:column rule`, with the file when it is not the extension's, and `?` when it is uncertain. */
async function findings(
  files: Readonly<Record<string, FixtureFile>>,
  more: readonly string[] = [],
): Promise<string[]> {
  using fixture = new ProjectFixture(files)
  const project = await readProject(fixture.folder)
  const report = await checkStrictness(project, { declarations: [join(folder, 'kit.d.ts'), ...more] })
  return report.findings.map(
    ({ file, line, column, rule, uncertain }) =>
      `${file === entrySource ? '' : `${file}:`}${line}:${column} ${rule}${uncertain ? '?' : ''}`,
  )
}

test('each breach has its place and rule, mistakes of types too; what is ArkTS has none', async () => {
  const extension = `import { VpnExtensionAbility } from '@kit.NetworkKit'
import type { Want } from '@kit.AbilityKit'
interface Server { host: string; port: number }
export default class MyVpn extends VpnExtensionAbility {
  private server: Server = { host: '192.0.2.1', port: 51820 }
  onCreate(want: Want): void {
    var legacy = 1
    let loose: any = want
    const untyped = { host: 'a' }
    const mtu: number = this.server.host
    for (const key in want.parameters) {}
    const sum = (a: number, b: number): number => a + b
    sum(legacy, mtu)
  }
}
`
  expect(await findings({ [entrySource]: extension })).toEqual([
    '7:5 arkts-no-var',
    '8:16 arkts-no-any-unknown',
    '9:21 arkts-no-untyped-obj-literals',
    '10:11 ts2322',
    '11:20 arkts-no-for-in',
  ])
})

test('what threads may share is known: containers of the kit, and what extends ISendable', async () => {
  const extension = `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { collections, lang } from '@kit.ArkTS'
interface Named extends lang.ISendable { name: string }
class Plain { x: number = 1 }
@Sendable
class Counter implements Named {
  name: string = ''
  values: collections.Array<number> = new collections.Array<number>()
  peers: collections.Map<string, Counter> = new collections.Map<string, Counter>()
  bytes: collections.Uint8Array = new collections.Uint8Array(4)
  other?: Named
  list: number[] = []
  plain?: Plain
}
export default class MyVpn extends VpnExtensionAbility {
  private counter: Counter = new Counter()
}
`
  const sendable = fileURLToPath(new URL('../../../kit/types/sendable.d.ts', import.meta.url))
  expect(await findings({ [entrySource]: extension }, [sendable])).toEqual([
    '12:3 arkts-sendable-prop-types',
    '13:3 arkts-sendable-prop-types',
  ])
})

test('types of local libraries and of native modules are known', async () => {
  const extension = `import { VpnExtensionAbility } from '@kit.NetworkKit'
import entry, { add } from 'libentry.so'
import { Counter } from '@ohos/counter'
export default class MyVpn extends VpnExtensionAbility {
  run(): void {
    const sum = entry.add(1, 2) + add(3, 4)
    const counted = new Counter().next()
    const wrong: string = sum
    const alsoWrong: string = counted
  }
}
`
  const files = {
    [entrySource]: extension,
    'entry/oh-package.json5': `{
  name: 'entry',
  dependencies: { 'libentry.so': 'file:./src/main/cpp/types/libentry', '@ohos/counter': 'file:../counter' },
}`,
    'entry/src/main/cpp/types/libentry/Index.d.ts': 'export const add: (a: number, b: number) => number;\n',
    'entry/src/main/cpp/types/libentry/oh-package.json5': `{ name: 'libentry.so', types: './Index.d.ts' }`,
    'counter/oh-package.json5': `{ name: '@ohos/counter', main: 'Index.ets' }`,
    'counter/Index.ets': `export { Counter } from './src/main/ets/Counter'\n`,
    'counter/src/main/ets/Counter.ets': `export class Counter {
  private value: number = 0
  next(): number { return this.value++ }
  peek() { var value = this.value; return value }
}
`,
  }
  expect(await findings(files)).toEqual([
    'counter/src/main/ets/Counter.ets:4:12 arkts-no-var',
    '8:11 ts2322',
    '9:11 ts2322',
  ])
})

test('a page is read; what rests on the types of its components is uncertain', async () => {
  const page = `@Entry
@Component
struct Index {
  @State private label: string = ''
  build() {
    Column() {
      Text(this.label).fontSize(20).onClick((event) => { var now = event })
    }
  }
}
`
  expect(await findings({ 'entry/src/main/ets/pages/Index.ets': page })).toEqual([
    'entry/src/main/ets/pages/Index.ets:7:46 arkts-no-any-unknown?',
    'entry/src/main/ets/pages/Index.ets:7:58 arkts-no-var',
    'entry/src/main/ets/pages/Index.ets:7:62 arkts-no-any-unknown?',
  ])
})

test('packages of others are not looked at', async () => {
  const files = {
    [entrySource]: `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { old } from 'elder'
export default class MyVpn extends VpnExtensionAbility {
  private age: number = old()
}
`,
    'oh_modules/elder/oh-package.json5': `{ name: 'elder', main: 'index.ets' }`,
    'oh_modules/elder/index.ets': 'export function old(): number { var age = 9; return age }\n',
  }
  expect(await findings(files)).toEqual([])
})
