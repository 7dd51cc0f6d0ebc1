import { dirname } from 'node:path'
import { currentUserNamespaceIsInitial, errorText } from '@vpnext/native'
import {
  type Journal,
  type NetworkSettings,
  openFactsReader,
  openKernelLines,
  watchApplications,
} from '@vpnext/network'
import { AbilityControl } from './abilities/ability-control.ts'
import { Abilities } from './abilities/abilities.ts'
import { abilityKey } from './abilities/ability-target.ts'
import { AlwaysOn } from './always-on/always-on.ts'
import { Applications } from './applications/applications.ts'
import { AsyncStack } from './async-stack.ts'
import { ConsentDesk } from './consent/consent-desk.ts'
import { Consents } from './consent/consents.ts'
import { CommonEvents } from './events/common-events.ts'
import { answerHost } from './hosts/host-calls.ts'
import { TrafficCounts } from './hosts/traffic-counts.ts'
import { HostDriver } from './hosts/host-driver.ts'
import type { HostPlaces } from './hosts/host-places.ts'
import { SpareHost } from './hosts/spare-host.ts'
import { WaitingHost, stage1Of } from './hosts/waiting-host.ts'
import { InterProcess } from './ipc/inter-process.ts'
import { openKeptState } from './kept-state.ts'
import { LogBook } from './logs/log-book.ts'
import { serviceSubject } from './logs/log-entry.ts'
import { servePublic } from './public/serve-public.ts'
import type { Settings } from './settings.ts'
import { ChangeBell } from './status/change-bell.ts'
import { TestRuns } from './test-runs/test-runs.ts'
import { TestScripts } from './test-runs/test-scripts.ts'
import { watchTunnelLinks } from './tunnels/link-watch.ts'
import { adoptClosed } from './tunnels/closed-entry.ts'
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
  const logs = new LogBook(settings.log)
  const state = await openKeptState(settings, logs, owned, signal)
  const { network, journal, audit, policy, uids, places, grants, bundles } = state

  const bell = new ChangeBell()
  const changed = (): void => bell.ring()
  const desk = new ConsentDesk(settings.consentTimeoutMs)
  const spare = new SpareHost(() => WaitingHost.start(settings.nodePath, stage1Of(settings.hostImage)))
  owned.defer(() => spare[Symbol.asyncDispose]())
  const kernel = openFactsReader(network)
  owned.defer(() => kernel[Symbol.dispose]())
  const lines = openKernelLines()
  owned.defer(() => lines[Symbol.dispose]())
  const tunnels = new Tunnels({
    rules: settings,
    network,
    facts: kernel,
    lines,
    journal,
    installed: () => bundles.list().map((bundle) => bundle.bundleName),
    excludable: () => policy.excludable(),
    endpointsOf: (bundle) =>
      policy
        .decide(bundle)
        .endpoints.map((endpoint) => ({ ...endpoint, family: endpoint.address.includes(':') ? 6 : 4 })),
    isLocked: (bundle) => alwaysOn.locks(bundle),
    closesAhead: (bundle) => alwaysOn.closesAhead(bundle),
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
    settleAhead: (run) => tunnels.settleAhead(run.target, () => run.hostUid),
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
  const abilities = new Abilities(driver, async (isOver, opens) => {
    alwaysOn.cancel(isOver)
    await tunnels.endKept((run) => isOver(abilityKey(run.target)), opens)
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
    store: state.alwaysOn,
    bundles,
    consents,
    abilities,
    logs,
    audit,
    settleAhead: (target) => tunnels.settleAhead(target, () => places.identityOf(target.bundle).uid),
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
  await adoptClosed(state.closed, { tunnels, alwaysOn, logs })
  await alwaysOn.closeAhead(({ owner, bundle }) => tunnels.planner.scopeOf(owner, bundle).kind === 'device')
  const mender = new TunnelMender(tunnels, network, logs)
  owned.defer(() => mender[Symbol.dispose]())
  const resolvers = watchResolvers({ tunnels, places }, settings.resolvConf, logs)
  owned.defer(() => resolvers[Symbol.dispose]())

  const facts = {
    instance: settings.instance,
    version,
    pid: process.pid,
    startedAt: Date.now(),
    rootless: !currentUserNamespaceIsInitial(),
  }
  const server = await servePublic(
    {
      rules: settings,
      facts,
      dataRoot: state.dataRoot,
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
    readonly journal: Journal
    readonly logs: LogBook
  },
  owned: AsyncStack,
): void {
  if (cgroupRoot.kind === 'unavailable') return
  const { network, journal, logs } = parts
  const place = { root: dirname(cgroupRoot.path), settings: network, journal }
  const watch = watchApplications(place, {
    onError: (error) => {
      logs.note('warn', serviceSubject, `an application may be unrecognised: ${errorText(error)}`)
    },
  })
  owned.defer(() => watch[Symbol.dispose]())
}
