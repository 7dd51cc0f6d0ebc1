import { errorText } from '@vpnext/native'
import type { Implementation } from '@vpnext/varlink'
import { bundleKey } from '../abilities/ability-target.ts'
import type { HostRun } from '../abilities/host-run.ts'
import type { InstalledBundle } from '../bundles/installed-bundle.ts'
import type { LogBook } from '../logs/log-book.ts'
import { readNativeLine } from '../logs/native-line.ts'
import type { HostLaunch } from '../protocol/host-launch.ts'
import type { Settings } from '../settings.ts'
import { HostCgroup } from './host-cgroup.ts'
import type { HostPlaces } from './host-places.ts'
import { HostProcess, tellLaunch } from './host-process.ts'
import { readHeapFull } from './memory-short.ts'
import type { Preparation, SpareHost } from './spare-host.ts'

/** What a {@link HostMaker} needs from the rest of the service. */
export interface HostMakerParts {
  readonly settings: Settings
  readonly logs: LogBook
  readonly places: HostPlaces
  readonly spare: SpareHost
  /** Whether this very bundle is installed, with this code. */
  readonly isInstalled: (bundle: InstalledBundle) => boolean
  /** Makes the control group of a run's bundle; may throw. */
  readonly prepareGroup: (run: HostRun) => void
  /** What answers the calls of this run's host. */
  readonly answersOf: (run: HostRun) => Implementation
}

/** Makes the process of a run, from the spare one where that serves, in a control group of its own. */
export class HostMaker {
  readonly #parts: HostMakerParts

  constructor(parts: HostMakerParts) {
    this.#parts = parts
  }

  /**
   * Starts it; the run's stage is `spawned` then.
   *
   * @throws node's error of spawn, or what a test injects
   */
  async make(run: HostRun): Promise<HostProcess> {
    const { settings, places, spare, answersOf, logs } = this.#parts
    settings.faults?.before('spawn')
    const launch = places.launchOf(run)
    const { waiting, prepared } = await spare.take(this.#keyOf(run, launch))
    const process = await HostProcess.launch(waiting, {
      launch: prepared === undefined ? launch : undefined,
      answers: answersOf(run),
      onLine: (source, message) => {
        const native = source === 'stderr' ? readNativeLine(message) : undefined
        if (native !== undefined) {
          if (isCrash(native)) run.crash ??= native.message
          logs.addOf(run, native)
          return
        }
        if (source === 'stderr') run.crash ??= readHeapFull(message)
        const level = source === 'stderr' ? 'warn' : 'info'
        logs.addOf(run, { source, level, domain: 0, tag: '', message })
      },
      onError: (error, where) => logs.note('warn', run.subject, `${where}: ${errorText(error)}`),
    })
    const cgroup = prepared?.cgroup
    if (cgroup !== undefined) run.confined = true
    run.stage = { kind: 'spawned', process, cgroup: cgroup ?? this.#makeCgroup(run) }
    return process
  }

  /** Puts the host in its control group. Never throws. */
  async confine(run: HostRun, pid: number): Promise<void> {
    try {
      if (run.stage.kind !== 'preparing' && !run.confined) await run.stage.cgroup?.add(pid)
    } catch (error) {
      run.missing.push(`control group: ${errorText(error)}`)
    }
  }

  /** Has the spare prepared for the next start of the same extension, which is likely. Never throws. */
  prepareNext(run: HostRun): void {
    const { isInstalled, logs, spare } = this.#parts
    if (!isInstalled(run.target.bundle)) return
    try {
      spare.favour(this.#preparation(run))
    } catch (error) {
      logs.note('warn', run.subject, `its next host cannot be prepared: ${errorText(error)}`)
    }
  }

  /** What the host of a run is made from, in a form to compare. */
  #keyOf({ target }: HostRun, launch: HostLaunch): string {
    const { ownerUid, bundleName, codeHash } = target.bundle
    return JSON.stringify([ownerUid, bundleName, codeHash, target.ability.name, launch])
  }

  #preparation(run: HostRun): Preparation {
    const { places, isInstalled } = this.#parts
    const launch = places.launchOf(run)
    return {
      key: this.#keyOf(run, launch),
      bundle: bundleKey(run.target.bundle),
      prepare: async (waiting) => {
        if (!isInstalled(run.target.bundle)) return undefined
        tellLaunch(waiting, launch)
        const cgroup = this.#makeCgroup(run)
        await cgroup?.add(waiting.pid)
        return { cgroup }
      },
    }
  }

  /** A control group of the run's own; where that is not possible, the status says so. */
  #makeCgroup(run: HostRun): HostCgroup | undefined {
    const root = this.#parts.places.cgroupRoot
    if (root.kind === 'unavailable') {
      run.missing.push(`control group: ${root.reason}`)
      return undefined
    }
    try {
      const { bundle, ability } = run.target
      this.#parts.prepareGroup(run)
      return HostCgroup.create(root.path, bundle.ownerUid, bundle.bundleName, ability.name)
    } catch (error) {
      run.missing.push(`control group: ${errorText(error)}`)
      return undefined
    }
  }
}

/** The first line of packages/arkts/sdk/source/crash-report.c says where, the others who called. */
function isCrash({ level, tag, message }: NonNullable<ReturnType<typeof readNativeLine>>): boolean {
  return level === 'fatal' && tag === 'crash' && message.startsWith('SIG')
}
