import { join } from 'node:path'
import type { Infer } from '@vpnext/varlink'
import * as z from 'zod'
import { omit } from 'zod/mini'
import {
  type BundleAbility,
  type BundleArchive,
  type BundleModule,
  bundleArchive,
} from '../protocol/bundle.ts'
import type { bundleInfo } from '../protocol/types.ts'

/** What is kept of an archive beside its unpacked scripts and resources: archive.json in the bundle's folder. */
export const bundleManifest = omit(bundleArchive, { scripts: true, files: true, libs: true })
export type BundleManifest = z.infer<typeof bundleManifest>

export function manifestOf(archive: BundleArchive): BundleManifest {
  const { scripts: _scripts, files: _files, libs: _libs, ...manifest } = archive
  return manifest
}

/** current.json: which code of a bundle is installed. */
export const currentPointer = z.strictObject({
  version: z.literal(1),
  codeHash: z.string().regex(/^[0-9a-f]{64}$/),
  installedAt: z.int().nonnegative(),
})
export type CurrentPointer = z.infer<typeof currentPointer>

/** A bundle of one user, unpacked. */
export interface InstalledBundle {
  readonly ownerUid: number
  readonly bundleName: string
  readonly codeHash: string
  /** Milliseconds since the epoch. */
  readonly installedAt: number
  /** Holds archive.json, scripts/, resources/ and perhaps libs/; shown to the host as /bundle. */
  readonly folder: string
  readonly manifest: BundleManifest
}

/** An ability and the module that declares it. */
export interface DeclaredAbility {
  readonly module: BundleModule
  readonly ability: BundleAbility
}

/** Finds an ability by its name, which is unique in a bundle. */
export function findAbility(
  bundle: InstalledBundle,
  abilityName: string,
  moduleName: string | undefined,
): DeclaredAbility | undefined {
  for (const module of bundle.manifest.modules) {
    if (moduleName !== undefined && moduleName !== module.name) continue
    const ability = module.abilities.find((candidate) => candidate.name === abilityName)
    if (ability !== undefined) return { module, ability }
  }
  return undefined
}

/** The extension that runs when only the bundle is named: its first of type vpn. */
export function firstVpnAbility(bundle: InstalledBundle): DeclaredAbility | undefined {
  for (const module of bundle.manifest.modules) {
    const ability = module.abilities.find(isVpnExtension)
    if (ability !== undefined) return { module, ability }
  }
  return undefined
}

/** Whether an ability can be started by startVpnExtensionAbility. */
export function isVpnExtension({ kind, type }: BundleAbility): boolean {
  return kind === 'extension' && type === 'vpn'
}

/** Every permission the bundle asks for, once. */
export function permissionsOf(bundle: InstalledBundle): string[] {
  return [...new Set(bundle.manifest.modules.flatMap((module) => module.permissions))]
}

/** The bundle as the protocol shows it. */
export function describeBundle(bundle: InstalledBundle): Infer<typeof bundleInfo> {
  const { app, modules, kits } = bundle.manifest
  return {
    bundleName: bundle.bundleName,
    label: app.label,
    vendor: app.vendor,
    versionCode: app.versionCode,
    versionName: app.versionName,
    codeHash: bundle.codeHash,
    ownerUid: bundle.ownerUid,
    installedAt: bundle.installedAt,
    abilities: modules.flatMap((module) =>
      module.abilities.map(({ name, kind, type }) => ({ moduleName: module.name, name, kind, type })),
    ),
    permissions: permissionsOf(bundle),
    kits: [...kits],
  }
}

/** The folder of one code of a bundle. */
export function codeFolder(root: string, ownerUid: number, bundleName: string, codeHash: string): string {
  return join(root, String(ownerUid), bundleName, codeHash)
}
