import { errorText } from '@vpnext/native'
import {
  type ApiCall,
  businessError,
  checkAuthorizedStateArguments,
  checkIsAlwaysOnArguments,
  checkSetAlwaysOnArguments,
} from '@vpnext/api'

import type { AbilityDetails, LogLine, ServiceCalls } from '../runtime.ts'

/** The system API of `vpnExtension`. */
export interface SystemCalls {
  setAlwaysOnVpnEnabled(...args: unknown[]): Promise<void>
  isAlwaysOnVpnEnabled(...args: unknown[]): Promise<boolean>
  updateVpnAuthorizedState(...args: unknown[]): boolean
}

const permission = 'ohos.permission.MANAGE_VPN'

/**
 * Makes the calls. Who may call is looked at here, so that the one that answers at once can; the service looks again.
 *
 * @param ability undefined in a thread without an ability: nobody may call there
 * @param log hears of what the service makes of an answer that was given already
 */
export function systemCalls(
  service: ServiceCalls,
  ability: AbilityDetails | undefined,
  log: (line: LogLine) => void,
): SystemCalls {
  const check = (call: ApiCall): void => checkSystemCaller(ability, call)
  return {
    setAlwaysOnVpnEnabled(...args) {
      const { enable, bundleName } = checkSetAlwaysOnArguments(args)
      return checked('setAlwaysOnVpnEnabled', check, () => service.setAlwaysOn(bundleName, enable))
    },
    isAlwaysOnVpnEnabled(...args) {
      const { bundleName } = checkIsAlwaysOnArguments(args)
      return checked('isAlwaysOnVpnEnabled', check, () => service.isAlwaysOn(bundleName))
    },
    updateVpnAuthorizedState(...args) {
      const { bundleName, allow } = checkAuthorizedStateArguments(args)
      check('updateVpnAuthorizedState')
      service.updateAuthorization(bundleName, allow).catch((error: unknown) => {
        const message = `updateVpnAuthorizedState: ${errorText(error)}`
        log({ level: 'error', domain: 0, tag: 'vpnext', message })
      })
      return true
    },
  }
}

/** @throws BusinessError 202, 201 */
function checkSystemCaller(ability: AbilityDetails | undefined, call: ApiCall): void {
  if (ability?.systemApplication !== true) {
    throw businessError(202, { hint: 'an administrator makes a bundle a system application' }, { call })
  }
  if (!ability.permissions.includes(permission)) {
    throw businessError(201, { reason: `module.json5 does not ask for ${permission}` }, { call })
  }
}

async function checked<T>(call: ApiCall, check: (call: ApiCall) => void, work: () => Promise<T>): Promise<T> {
  check(call)
  return await work()
}
