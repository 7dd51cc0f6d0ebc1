import type { ExtensionAbilityInfo, ExtensionContextInfo } from '@vpnext/api'

import type { AbilityDetails } from '../runtime.ts'
import type { AbilityConnections } from './ability-connections.ts'
import { AbilityContext } from './ability-context.ts'
import { configuration } from './configuration.ts'
import type { ContextParts } from './context.ts'

export { ApplicationContext } from './context.ts'

/** What an extension sees as `this.context` (API document, `VpnExtensionContext`). */
export class VpnExtensionContext extends AbilityContext implements ExtensionContextInfo {
  readonly extensionAbilityInfo: ExtensionAbilityInfo
  readonly config: object = configuration()

  /**
   * @param ability what the service says of the ability
   * @param parts where the process finds its files, absolute, and what its contexts share
   * @param connections of the process
   */
  constructor(ability: AbilityDetails, parts: ContextParts, connections: AbilityConnections) {
    super(ability, parts, connections)
    const { applicationInfo } = parts
    this.extensionAbilityInfo = {
      bundleName: ability.bundleName,
      moduleName: ability.moduleName,
      name: ability.abilityName,
      extensionAbilityTypeName: 'vpn',
      exported: false,
      description: '',
      applicationInfo,
    }
  }
}
