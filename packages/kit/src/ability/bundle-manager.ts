import { businessError } from '@vpnext/api'

import { bothForms, callForms } from '../call-forms.ts'
import { integerParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import type { KitApplicationInfo } from './application-info.ts'
import { bundleEnumerations } from './ability-constants.ts'
import { bundleFlag, bundleInfo, moduleType, permissionGrantState } from './bundle-info.ts'
import type { InstalledManifest } from './bundle-manifest.ts'

/**
 * `bundleManager` of `@kit.AbilityKit`: what a bundle may know of itself.
 *
 * @param manifest of the own bundle; read at each call
 * @param appInfo undefined in a thread without an ability
 */
export function bundleManagerNamespace(
  manifest: () => InstalledManifest,
  appInfo: KitApplicationInfo | undefined,
): object {
  return provide('bundleManager', {
    ...bothForms({
      getBundleInfoForSelf: callForms({
        read: ([flags]) => integerParameter(flags, 'bundleFlags', 0, 0xffffffff),
        now: (flags) => {
          if (appInfo === undefined) throw businessError(16000011)
          return bundleInfo(manifest(), appInfo, flags)
        },
      }),
    }),
    /** Nothing here opens links. */
    canOpenLink: (link: unknown) => {
      textParameter(link, 'link')
      return false
    },
    ...bundleEnumerations,
    BundleFlag: provide('bundleManager.BundleFlag', bundleFlag),
    BundleType: provide('bundleManager.BundleType', { APP: 0, ATOMIC_SERVICE: 1 }),
    ModuleType: provide('bundleManager.ModuleType', moduleType),
    PermissionGrantState: provide('bundleManager.PermissionGrantState', permissionGrantState),
  })
}
