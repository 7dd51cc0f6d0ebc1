import VpnExtensionAbility from '@ohos.app.ability.VpnExtensionAbility'
import commonEventManager from '@ohos.commonEventManager'
import type Want from '@ohos.app.ability.Want'
import hilog from '@ohos.hilog'

/** A process of its own, in TypeScript: it makes no VPN, it tells the other one what to do. */
export default class RemoteAbility extends VpnExtensionAbility {
  onRequest(want: Want): Promise<void> {
    const data = String(want.parameters?.['command'] ?? 'pause')
    return new Promise((resolve) => {
      commonEventManager.publish('io.vpnext.samples.events.COMMAND', { data, isOrdered: true }, (error) => {
        hilog.info(0, 'Remote', 'sent %{public}s: %{public}s', data, error ? `${error.code}` : 'ok')
        resolve()
      })
    })
  }
}
