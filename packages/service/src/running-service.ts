import { dirname, join } from 'node:path'
import { currentUserNamespaceIsInitial } from '@vpnext/native'
import {
  type NetworkSettings,
  defaultSettings,
  openFactsReader,
  openJournal,
  watchApplications,
} from '@vpnext/network'
import { AbilityControl } from './abilities/ability-control.ts'
import { Abilities } from './abilities/abilities.ts'
import { abilityKey } from './abilities/ability-target.ts'
import { AlwaysOn } from './always-on/always-on.ts'
import { AlwaysOnStore } from './always-on/always-on-store.ts'
import { Applications } from './applications/applications.ts'
import { AuditLog } from './audit/audit-log.ts'
import { BundleStore } from './bundles/bundle-store.ts'
import { ConsentDesk } from './consent/consent-desk.ts'
import { ConsentStore } from './consent/consent-store.ts'
import { Consents } from './consent/consents.ts'
import { CommonEvents } from './events/common-events.ts'
import { answerHost } from './hosts/host-calls.ts'
import { removeCgroup, sweepHostCgroups } from './hosts/host-cgroup.ts'
import { TrafficCounts } from './hosts/traffic-counts.ts'
import { HostDriver } from './hosts/host-driver.ts'
import { HostPlaces } from './hosts/host-places.ts'
import { SpareHost } from './hosts/spare-host.ts'
import { WaitingHost, stage1Of } from './hosts/waiting-host.ts'
import { InterProcess } from './ipc/inter-process.ts'
import { HostUids, firstHostUid, hostUidCount } from './identity/host-uids.ts'
import { ownIdMap } from './identity/id-map.ts'
import { claimUidRange, sweepUidClaims } from './identity/uid-range.ts'
import { LogBook } from './logs/log-book.ts'
import { serviceSubject } from './logs/log-entry.ts'
import { Policy } from './policy/policy.ts'
import { servePublic } from './public/serve-public.ts'
import type { Settings } from './settings.ts'
import { ensureFolder } from './state/folder.ts'
import { lockFolder } from './state/folder-lock.ts'
import { ChangeBell } from './status/change-bell.ts'
import { TestRuns } from './test-runs/test-runs.ts'
import { TestScripts } from './test-runs/test-scripts.ts'
import { watchTunnelLinks } from './tunnels/link-watch.ts'
import { adoptClosed } from './tunnels/closed-entry.ts'
import { repairNetwork } from './tunnels/repair-network.ts'
import { watchResolvers } from './tunnels/resolver-watch.ts'
import { TunnelMender } from './tunnels/tunnel-mender.ts'
import { Tunnels } from './tunnels/tunnels.ts'
import { version } from './version.ts'

/**
 * Starts everything, in order: folders and their locks, what a crash left in the kernel, state files, the socket last.
 *
 * @returns what stops it all again, in reverse
 * @throws ServiceError, JournalError or SystemError; then everything begun is released
 */
export async function runService(
  settings: Settings,
  signal: AbortSignal | undefined,
): Promise<AsyncDisposable> {
  const owned = new AsyncStack()
  try {
    await begin(settings, owned, signal)
    return owned
  } catch (error) {
    await owned[Symbol.asyncDispose]()
    throw error
  }
}

async function begin(settings: Settings, owned: AsyncStack, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  claimFolders(settings, owned)
  const logs = new LogBook(settings.log)
  const audit = openAudit(settings, logs, owned)
  const network = defaultSettings({
    instance: settings.instance,
    resolvConf: settings.resolvConf,
    ...settings.network,
  })
  const journal = openJournal(join(settings.stateDir, 'journal'), network)
  const closed = await repairNetwork(journal, network, logs)
  signal?.throwIfAborted()

  const policy = openPolicy(settings, logs)
  const bell = new ChangeBell()
  const changed = (): void => bell.ring()
  const uids = openHostUids(settings, owned)
  const grants = ConsentStore.open(join(settings.stateDir, 'consent.json'))
  const bundles = BundleStore.open(join(settings.stateDir, 'bundles'))
  const desk = new ConsentDesk(settings.consentTimeoutMs)
  const places = new HostPlaces(settings, uids)
  await sweepCgroups(places, owned)
  const spare = new SpareHost(() => WaitingHost.start(settings.nodePath, stage1Of(settings.hostImage)))
  owned.defer(() => spare[Symbol.asyncDispose]())
  const kernel = openFactsReader(network)
  owned.defer(() => kernel[Symbol.dispose]())
  const tunnels = new Tunnels({
    rules: settings,
    network,
    facts: kernel,
    journal,
    installed: () => bundles.list().map((bundle) => bundle.bundleName),
    excludable: () => policy.excludable(),
    endpointsOf: (bundle) =>
      policy
        .decide(bundle)
        .endpoints.map((endpoint) => ({ ...endpoint, family: endpoint.address.includes(':') ? 6 : 4 })),
    isLocked: (bundle) => alwaysOn.locks(bundle),
    scopeFor: (bundle) => policy.decide(bundle).scope,
    faults: settings.faults,
    logs,
    audit,
    changed,
  })
  const applications = new Applications({
    network,
    journal,
    cgroupRoot: places.cgroupRoot,
    tunnels: () => tunnels.list(),
  })
  owned.defer(() => applications[Symbol.dispose]())
  watchApplicationsOf(places, { network, journal, logs }, owned)
  const events = new CommonEvents({
    logs,
    isSystem: (run) => policy.decide(run.target.bundle).system,
  })
  const traffic = new TrafficCounts()
  owned.defer(() => traffic[Symbol.dispose]())
  const driver = new HostDriver({
    settings,
    logs,
    audit,
    places,
    spare,
    isInstalled: ({ ownerUid, bundleName, codeHash }) =>
      bundles.find(ownerUid, bundleName)?.codeHash === codeHash,
    prepareGroup: (run) => applications.prepare(run.target.bundle),
    answersOf: (run) =>
      answerHost(run, {
        control,
        tunnels,
        network,
        logs,
        system,
        events,
        abilities,
        ipc,
        tests,
        traffic,
        changed,
      }),
    expectTunnel: (run) => tunnels.planner.rehearse(run),
    settleTunnels: async (run, reason) => {
      if (alwaysOn.keeps(run, reason)) await tunnels.keepOf(run)
      else await tunnels.removeOf(run)
      if (alwaysOn.restarts(run, reason)) alwaysOn.again(run)
    },
    created: (run) => tests.shown(run),
    ended: (run) => {
      ipc.ended(run)
      tests.ended(run)
      traffic.ended(run)
    },
    changed,
  })
  const abilities = new Abilities(driver, async (isOver) => {
    alwaysOn.cancel(isOver)
    await tunnels.endKept((run) => isOver(abilityKey(run.target)))
  })
  const consents = new Consents({
    policy,
    store: grants,
    desk,
    audit,
    onAnswer: (bundle, allowed) => abilities.tellAnswer(bundle, allowed),
    onAllowed: (bundle) => alwaysOn.ensure(bundle),
  })
  const alwaysOn = new AlwaysOn({
    accounts: settings,
    restartDelayMs: settings.restartDelayMs,
    policy,
    store: AlwaysOnStore.open(join(settings.stateDir, 'always-on.json')),
    bundles,
    consents,
    abilities,
    logs,
    audit,
  })
  const scripts = new TestScripts()
  const tests = new TestRuns(abilities, scripts)
  const ipc = new InterProcess(() => control)
  const system = { policy, bundles, consents, alwaysOn }
  const control = new AbilityControl({
    bundles,
    consents,
    desk,
    audit,
    abilities,
    policy,
    alwaysOn,
    rules: settings,
    scripts,
  })
  owned.defer(() => tunnels.close())
  owned.defer(() => abilities.close())
  owned.defer(() => alwaysOn.close())
  const watch = watchTunnelLinks(tunnels, logs)
  owned.defer(() => watch[Symbol.dispose]())
  await adoptClosed(closed, { tunnels, alwaysOn, logs })
  const mender = new TunnelMender(tunnels, network, logs)
  owned.defer(() => mender[Symbol.dispose]())
  const resolvers = watchResolvers(tunnels, settings.resolvConf, logs)
  owned.defer(() => resolvers[Symbol.dispose]())

  const facts = {
    instance: settings.instance,
    version,
    pid: process.pid,
    startedAt: Date.now(),
    rootless: !currentUserNamespaceIsInitial(),
  }
  const dataRoot = join(settings.stateDir, 'data')
  const server = await servePublic(
    {
      rules: settings,
      facts,
      dataRoot,
      bundles,
      events,
      consents: grants,
      decisions: consents,
      desk,
      uids,
      places,
      abilities,
      spare,
      alwaysOn,
      control,
      tests,
      policy,
      tunnels,
      logs,
      audit,
      bell,
      applications,
    },
    settings.runDir,
  )
  owned.defer(() => server.close())
  alwaysOn.begin()
  logs.note('info', serviceSubject, `instance ${settings.instance} listens at ${server.path}`)
  spare.fill()
}

/** Programs that a desktop starts while a tunnel has a list get their mark as their control group appears. */
function watchApplicationsOf(
  { cgroupRoot }: HostPlaces,
  parts: {
    readonly network: NetworkSettings
    readonly journal: ReturnType<typeof openJournal>
    readonly logs: LogBook
  },
  owned: AsyncStack,
): void {
  if (cgroupRoot.kind === 'unavailable') return
  const { network, journal, logs } = parts
  const place = { root: dirname(cgroupRoot.path), settings: network, journal }
  const watch = watchApplications(place, {
    onError: (error) => {
      const text = error instanceof Error ? error.message : String(error)
      logs.note('warn', serviceSubject, `an application may be unrecognised: ${text}`)
    },
  })
  owned.defer(() => watch[Symbol.dispose]())
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
    logs.note('error', serviceSubject, `${path}: ${error instanceof Error ? error.message : String(error)}`)
  })
  owned.defer(() => log.close())
  if (!verdict.intact) logs.note('error', serviceSubject, `${path}: line ${verdict.line} ${verdict.reason}`)
  log.append({ event: 'service-start', instance })
  owned.defer(() => log.note({ event: 'service-stop', instance }))
  return log
}

function openPolicy({ policyDir }: Settings, logs: LogBook): Policy {
  return Policy.open(policyDir, (error) => {
    const text = error instanceof Error ? error.message : String(error)
    logs.note('error', serviceSubject, `${text}; the policy of before stays in force`)
  })
}

/** In a user namespace without these uids hosts share those of their users. */
function openHostUids({ stateDir, instance }: Settings, owned: AsyncStack): HostUids {
  return HostUids.open(join(stateDir, 'host-uids.json'), (known) => {
    if (!ownIdMap('uid_map').has(firstHostUid)) return { first: firstHostUid, count: hostUidCount }
    sweepUidClaims()
    const claim = claimUidRange(instance, known)
    owned.defer(() => claim[Symbol.dispose]())
    return claim.range
  })
}

async function sweepCgroups({ cgroupRoot }: HostPlaces, owned: AsyncStack): Promise<void> {
  if (cgroupRoot.kind === 'unavailable') return
  await sweepHostCgroups(cgroupRoot.path)
  owned.defer(() => void removeCgroup(cgroupRoot.path))
}

/** What has been begun, released last first. `AsyncDisposableStack` needs Node 24. */
class AsyncStack implements AsyncDisposable {
  readonly #releases: (() => void | Promise<void>)[] = []

  defer(release: () => void | Promise<void>): void {
    this.#releases.push(release)
  }

  /** Releases everything, whatever fails. @throws AggregateError of what failed */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = []
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop()) {
      try {
        await release()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'the service could not release everything')
  }
}
