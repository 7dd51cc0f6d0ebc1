import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import type { BundleAbility, BundleModule } from '@vpnext/service/protocol'

import { sdkApiVersion } from '../basic/device-facts.ts'
import type { KitApplicationInfo } from './application-info.ts'
import type { InstalledManifest } from './bundle-manifest.ts'

/** `bundleManager.BundleFlag`: what of a bundle is asked for. */
export const bundleFlag = {
  GET_BUNDLE_INFO_DEFAULT: 0x0,
  GET_BUNDLE_INFO_WITH_APPLICATION: 0x1,
  GET_BUNDLE_INFO_WITH_HAP_MODULE: 0x2,
  GET_BUNDLE_INFO_WITH_ABILITY: 0x4,
  GET_BUNDLE_INFO_WITH_EXTENSION_ABILITY: 0x8,
  GET_BUNDLE_INFO_WITH_REQUESTED_PERMISSION: 0x10,
  GET_BUNDLE_INFO_WITH_METADATA: 0x20,
  GET_BUNDLE_INFO_WITH_DISABLE: 0x40,
  GET_BUNDLE_INFO_WITH_SIGNATURE_INFO: 0x80,
  GET_BUNDLE_INFO_WITH_MENU: 0x100,
  GET_BUNDLE_INFO_WITH_ROUTER_MAP: 0x200,
  GET_BUNDLE_INFO_WITH_SKILL: 0x800,
} as const

/** `bundleManager.ModuleType`. */
export const moduleType = { ENTRY: 1, FEATURE: 2, SHARED: 3 } as const
/** `bundleManager.PermissionGrantState`. */
export const permissionGrantState = { PERMISSION_DENIED: -1, PERMISSION_GRANTED: 0 } as const

/**
 * `BundleInfo` of the own bundle. Members about icons and skills are not there: it has no window. Its signature is the hash of what is installed,
 * for nobody signs it.
 *
 * @param flags of {@link bundleFlag}, combined
 */
export function bundleInfo(
  { manifest, installedAt }: InstalledManifest,
  bundleFolder: string,
  appInfo: KitApplicationInfo,
  flags: number,
): object {
  const wants = (flag: number): boolean => (flags & flag) !== 0
  const { app, modules } = manifest
  const permissions = [...new Set(modules.flatMap((module) => module.permissions))]
  return {
    name: app.bundleName,
    vendor: app.vendor,
    versionCode: app.versionCode,
    versionName: app.versionName,
    minCompatibleVersionCode: app.versionCode,
    targetVersion: sdkApiVersion,
    installTime: installedAt,
    updateTime: installedAt,
    firstInstallTime: installedAt,
    uid: appInfo.uid,
    appIndex: 0,
    appInfo: wants(bundleFlag.GET_BUNDLE_INFO_WITH_APPLICATION)
      ? {
          ...appInfo,
          metadataArray: wants(bundleFlag.GET_BUNDLE_INFO_WITH_METADATA)
            ? modules.map(({ name, metadata = [] }) => ({ moduleName: name, metadata }))
            : [],
        }
      : undefined,
    signatureInfo: wants(bundleFlag.GET_BUNDLE_INFO_WITH_SIGNATURE_INFO)
      ? signatureInfo(app.bundleName, bundleFolder)
      : undefined,
    hapModulesInfo: wants(bundleFlag.GET_BUNDLE_INFO_WITH_HAP_MODULE)
      ? modules.map((module) => hapModuleInfo(module, appInfo, flags))
      : [],
    reqPermissionDetails: wants(bundleFlag.GET_BUNDLE_INFO_WITH_REQUESTED_PERMISSION)
      ? modules.flatMap(({ name, permissions: own }) =>
          own.map((permission) => ({ name: permission, moduleName: name, reason: '', reasonId: 0 })),
        )
      : [],
    permissionGrantStates: wants(bundleFlag.GET_BUNDLE_INFO_WITH_REQUESTED_PERMISSION)
      ? permissions.map(() => permissionGrantState.PERMISSION_GRANTED)
      : [],
  }
}

function hapModuleInfo(module: BundleModule, appInfo: KitApplicationInfo, flags: number): object {
  const listed = (kind: BundleAbility['kind'], flag: number): object[] =>
    (flags & flag) === 0
      ? []
      : module.abilities
          .filter((ability) => ability.kind === kind)
          .map((ability) => ({
            ...abilityInfo(ability, module, appInfo),
            metadata: withMetadata ? (ability.metadata ?? []) : [],
          }))
  const withMetadata = (flags & bundleFlag.GET_BUNDLE_INFO_WITH_METADATA) !== 0
  return {
    name: module.name,
    type: typeNumber(module.type),
    mainElementName: module.abilities[0]?.name ?? '',
    metadata: withMetadata ? (module.metadata ?? []) : [],
    abilitiesInfo: listed('page', bundleFlag.GET_BUNDLE_INFO_WITH_ABILITY),
    extensionAbilitiesInfo: listed('extension', bundleFlag.GET_BUNDLE_INFO_WITH_EXTENSION_ABILITY),
  }
}

function abilityInfo(ability: BundleAbility, module: BundleModule, appInfo: KitApplicationInfo): object {
  return {
    bundleName: appInfo.name,
    moduleName: module.name,
    name: ability.name,
    description: ability.description,
    enabled: true,
    exported: false,
    ...(ability.kind === 'extension' && { extensionAbilityTypeName: ability.type }),
    applicationInfo: appInfo,
  }
}

function typeNumber(type: BundleModule['type']): number {
  switch (type) {
    case 'entry':
      return moduleType.ENTRY
    case 'feature':
      return moduleType.FEATURE
    case 'shared':
    case 'har':
      return moduleType.SHARED
    default:
      return type satisfies never
  }
}

/** `SignatureInfo`: the fingerprint is the SHA-256 of the manifest, the scripts and the libraries that are installed. */
function signatureInfo(bundleName: string, bundleFolder: string): object {
  const hash = createHash('sha256').update(readFileSync(join(bundleFolder, 'archive.json')))
  for (const folder of ['scripts', 'libs']) {
    const path = join(bundleFolder, folder)
    const names = existsSync(path) ? readdirSync(path).toSorted() : []
    for (const name of names) hash.update(name).update(readFileSync(join(path, name)))
  }
  const fingerprint = hash.digest('hex').toUpperCase()
  return { appId: `${bundleName}_${fingerprint}`, fingerprint, appIdentifier: '' }
}
