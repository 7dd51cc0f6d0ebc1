import type { BundleArchive } from '@vpnext/service/protocol'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What the service keeps of a bundle's archive beside its scripts and resources. */
export type BundleManifest = Omit<BundleArchive, 'scripts' | 'files'>

/** A manifest and when it was written, which is when the bundle was installed; in ms since 1970. */
export interface InstalledManifest {
  readonly manifest: BundleManifest
  readonly installedAt: number
}

/**
 * Reads `archive.json` of the bundle's folder, which the service has written and checked.
 *
 * @param bundleFolder as the process sees it, e.g. `/bundle`
 * @throws node's error when it is not there
 */
export function readManifest(bundleFolder: string): InstalledManifest {
  const path = join(bundleFolder, 'archive.json')
  const manifest: BundleManifest = JSON.parse(readFileSync(path, 'utf8'))
  return { manifest, installedAt: Math.floor(statSync(path).mtimeMs) }
}
