import { businessError } from '@vpnext/api'

import type { AbilityDetails } from './runtime.ts'

/** Permissions that calls of kits need. */
export type Permission =
  'ohos.permission.GET_NETWORK_INFO' | 'ohos.permission.INTERNET' | 'ohos.permission.SET_PAC_URL'

/** @throws BusinessError 201 when the bundle does not ask for the permission */
export type Permit = (permission: Permission) => void

/**
 * Permissions are granted to a bundle that asks for them in the module.json5 of any of its modules.
 *
 * @param ability undefined in a thread without an ability, which does not know: everything is permitted there
 */
export function permitOf(ability: AbilityDetails | undefined): Permit {
  return (permission) => {
    if (ability?.permissions.includes(permission) === false)
      throw businessError(201, { reason: `module.json5 does not ask for ${permission}` })
  }
}

/** Where nobody asks. */
export const permitAll: Permit = () => undefined
