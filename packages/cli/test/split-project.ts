import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A HarmonyOS project in a temporary folder, removed when disposed of. */
export interface ProjectFolder extends Disposable {
  readonly folder: string
}

export const splitBundle = 'com.example.split'
/** What the tunnel routes; everything else stays where it is. */
export const splitRoute = '10.99.1.0/24'

/** An extension as somebody else writes it: IPv4 only, a split tunnel, the other import style, no server. */
const source = `import vpnExtension from '@ohos.net.vpnExtension'
import VpnExtensionAbility from '@ohos.app.ability.VpnExtensionAbility'
import hilog from '@ohos.hilog'
import type Want from '@ohos.app.ability.Want'

export default class SplitAbility extends VpnExtensionAbility {
  private connection: vpnExtension.VpnConnection = vpnExtension.createVpnConnection(this.context)

  async onCreate(want: Want): Promise<void> {
    await this.connection.create({
      addresses: [{ address: { address: '10.99.0.2', family: 1 }, prefixLength: 24 }],
      routes: [{
        interface: 'vpn-tun',
        destination: { address: { address: '10.99.1.0', family: 1 }, prefixLength: 24 },
        gateway: { address: '0.0.0.0', family: 1 },
        hasGateway: false,
        isDefaultRoute: false
      }],
      isIPv4Accepted: true,
      isIPv6Accepted: false
    })
    hilog.info(0x0002, 'Split', 'up, for %{public}s', want.parameters?.['who'] ?? 'nobody')
  }

  async onDestroy(): Promise<void> {
    await this.connection.destroy()
  }
}
`

const files = {
  'AppScope/app.json5': `{
  app: {
    bundleName: '${splitBundle}',
    vendor: 'example',
    versionCode: 1,
    versionName: '1.0.0', // no icon: vpnext shows none
    label: 'Split VPN',
  },
}
`,
  'entry/src/main/module.json5': `{
  module: {
    name: 'entry',
    type: 'entry',
    extensionAbilities: [
      { name: 'SplitAbility', srcEntry: './ets/SplitAbility.ets', type: 'vpn' },
    ],
    requestPermissions: [{ name: 'ohos.permission.INTERNET' }],
  },
}
`,
  'entry/src/main/ets/SplitAbility.ets': source,
}

/** Makes the project, with the contents of some files replaced by path. */
export function createSplitProject(
  changes: Readonly<Record<string, (text: string) => string>> = {},
): ProjectFolder {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-project-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), changes[path]?.(text) ?? text)
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
