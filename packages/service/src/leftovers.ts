import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cgroup2Mount } from '@vpnext/native'
import { type Journal, type NetworkSettings, defaultSettings, openJournal, repair } from '@vpnext/network'
import { instanceCgroup, listHostCgroups, sweepHostCgroups } from './hosts/host-cgroup.ts'
import { sweepUidClaims } from './identity/uid-range.ts'
import { ServiceError } from './service-error.ts'
import { folderHolder, lockFolder } from './state/folder-lock.ts'

/** Which instance of the service is meant, and where it kept its things; as in {@link ServiceOptions}. */
export interface InstancePlace {
  readonly stateDir: string
  readonly instance: string
  readonly resolvConf: string
}

/** Something that an instance which was killed could not take away itself. */
export type Leftover =
  | {
      readonly kind: 'tunnel'
      /** There was none: its traffic was closed until there would be one. */
      readonly ahead: boolean
      readonly interfaceName: string
      readonly bundleName: string
    }
  /** A control group of a host, or of the whole instance; whatever still runs in it is a leftover too. */
  | { readonly kind: 'cgroup'; readonly path: string }

/** What {@link removeLeftovers} came to, in words. */
export interface Removal {
  readonly removed: readonly string[]
  readonly failed: readonly string[]
}

/**
 * Looks for what an instance left behind in this kernel and network namespace. Changes nothing.
 *
 * @throws ServiceError `in-use` while the instance runs: what it has is its own affair
 * @throws JournalError, ServiceError `damaged-state`; node's EACCES when the state folder is closed to the caller
 */
export function findLeftovers(place: InstancePlace): Leftover[] {
  const journal = openJournalIfAny(place)
  const tunnels = journal?.entries() ?? []
  return [
    ...tunnels.map(({ interfaceName, owner, lockdown }): Leftover => {
      const ahead = lockdown?.request.ahead === true
      return { kind: 'tunnel', ahead, interfaceName, bundleName: owner.bundleName }
    }),
    ...listHostCgroups(cgroupRoot(place)).map((path): Leftover => ({ kind: 'cgroup', path })),
  ]
}

/**
 * Takes away what an instance left behind, as its next start would. Idempotent; no service of the instance starts meanwhile.
 *
 * @param options.keepsAlwaysOn tunnels that are always-on stay closed, as at the next start; else they are opened too
 * @throws what {@link findLeftovers} throws
 * @throws SystemError when rtnetlink or nft do not answer
 */
export async function removeLeftovers(
  place: InstancePlace,
  { keepsAlwaysOn = false }: { readonly keepsAlwaysOn?: boolean } = {},
): Promise<Removal> {
  const removed: string[] = []
  const failed: string[] = []
  using _lock = existsSync(place.stateDir) ? lockFolder(place.stateDir) : undefined
  const journal = openJournalIfAny(place, process.pid)
  if (journal !== undefined) {
    const { tunnels, swept } = await repair(journal, networkSettings(place), {
      keepsClosed: () => keepsAlwaysOn,
    })
    for (const tunnel of tunnels) {
      removed.push(...tunnel.undone)
      failed.push(...tunnel.failed.map((reason) => `${tunnel.interfaceName}: ${reason}`))
    }
    removed.push(...swept)
  }
  sweepUidClaims()
  const root = cgroupRoot(place)
  const before = listHostCgroups(root)
  await sweepHostCgroups(root)
  const after = new Set(listHostCgroups(root))
  for (const path of before) (after.has(path) ? failed : removed).push(`control group ${path}`)
  return { removed, failed }
}

/** @param self the pid that may hold the state folder */
function openJournalIfAny(place: InstancePlace, self?: number): Journal | undefined {
  const holder = folderHolder(place.stateDir)
  if (holder !== undefined && holder !== self) {
    throw new ServiceError('in-use', `${place.stateDir}: is in use by the service with pid ${holder}`)
  }
  const directory = join(place.stateDir, 'journal')
  return existsSync(directory) ? openJournal(directory, networkSettings(place)) : undefined
}

function networkSettings({ instance, resolvConf }: InstancePlace): NetworkSettings {
  return defaultSettings({ instance, resolvConf })
}

/** A path that does not exist where no cgroup2 is mounted. */
function cgroupRoot({ instance }: InstancePlace): string {
  return instanceCgroup(cgroup2Mount() ?? '/sys/fs/cgroup', instance)
}
