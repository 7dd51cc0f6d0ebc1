import { type Want, businessError } from '@vpnext/api'
import { type InstalledBundle, findAbility, isVpnExtension } from '../bundles/installed-bundle.ts'
import type { Caller } from '../identity/standing.ts'
import { type AbilityTarget, hostKind, testType } from './ability-target.ts'

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
  const target = resolveAny(bundles, caller, want)
  if (!isVpnExtension(target.ability)) {
    const detail = { field: 'want.abilityName', reason: 'is not an extension of type vpn' }
    if (hostKind(target) !== 'page') throw businessError(16000002, detail)
    const { bundleName, abilityName } = want
    const hint = `a page is started with  vpnext aa start -b ${bundleName} -a ${abilityName}`
    throw businessError(16000002, { ...detail, hint })
  }
  return target
}

/**
 * Finds the page a want names among the caller's own bundles.
 *
 * @throws BusinessError as {@link resolveWant}; 16000002: the ability is no page
 */
export function resolvePage(bundles: BundleLookup, caller: Caller, want: Want): AbilityTarget {
  const target = resolveAny(bundles, caller, want)
  if (hostKind(target) !== 'page')
    throw businessError(16000002, { field: 'want.abilityName', reason: 'is not a UIAbility' })
  return target
}

/**
 * The suites of tests of a module.
 *
 * @param moduleName undefined: the first that has some. The name of the module that is tested, or, as on the device, of
 * that of its tests (`entry_test`)
 * @throws BusinessError 16000001: there is no such bundle, or it has no tests
 */
export function resolveTests(
  bundles: BundleLookup,
  caller: Caller,
  bundleName: string,
  moduleName: string | undefined,
): AbilityTarget {
  const bundle = bundles.find(caller.uid, bundleName)
  if (bundle === undefined) throw businessError(16000001, { field: 'bundleName', reason: 'is not installed' })
  // Who names no module means what can be started, and not a library.
  const withTests = bundle.manifest.modules
    .filter((module) => module.testSuite !== undefined)
    .toSorted((a, b) => Number(a.type === 'har') - Number(b.type === 'har'))
  const module = withTests.find(
    ({ name }) => moduleName === undefined || name === moduleName || `${name}_test` === moduleName,
  )
  const script = module?.testSuite
  if (module === undefined || script === undefined) {
    const names = withTests.map(({ name }) => name).join(', ')
    const reason =
      names === '' ? 'the bundle has no tests (src/ohosTest)' : `has no tests; these modules have: ${names}`
    throw businessError(16000001, { field: 'moduleName', reason })
  }
  const ability = {
    name: `${module.name}_test`,
    kind: 'page' as const,
    type: testType,
    script,
    exportName: 'default',
    description: '',
  }
  return { module, ability, bundle, owner: caller }
}

function resolveAny(bundles: BundleLookup, caller: Caller, want: Want): AbilityTarget {
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
  return { ...found, bundle, owner: caller }
}

/** @throws BusinessError 16000008 after the end of the bundle's test period */
export function checkTestPeriod(bundle: InstalledBundle, now: number): void {
  const end = bundle.manifest.app.crowdtestingExpiresAt
  if (end !== undefined && now >= end) {
    throw businessError(16000008, { reason: `the test period ended on ${new Date(end).toISOString()}` })
  }
}
