import type { Want } from '@vpnext/api'

import type { VpnExtensionContext } from './extension-context.ts'

/** An extension's class and its callbacks (API document, `VpnExtensionAbility`); a class that extends nothing may lack any. */
export interface ExtensionAbility {
  context: VpnExtensionContext
  onCreate?(want: Want): unknown
  onRequest?(want: Want, startId: number): unknown
  onConnect?(want: Want): unknown
  onDisconnect?(want: Want): unknown
  onDestroy?(): unknown
}

/** The base class of every extension. */
export type ExtensionAbilityClass = new () => ExtensionAbility

/**
 * Makes the base class for this process's ability.
 *
 * Its constructor sets `context`, so that field initialisers of a subclass already see it. The device sets it after the
 * construction, where `createVpnConnection(this.context)` as a field's initial value fails.
 *
 * @param context given to every instance; undefined in a thread without an ability
 */
export function vpnExtensionAbility(context: VpnExtensionContext | undefined): ExtensionAbilityClass {
  return class VpnExtensionAbility {
    declare context: VpnExtensionContext

    constructor() {
      if (context !== undefined) this.context = context
    }

    // They do nothing, and are there for `super.onCreate(want)` and its like.
    onCreate(): void {}
    onRequest(): void {}
    onConnect(): void {}
    onDisconnect(): void {}
    onDestroy(): void {}
  }
}
