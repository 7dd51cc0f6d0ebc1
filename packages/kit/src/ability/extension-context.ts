import type { ExtensionAbilityInfo, ExtensionContextInfo, HapModuleInfo } from '@vpnext/api'

import type { AbilityDetails } from '../runtime.ts'
import { Context, type ContextParts } from './context.ts'

export { ApplicationContext } from './context.ts'

/** What an extension sees as `this.context` (API document, `VpnExtensionContext`). */
export class VpnExtensionContext extends Context implements ExtensionContextInfo {
  readonly currentHapModuleInfo: HapModuleInfo
  readonly extensionAbilityInfo: ExtensionAbilityInfo
  /** Marks what was made here. */
  readonly #own = true

  /**
   * @param ability what the service says of the ability
   * @param parts where the process finds its files, absolute, and what its contexts share
   */
  constructor(ability: AbilityDetails, parts: ContextParts) {
    super(parts, ability.moduleName)
    const { applicationInfo } = parts
    this.currentHapModuleInfo = { name: ability.moduleName, bundleName: ability.bundleName, type: 'entry' }
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

  /** Whether `value` was made here: a look-alike is no context. */
  static is(value: unknown): value is VpnExtensionContext {
    return typeof value === 'object' && value !== null && #own in value && value.#own
  }
}
