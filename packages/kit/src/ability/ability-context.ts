import type { HapModuleInfo } from '@vpnext/api'

import { isCallback, settle } from '../async-forms.ts'
import type { AbilityDetails } from '../runtime.ts'
import type { AbilityConnections } from './ability-connections.ts'
import { Context, type ContextParts } from './context.ts'

/** What the contexts of pages and of extensions have in common. */
export abstract class AbilityContext extends Context {
  readonly currentHapModuleInfo: HapModuleInfo
  readonly #connections: AbilityConnections

  constructor(ability: AbilityDetails, parts: ContextParts, connections: AbilityConnections) {
    super(parts, ability.moduleName)
    this.currentHapModuleInfo = { name: ability.moduleName, bundleName: ability.bundleName, type: 'entry' }
    this.#connections = connections
  }

  /** See {@link AbilityConnections.connect}. */
  connectServiceExtensionAbility(want: unknown, options: unknown): number {
    return this.#connections.connect(want, options)
  }

  /** With a promise, or a callback. See {@link AbilityConnections.disconnect}. */
  disconnectServiceExtensionAbility(connection: unknown, callback?: unknown): Promise<void> | undefined {
    return settle(this.#connections.disconnect(connection), isCallback<void>(callback) ? callback : undefined)
  }
}
