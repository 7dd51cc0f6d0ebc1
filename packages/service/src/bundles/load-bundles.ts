import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { removeLeftovers } from '../state/atomic-write.ts'
import { readDocument } from '../state/document.ts'
import { ServiceError } from '../service-error.ts'
import { type InstalledBundle, bundleManifest, codeFolder, currentPointer } from './installed-bundle.ts'

/**
 * Reads what is installed, and removes what an interrupted installation or removal left.
 *
 * @param root the service's `bundles` folder
 * @throws ServiceError `damaged-state` naming the file
 */
export function loadBundles(root: string): InstalledBundle[] {
  const found: InstalledBundle[] = []
  for (const user of readdirSync(root)) {
    if (!/^\d+$/.test(user)) {
      rmSync(join(root, user), { recursive: true, force: true })
      continue
    }
    for (const bundleName of readdirSync(join(root, user))) {
      const bundle = loadBundle(root, Number(user), bundleName)
      if (bundle !== undefined) found.push(bundle)
    }
  }
  return found
}

function loadBundle(root: string, ownerUid: number, bundleName: string): InstalledBundle | undefined {
  const folder = join(root, String(ownerUid), bundleName)
  const pointerPath = join(folder, 'current.json')
  removeLeftovers(pointerPath)
  const pointer = readDocument(pointerPath, currentPointer)
  for (const name of readdirSync(folder)) {
    if (name === 'current.json' || name === pointer?.codeHash) continue
    rmSync(join(folder, name), { recursive: true, force: true })
  }
  if (pointer === undefined) {
    rmSync(folder, { recursive: true, force: true })
    return undefined
  }
  const { codeHash, installedAt } = pointer
  const code = codeFolder(root, ownerUid, bundleName, codeHash)
  const manifest = readDocument(join(code, 'archive.json'), bundleManifest)
  if (manifest === undefined)
    throw new ServiceError('damaged-state', `${join(code, 'archive.json')}: is missing`)
  return { ownerUid, bundleName, codeHash, installedAt, folder: code, manifest }
}
