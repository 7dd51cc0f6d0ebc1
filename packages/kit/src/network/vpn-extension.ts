import { businessError, checkWantArguments } from '@vpnext/api'

import { VpnExtensionContext } from '../ability/extension-context.ts'
import type { AbilityState } from '../ability/ability-state.ts'
import { provide } from '../provided.ts'
import type { ServiceCalls } from '../runtime.ts'
import type { Tunnels } from './tunnels.ts'
import { VpnConnection } from './vpn-connection.ts'

/** `vpnExtension` of the API document, as extension code sees it. */
export interface VpnExtensionNamespace {
  startVpnExtensionAbility(...args: unknown[]): Promise<void>
  stopVpnExtensionAbility(...args: unknown[]): Promise<void>
  createVpnConnection(...args: unknown[]): VpnConnection
}

/**
 * Builds the namespace.
 *
 * @param tunnels shared by all connections of the process
 * @param state tells whether the ability may still call
 */
export function vpnExtensionNamespace(
  service: ServiceCalls,
  tunnels: Tunnels,
  state: () => AbilityState,
): VpnExtensionNamespace {
  return provide('vpnExtension', {
    startVpnExtensionAbility(...args: unknown[]) {
      const want = checkWantArguments(args, 'startVpnExtensionAbility')
      return whenAlive(state(), () => service.startAbility(want))
    },
    stopVpnExtensionAbility(...args: unknown[]) {
      const want = checkWantArguments(args, 'stopVpnExtensionAbility')
      return whenAlive(state(), () => service.stopAbility(want))
    },
    createVpnConnection(...args: unknown[]) {
      if (args.length !== 1 || !VpnExtensionContext.is(args[0])) {
        throw businessError(
          401,
          {
            field: 'context',
            reason: 'is not the context of a VpnExtensionAbility',
            hint: 'pass this.context of the ability',
          },
          { call: 'createVpnConnection' },
        )
      }
      return new VpnConnection(tunnels)
    },
  })
}

async function whenAlive(state: AbilityState, call: () => Promise<void>): Promise<void> {
  switch (state) {
    case 'absent':
      throw businessError(16000011)
    case 'destroyed':
      throw businessError(16200001)
    case 'alive':
      return call()
  }
}
