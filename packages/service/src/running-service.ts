import { join } from 'node:path'
import { currentUserNamespaceIsInitial } from '@vpnext/native'
import { type NetworkSettings, defaultSettings, openJournal, repair } from '@vpnext/network'
import { AbilityControl } from './abilities/ability-control.ts'
import { Abilities } from './abilities/abilities.ts'
import { AuditLog } from './audit/audit-log.ts'
import { BundleStore } from './bundles/bundle-store.ts'
import { ConsentDesk } from './consent/consent-desk.ts'
import { ConsentStore } from './consent/consent-store.ts'
import { answerHost } from './hosts/host-calls.ts'
import { removeCgroup, sweepHostCgroups } from './hosts/host-cgroup.ts'
import { HostDriver } from './hosts/host-driver.ts'
import { HostPlaces } from './hosts/host-places.ts'
import { HostUids } from './identity/host-uids.ts'
import { LogBook } from './logs/log-book.ts'
import { serviceSubject } from './logs/log-entry.ts'
import { servePublic } from './public/serve-public.ts'
import type { Settings } from './settings.ts'
import { ensureFolder } from './state/folder.ts'
import { lockFolder } from './state/folder-lock.ts'
import { ChangeBell } from './status/change-bell.ts'
import { watchTunnelLinks } from './tunnels/link-watch.ts'
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
  await repairNetwork(journal, network, logs)
  signal?.throwIfAborted()

  const bell = new ChangeBell()
  const changed = (): void => bell.ring()
  const uids = HostUids.open(join(settings.stateDir, 'host-uids.json'))
  const consents = ConsentStore.open(join(settings.stateDir, 'consent.json'))
  const bundles = BundleStore.open(join(settings.stateDir, 'bundles'))
  const desk = new ConsentDesk(settings.consentTimeoutMs)
  const places = new HostPlaces(settings, uids)
  await sweepCgroups(places, owned)
  const tunnels = new Tunnels({
    rules: settings,
    network,
    journal,
    faults: settings.faults,
    logs,
    audit,
    changed,
  })
  const driver = new HostDriver({
    settings,
    logs,
    audit,
    places,
    answersOf: (run) => answerHost(run, { control, tunnels, network, logs, changed }),
    removeTunnels: (run) => tunnels.removeOf(run),
    changed,
  })
  const abilities = new Abilities(driver)
  const control = new AbilityControl({ bundles, consents, desk, audit, abilities })
  owned.defer(() => tunnels.close())
  owned.defer(() => abilities.close())
  const watch = watchTunnelLinks(tunnels, logs)
  owned.defer(() => watch[Symbol.dispose]())

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
      consents,
      desk,
      uids,
      places,
      abilities,
      control,
      tunnels,
      logs,
      audit,
      bell,
    },
    settings.runDir,
  )
  owned.defer(() => server.close())
  logs.note('info', serviceSubject, `instance ${settings.instance} listens at ${server.path}`)
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

async function repairNetwork(
  journal: ReturnType<typeof openJournal>,
  network: NetworkSettings,
  logs: LogBook,
): Promise<void> {
  const report = await repair(journal, network)
  for (const { interfaceName, undone, failed } of report.tunnels) {
    logs.note(
      'warn',
      serviceSubject,
      `${interfaceName}: undone after a crash: ${undone.join('; ') || 'nothing was left'}`,
    )
    for (const what of failed) logs.note('error', serviceSubject, `${interfaceName}: not undone: ${what}`)
  }
  for (const what of report.swept) logs.note('warn', serviceSubject, `removed a leftover: ${what}`)
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
