import { asyncForm } from '../call-forms.ts'
import {
  integerParameter,
  listParameter,
  objectParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { missingMembers, provide } from '../provided.ts'

/** `abilityAccessCtrl.GrantStatus`. */
const grantStatus = { PERMISSION_DENIED: -1, PERMISSION_GRANTED: 0 } as const

/**
 * `abilityAccessCtrl` of `@kit.AbilityKit`. What module.json5 asks for is granted, because the user has agreed to the bundle as a whole;
 * nothing else is, and nobody is asked again.
 *
 * @param permissions that the own bundle asks for
 */
export function accessControlNamespace(permissions: readonly string[]): object {
  const status = (permission: string): number =>
    permissions.includes(permission) ? grantStatus.PERMISSION_GRANTED : grantStatus.PERMISSION_DENIED
  const check = asyncForm(read, (permission) => Promise.resolve(status(permission)))
  const checkNow = (...args: unknown[]): number => status(read(args))
  const manager = Object.assign(Object.create(missingMembers('AtManager')), {
    checkAccessToken: check,
    checkAccessTokenSync: checkNow,
    verifyAccessToken: check,
    verifyAccessTokenSync: checkNow,
    requestPermissionsFromUser: asyncForm(
      ([context, list]) => {
        objectParameter(context, 'context')
        return listParameter(list, 'permissionList', textParameter)
      },
      (list) =>
        Promise.resolve({
          permissions: list,
          authResults: list.map(status),
          dialogShownResults: list.map(() => false),
        }),
    ),
  })
  return provide('abilityAccessCtrl', {
    createAtManager: () => manager,
    GrantStatus: provide('abilityAccessCtrl.GrantStatus', grantStatus),
    PermissionRequestToggleStatus: provide('abilityAccessCtrl.PermissionRequestToggleStatus', {
      CLOSED: 0,
      OPEN: 1,
    }),
  })
}

function read([token, permission]: readonly unknown[]): string {
  integerParameter(token, 'tokenID')
  const name = textParameter(permission, 'permissionName')
  if (name === '') throw parameterError('permissionName', 'is empty')
  return name
}
