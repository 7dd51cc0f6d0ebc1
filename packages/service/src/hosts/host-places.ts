import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { cgroup2Mount, errorText } from '@vpnext/native'
import type { Journal } from '@vpnext/network'
import { type DataOwner, ensureDataFolder } from '../bundles/data-folder.ts'
import type { InstalledBundle } from '../bundles/installed-bundle.ts'
import type { HostRun } from '../abilities/host-run.ts'
import type { HostUids } from '../identity/host-uids.ts'
import { ownIdMap } from '../identity/id-map.ts'
import type { HostLaunch } from '../protocol/host-launch.ts'
import type { Settings } from '../settings.ts'
import { instanceCgroup } from './host-cgroup.ts'
import { HostResolver } from './host-resolver.ts'

/** Where the control groups of this instance go. */
export type CgroupRoot =
  | { readonly kind: 'available'; readonly path: string }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Uid, folders and control groups of hosts on this machine. */
export class HostPlaces {
  readonly cgroupRoot: CgroupRoot
  readonly #settings: Settings
  readonly #uids: HostUids
  readonly #resolver: HostResolver
  readonly #dataRoot: string

  constructor(settings: Settings, uids: HostUids, journal: Journal) {
    this.#settings = settings
    this.#resolver = new HostResolver(settings.resolvConf, settings.stateDir, journal)
    this.#uids = uids
    this.#dataRoot = join(settings.stateDir, 'data')
    this.cgroupRoot = findCgroupRoot(settings.instance)
  }

  /** The uid of a bundle's host; the user's own inside a user namespace that lacks ours, and then why. */
  identityOf(bundle: InstalledBundle): { uid: number; missing: string | undefined } {
    const uid = this.#uids.of(bundle.ownerUid, bundle.bundleName)
    if (canBecome(uid)) return { uid, missing: undefined }
    return { uid: bundle.ownerUid, missing: `own uid: ${uid} does not exist in this user namespace` }
  }

  /**
   * The writable folder of a bundle, made complete, and whom it belongs to.
   *
   * @throws node's error when that is not possible
   */
  dataFolderOf(bundle: InstalledBundle): { dataFolder: string; owner: DataOwner | undefined } {
    return this.#dataFolder(bundle, this.identityOf(bundle).uid)
  }

  /** What stage 1 is told; makes the data folder complete. @throws node's error when that is not possible */
  launchOf(run: HostRun): HostLaunch {
    const { bundle } = run.target
    const { dataFolder, owner } = this.#dataFolder(bundle, run.hostUid)
    return {
      ...(owner !== undefined && { identity: owner }),
      nodePath: this.#settings.nodePath,
      hostImage: this.#settings.hostImage,
      bundleFolder: bundle.folder,
      dataFolder,
      resolvConf: this.#resolver.refresh(),
    }
  }

  /** Shows hosts the resolver configuration of the uplink as it is now. @throws node's error when that is not possible */
  followResolver(): void {
    this.#resolver.refresh()
  }

  #dataFolder(
    { ownerUid, bundleName, manifest }: InstalledBundle,
    hostUid: number,
  ): { dataFolder: string; owner: DataOwner | undefined } {
    const owned = canBecome(hostUid) && hostUid !== process.geteuid?.()
    const owner = owned ? { uid: hostUid, gid: hostUid } : undefined
    const modules = manifest.modules.map((module) => module.name)
    return { dataFolder: ensureDataFolder(this.#dataRoot, ownerUid, bundleName, modules, owner), owner }
  }
}

/** Whether a process may take this uid, and the group of the same number, in the current user namespace. */
function canBecome(id: number): boolean {
  return ownIdMap('uid_map').has(id) && ownIdMap('gid_map').has(id)
}

function findCgroupRoot(instance: string): CgroupRoot {
  const mount = cgroup2Mount()
  if (mount === undefined) return { kind: 'unavailable', reason: 'no cgroup2 is mounted' }
  try {
    accessSync(mount, constants.W_OK)
  } catch (error) {
    return { kind: 'unavailable', reason: errorText(error) }
  }
  return { kind: 'available', path: instanceCgroup(mount, instance) }
}
