import { businessError } from '@vpnext/api'
import type { BundleAbility } from '@vpnext/service/protocol'

import { type Forms, bothForms, callForms } from '../call-forms.ts'
import { integerParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { abilityProfiles, profileQuery } from './ability-profiles.ts'
import type { KitApplicationInfo } from './application-info.ts'
import { bundleEnumerations } from './ability-constants.ts'
import { bundleError } from './bundle-error.ts'
import { bundleFlag, bundleInfo, moduleType, permissionGrantState } from './bundle-info.ts'
import type { InstalledManifest } from './bundle-manifest.ts'

/**
 * `bundleManager` of `@kit.AbilityKit`: what a bundle may know of itself.
 *
 * @param manifest of the own bundle; read at each call
 * @param bundleFolder as the process sees it
 * @param appInfo undefined in a thread without an ability
 */
export function bundleManagerNamespace(
  manifest: () => InstalledManifest,
  bundleFolder: string,
  appInfo: KitApplicationInfo | undefined,
): object {
  const profilesOf = (kind: BundleAbility['kind']): Forms<string[]> =>
    callForms({
      read: profileQuery,
      now: (query) => abilityProfiles(manifest().manifest, bundleFolder, kind, query),
    })
  return provide('bundleManager', {
    ...bothForms({
      getBundleInfoForSelf: callForms({
        read: ([flags]) => integerParameter(flags, 'bundleFlags', 0, 0xffffffff),
        now: (flags) => {
          if (appInfo === undefined) throw businessError(16000011)
          return bundleInfo(manifest(), bundleFolder, appInfo, flags)
        },
      }),
      getProfileByAbility: profilesOf('page'),
      getProfileByExtensionAbility: profilesOf('extension'),
    }),
    /** The page that the bundle begins with. */
    getLaunchWant: () => {
      const { app, modules } = manifest().manifest
      const page = modules.flatMap(({ abilities }) => abilities).find(({ kind }) => kind === 'page')
      if (page === undefined) throw bundleError(17700072, 'the bundle has no page')
      return { bundleName: app.bundleName, abilityName: page.name }
    },
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
