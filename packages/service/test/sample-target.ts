import type { AbilityTarget } from '../src/abilities/ability-target.ts'
import { HostRun } from '../src/abilities/host-run.ts'
import { findAbility, type InstalledBundle, manifestOf } from '../src/bundles/installed-bundle.ts'
import { sampleArchive } from './sample-archive.ts'

export const sampleHash: string = 'a'.repeat(64)

/** The sample archive, as if it had been installed. */
export function sampleBundle(changes: Partial<InstalledBundle> = {}): InstalledBundle {
  return {
    ownerUid: 1000,
    bundleName: 'com.example.vpn',
    codeHash: sampleHash,
    installedAt: 1,
    folder: '/nonexistent',
    manifest: manifestOf(sampleArchive()),
    ...changes,
  }
}

/** The extension of the sample bundle. */
export function sampleTarget(changes: Partial<InstalledBundle> = {}): AbilityTarget {
  const bundle = sampleBundle(changes)
  const found = findAbility(bundle, 'VpnAbility', undefined)
  if (found === undefined) throw new Error('the sample bundle has no VpnAbility')
  return { ...found, bundle, owner: { uid: bundle.ownerUid, gid: bundle.ownerUid, groups: [] } }
}

/** A run of the sample extension, without a process. */
export function sampleRun(changes: Partial<InstalledBundle> = {}, hostUid = 20_010_000): HostRun {
  return new HostRun(sampleTarget(changes), hostUid)
}
