import { type Want, businessError } from '@vpnext/api'
import { type InstalledBundle, findAbility, isVpnExtension } from '../bundles/installed-bundle.ts'
import type { Caller } from '../identity/standing.ts'
import type { AbilityTarget } from './ability-target.ts'

/** What {@link resolveWant} looks bundles up in. */
export interface BundleLookup {
  find(ownerUid: number, bundleName: string): InstalledBundle | undefined
  isForeign(ownerUid: number, bundleName: string): boolean
}

/**
 * Finds the VPN extension a want names among the caller's own bundles.
 *
 * @throws BusinessError 16000001: names nothing, or nothing that exists; 16000006: the bundle is another user's;
 * 16000002: the ability is no VPN extension
 */
export function resolveWant(bundles: BundleLookup, caller: Caller, want: Want): AbilityTarget {
  const { bundleName = '', abilityName = '' } = want
  if (bundleName === '') throw businessError(16000001, { field: 'want.bundleName', reason: 'is missing' })
  if (abilityName === '') throw businessError(16000001, { field: 'want.abilityName', reason: 'is missing' })
  const bundle = bundles.find(caller.uid, bundleName)
  if (bundle === undefined) {
    const foreign = bundles.isForeign(caller.uid, bundleName)
    throw foreign
      ? businessError(16000006, { field: 'want.bundleName', reason: 'is installed for another user only' })
      : businessError(16000001, { field: 'want.bundleName', reason: 'is not installed' })
  }
  const moduleName = want.moduleName === undefined || want.moduleName === '' ? undefined : want.moduleName
  const found = findAbility(bundle, abilityName, moduleName)
  if (found === undefined) {
    throw businessError(16000001, { field: 'want.abilityName', reason: 'is not an ability of the bundle' })
  }
  if (!isVpnExtension(found.ability)) {
    throw businessError(16000002, { field: 'want.abilityName', reason: 'is not an extension of type vpn' })
  }
  return { ...found, bundle, owner: caller }
}

/** @throws BusinessError 16000008 after the end of the bundle's test period */
export function checkTestPeriod(bundle: InstalledBundle, now: number): void {
  const end = bundle.manifest.app.crowdtestingExpiresAt
  if (end !== undefined && now >= end) {
    throw businessError(16000008, { reason: `the test period ended on ${new Date(end).toISOString()}` })
  }
}
