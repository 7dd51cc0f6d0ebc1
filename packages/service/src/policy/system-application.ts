import { businessError } from '@vpnext/api'
import { type InstalledBundle, permissionsOf } from '../bundles/installed-bundle.ts'
import type { Policy } from './policy.ts'

/** What a bundle must ask for in module.json5 to use the system API. */
const managePermission = 'ohos.permission.MANAGE_VPN'

/** @throws BusinessError 202 for a bundle that is no system application, 201 for one that does not ask for the permission */
export function checkSystemApplication(policy: Policy, bundle: InstalledBundle): void {
  if (!policy.decide(bundle).system) throw businessError(202)
  if (!permissionsOf(bundle).includes(managePermission))
    throw businessError(201, { reason: `module.json5 does not ask for ${managePermission}` })
}

/** Whether {@link checkSystemApplication} lets it pass. */
export function isSystemApplication(policy: Policy, bundle: InstalledBundle): boolean {
  return policy.decide(bundle).system && permissionsOf(bundle).includes(managePermission)
}
