import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A text becomes a file, `{ link }` a symbolic link, undefined leaves the file out. */
export type FixtureFile = string | { readonly link: string } | undefined

/** A project in a temporary folder, gone when disposed. */
export class ProjectFixture implements Disposable {
  readonly folder: string

  /** The smallest complete project, with `changes` laid over it. */
  constructor(changes: Readonly<Record<string, FixtureFile>> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'vpnext-arkts-'))
    for (const [path, content] of Object.entries({ ...smallest, ...changes })) {
      if (content === undefined) continue
      const file = join(this.folder, path)
      mkdirSync(dirname(file), { recursive: true })
      if (typeof content === 'string') writeFileSync(file, content)
      else symlinkSync(content.link, file)
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true })
  }
}

export const entrySource = 'entry/src/main/ets/MyVpn.ets'

const smallest: Record<string, FixtureFile> = {
  'AppScope/app.json5': `{
  // comments, trailing commas and unknown keys are accepted
  app: {
    bundleName: 'com.example.vpn',
    versionCode: 7,
    versionName: '1.2.3',
    label: '$string:app_name',
    minAPIVersion: 12,
  },
}
`,
  'AppScope/resources/base/element/string.json': '{ "string": [{ "name": "app_name", "value": "Example" }] }',
  'entry/src/main/module.json5': `{
  "module": {
    "name": "entry",
    "type": "entry",
    "deviceTypes": ["phone"],
    "extensionAbilities": [
      {
        "name": "MyVpn",
        "srcEntry": "./ets/MyVpn.ets",
        "type": "vpn",
      },
    ],
    "requestPermissions": [{ "name": "ohos.permission.INTERNET" }],
  },
}
`,
  [entrySource]: `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { Want } from '@kit.AbilityKit'
export default class MyVpn extends VpnExtensionAbility {
  onCreate(want: Want): void {}
}
`,
}

/** module.json5 of the smallest project with the given lines in place of its one extension's. */
export function moduleWith(extension: string): string {
  return `{
  "module": {
    "name": "entry",
    "type": "entry",
    "extensionAbilities": [${extension}]
  }
}
`
}
