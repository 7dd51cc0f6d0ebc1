import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder, writeFileAtomically } from '../state/atomic-write.ts'
import { type CurrentPointer, type InstalledBundle, codeFolder, manifestOf } from './installed-bundle.ts'
import { InvalidBundle } from './invalid-bundle.ts'
import { loadBundles } from './load-bundles.ts'
import { type ReadArchive, readArchive } from './read-archive.ts'
import { unpack } from './unpack.ts'

/** Bundles one user may have installed: each takes a uid and disk space of the machine. */
export const maxBundlesPerUser = 64

/** What an installation did. */
export interface Installation {
  readonly bundle: InstalledBundle
  /** The bundle was installed before, with other code. */
  readonly replaced: boolean
}

/** The installed bundles of all users: one folder each for every (user, bundle, code), and a pointer to the current code. */
export class BundleStore {
  readonly #root: string
  readonly #bundles: Map<string, InstalledBundle>

  private constructor(root: string, bundles: readonly InstalledBundle[]) {
    this.#root = root
    this.#bundles = new Map(bundles.map((bundle) => [keyOf(bundle.ownerUid, bundle.bundleName), bundle]))
  }

  /** @param root the service's `bundles` folder, which only the service can enter */
  static open(root: string): BundleStore {
    return new BundleStore(root, loadBundles(root))
  }

  /** All bundles, of everybody. */
  list(): InstalledBundle[] {
    return [...this.#bundles.values()]
  }

  find(ownerUid: number, bundleName: string): InstalledBundle | undefined {
    return this.#bundles.get(keyOf(ownerUid, bundleName))
  }

  /** Whether somebody else has a bundle of that name. */
  isForeign(ownerUid: number, bundleName: string): boolean {
    return this.list().some((bundle) => bundle.bundleName === bundleName && bundle.ownerUid !== ownerUid)
  }

  /**
   * Installs an archive. From the moment the pointer is on disk the new code is the bundle's code; the old folder stays
   * until `onReplaced` has settled, so that a running host of the old code can end in peace.
   *
   * Calls for the same user must not overlap.
   *
   * @throws InvalidBundle; then nothing has changed
   */
  async install(
    ownerUid: number,
    bytes: Uint8Array,
    onReplaced: (bundle: InstalledBundle) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<Installation> {
    const read = readArchive(bytes)
    const bundleName = read.archive.app.bundleName
    const old = this.find(ownerUid, bundleName)
    if (old?.codeHash === read.codeHash) return { bundle: old, replaced: false }
    const owned = this.list().filter((bundle) => bundle.ownerUid === ownerUid).length
    if (old === undefined && owned >= maxBundlesPerUser) {
      throw new InvalidBundle(
        'app.bundleName',
        `would be one bundle more than the ${maxBundlesPerUser} a user may have`,
      )
    }
    const bundle = await this.#write(ownerUid, read, signal)
    this.#bundles.set(keyOf(ownerUid, bundleName), bundle)
    if (old === undefined) return { bundle, replaced: false }
    await onReplaced(bundle)
    await rm(old.folder, { recursive: true, force: true })
    return { bundle, replaced: true }
  }

  /**
   * Removes a bundle and its code. The bundle is gone for every look-up at once; the folder goes after `onRemoved`.
   *
   * @returns the bundle that was removed; undefined when there was none
   */
  async remove(
    ownerUid: number,
    bundleName: string,
    onRemoved: (bundle: InstalledBundle) => Promise<void>,
  ): Promise<InstalledBundle | undefined> {
    const bundle = this.find(ownerUid, bundleName)
    if (bundle === undefined) return undefined
    const folder = dirname(bundle.folder)
    await rm(join(folder, 'current.json'), { force: true })
    syncFolder(folder)
    this.#bundles.delete(keyOf(ownerUid, bundleName))
    try {
      await onRemoved(bundle)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    return bundle
  }

  async #write(
    ownerUid: number,
    { archive, codeHash }: ReadArchive,
    signal?: AbortSignal,
  ): Promise<InstalledBundle> {
    const bundleName = archive.app.bundleName
    const folder = codeFolder(this.#root, ownerUid, bundleName, codeHash)
    const parent = dirname(folder)
    mkdirSync(parent, { recursive: true, mode: 0o700 })
    const temporary = join(parent, `.new.${randomBytes(8).toString('hex')}`)
    try {
      await unpack(archive, temporary, signal)
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      throw error
    }
    renameSync(temporary, folder)
    syncFolder(parent)
    const installedAt = Date.now()
    const pointer: CurrentPointer = { version: 1, codeHash, installedAt }
    writeFileAtomically(join(parent, 'current.json'), JSON.stringify(pointer))
    return { ownerUid, bundleName, codeHash, installedAt, folder, manifest: manifestOf(archive) }
  }
}

function keyOf(ownerUid: number, bundleName: string): string {
  return `${ownerUid}/${bundleName}`
}
