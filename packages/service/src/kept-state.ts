import { join } from 'node:path'
import { errorText } from '@vpnext/native'
import { type Journal, type NetworkSettings, defaultSettings, openJournal } from '@vpnext/network'
import { AlwaysOnStore } from './always-on/always-on-store.ts'
import type { AsyncStack } from './async-stack.ts'
import { AuditLog } from './audit/audit-log.ts'
import { BundleStore } from './bundles/bundle-store.ts'
import { ConsentStore } from './consent/consent-store.ts'
import { removeCgroup, sweepHostCgroups } from './hosts/host-cgroup.ts'
import { HostPlaces } from './hosts/host-places.ts'
import { HostUids, firstHostUid, hostUidCount } from './identity/host-uids.ts'
import { ownIdMap } from './identity/id-map.ts'
import { claimUidRange, sweepUidClaims } from './identity/uid-range.ts'
import type { LogBook } from './logs/log-book.ts'
import { serviceSubject } from './logs/log-entry.ts'
import { Policy } from './policy/policy.ts'
import type { Settings } from './settings.ts'
import { ensureFolder } from './state/folder.ts'
import { lockFolder } from './state/folder-lock.ts'
import { repairNetwork } from './tunnels/repair-network.ts'

/** What a service keeps when it ends, or finds when it starts. */
export interface KeptState {
  readonly network: NetworkSettings
  readonly journal: Journal
  /** Tunnels that a crash left closed, for their always-on extensions. */
  readonly closed: Awaited<ReturnType<typeof repairNetwork>>
  readonly audit: AuditLog
  readonly policy: Policy
  readonly uids: HostUids
  readonly places: HostPlaces
  readonly grants: ConsentStore
  readonly bundles: BundleStore
  readonly alwaysOn: AlwaysOnStore
  /** Of the folders of users' bundles, which their hosts see as /data/storage. */
  readonly dataRoot: string
}

/**
 * Locks the folders, undoes what a crash left in the kernel, and opens what is written down.
 *
 * @param owned takes what must be released
 * @throws ServiceError for a folder in use or not a service's, JournalError, SystemError, the signal's reason
 */
export async function openKeptState(
  settings: Settings,
  logs: LogBook,
  owned: AsyncStack,
  signal: AbortSignal | undefined,
): Promise<KeptState> {
  const { stateDir } = settings
  claimFolders(settings, owned)
  const audit = openAudit(settings, logs, owned)
  const network = defaultSettings({
    instance: settings.instance,
    resolvConf: settings.resolvConf,
    ...settings.network,
  })
  const journal = openJournal(join(stateDir, 'journal'), network)
  const closed = await repairNetwork(journal, network, logs)
  journal.makeRoom()
  signal?.throwIfAborted()
  const policy = openPolicy(settings, logs)
  const uids = openHostUids(settings, logs, owned)
  const places = new HostPlaces(settings, uids, journal)
  await sweepCgroups(places, owned)
  return {
    network,
    journal,
    closed,
    audit,
    policy,
    uids,
    places,
    grants: ConsentStore.open(join(stateDir, 'consent.json')),
    bundles: BundleStore.open(join(stateDir, 'bundles')),
    alwaysOn: AlwaysOnStore.open(join(stateDir, 'always-on.json')),
    dataRoot: join(stateDir, 'data'),
  }
}

function claimFolders({ runDir, stateDir }: Settings, owned: AsyncStack): void {
  ensureFolder(stateDir, 0o700)
  const state = lockFolder(stateDir)
  owned.defer(() => state[Symbol.dispose]())
  for (const name of ['bundles', 'data', 'journal']) ensureFolder(join(stateDir, name), 0o700)
  ensureFolder(runDir, 0o755)
  const run = lockFolder(runDir)
  owned.defer(() => run[Symbol.dispose]())
}

function openAudit({ stateDir, instance }: Settings, logs: LogBook, owned: AsyncStack): AuditLog {
  const path = join(stateDir, 'audit.jsonl')
  const { log, verdict } = AuditLog.open(path, (error) => {
    logs.note('error', serviceSubject, `${path}: ${errorText(error)}`)
  })
  owned.defer(() => log.close())
  if (!verdict.intact) logs.note('error', serviceSubject, `${path}: line ${verdict.line} ${verdict.reason}`)
  log.append({ event: 'service-start', instance })
  owned.defer(() => log.note({ event: 'service-stop', instance }))
  return log
}

function openPolicy({ policyDir }: Settings, logs: LogBook): Policy {
  return Policy.open(policyDir, (error) => {
    logs.note('error', serviceSubject, `${errorText(error)}; the policy of before stays in force`)
  })
}

/** In a user namespace without these uids hosts share those of their users. */
function openHostUids({ stateDir, instance }: Settings, logs: LogBook, owned: AsyncStack): HostUids {
  return HostUids.open(join(stateDir, 'host-uids.json'), (known) => {
    if (!ownIdMap('uid_map').has(firstHostUid)) return { first: firstHostUid, count: hostUidCount }
    sweepUidClaims()
    const claim = claimUidRange(instance, known, (message) => {
      logs.note('warn', serviceSubject, message)
    })
    owned.defer(() => claim[Symbol.dispose]())
    return claim.range
  })
}

async function sweepCgroups({ cgroupRoot }: HostPlaces, owned: AsyncStack): Promise<void> {
  if (cgroupRoot.kind === 'unavailable') return
  await sweepHostCgroups(cgroupRoot.path)
  owned.defer(() => void removeCgroup(cgroupRoot.path))
}
