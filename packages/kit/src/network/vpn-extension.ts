import { businessError, checkWantArguments, withoutDescriptors } from '@vpnext/api'

import { Context } from '../ability/context.ts'
import type { AbilityState } from '../ability/ability-state.ts'
import { sendWant } from '../ability/send-want.ts'
import { provide } from '../provided.ts'
import type { ServiceCalls } from '../runtime.ts'
import type { ProcessNet } from './process-net.ts'
import type { SystemCalls } from './system-calls.ts'
import type { Tunnels } from './tunnels.ts'
import { VpnConnection } from './vpn-connection.ts'
import type { Observers, VpnObserver } from './vpn-observer.ts'

/** `vpnExtension` of the API document, as extension code sees it. */
export interface VpnExtensionNamespace extends SystemCalls {
  startVpnExtensionAbility(...args: unknown[]): Promise<void>
  stopVpnExtensionAbility(...args: unknown[]): Promise<void>
  createVpnConnection(...args: unknown[]): VpnConnection
  createVpnObserver(): VpnObserver
}

/** What the namespace is made from; all of it is shared by the connections of the process. */
export interface VpnExtensionParts {
  readonly service: ServiceCalls
  readonly tunnels: Tunnels
  readonly processNet: ProcessNet
  readonly observers: Observers
  readonly system: SystemCalls
  /** Tells whether the ability may still call. */
  readonly state: () => AbilityState
}

/** Builds the namespace. */
export function vpnExtensionNamespace(parts: VpnExtensionParts): VpnExtensionNamespace {
  const { service, tunnels, processNet, observers, system, state } = parts
  return provide('vpnExtension', {
    ...system,
    startVpnExtensionAbility(...args: unknown[]) {
      const want = checkWantArguments(args, 'startVpnExtensionAbility')
      return sendWant(want, (sent, fds) => whenAlive(state(), () => service.startAbility(sent, fds)))
    },
    stopVpnExtensionAbility(...args: unknown[]) {
      // Nothing is delivered; the descriptors of a Want that was kept from the start may be closed long since.
      const want = withoutDescriptors(checkWantArguments(args, 'stopVpnExtensionAbility'))
      return whenAlive(state(), () => service.stopAbility(want))
    },
    // As on the device, of any ability: a page may end the tunnel, and has none of its own (201).
    createVpnConnection(...args: unknown[]) {
      if (args.length !== 1 || !Context.is(args[0])) {
        throw businessError(
          401,
          {
            field: 'context',
            reason: 'is not the context of an ability',
            hint: 'pass this.context of the ability',
          },
          { call: 'createVpnConnection' },
        )
      }
      return new VpnConnection(tunnels, processNet)
    },
    createVpnObserver: () => observers.create(),
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
