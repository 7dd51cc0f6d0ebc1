import { readFileSync } from 'node:fs'
import { type Want, businessError } from '@vpnext/api'
import { type Implementation, type Peer, isVarlinkError } from '@vpnext/varlink'
import { type AbilityDriver, type EndReason, textOf } from '../abilities/ability.ts'
import type { AbilityTarget } from '../abilities/ability-target.ts'
import { HostRun, type LocalRemote } from '../abilities/host-run.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { LogLevel } from '../logs/log-entry.ts'
import { readNativeLine } from '../logs/native-line.ts'
import { abilityInterface } from '../protocol/host-interface.ts'
import type { HostLaunch } from '../protocol/host-launch.ts'
import type { Settings } from '../settings.ts'
import { HostCgroup } from './host-cgroup.ts'
import type { HostPlaces } from './host-places.ts'
import { bundleKey } from '../abilities/ability-target.ts'
import type { InstalledBundle } from '../bundles/installed-bundle.ts'
import { HostProcess, tellLaunch } from './host-process.ts'
import type { Preparation, SpareHost } from './spare-host.ts'
import { type Outcome, waitFor } from './wait.ts'

/** What a {@link HostDriver} needs from the rest of the service. */
export interface HostDriverParts {
  readonly settings: Settings
  readonly logs: LogBook
  readonly audit: AuditLog
  readonly places: HostPlaces
  readonly spare: SpareHost
  /** Whether this very bundle is installed, with this code. */
  readonly isInstalled: (bundle: InstalledBundle) => boolean
  /** Makes the control group of a run's bundle; may throw. */
  readonly prepareGroup: (run: HostRun) => void
  /** What answers the calls of this run's host. */
  readonly answersOf: (run: HostRun) => Implementation
  /** A host is about to run code that is likely to create a tunnel. Never throws. */
  readonly expectTunnel: (run: HostRun) => void
  /** Removes the tunnels of a run that is over, or keeps them closed for the next. Never throws. */
  readonly settleTunnels: (run: HostRun, reason: EndReason) => Promise<void>
  /** Its ability runs. */
  readonly created: (run: HostRun) => void
  /** A run is over: nobody reaches its objects any more, and what it used is not used by it. Never throws. */
  readonly ended: (run: HostRun) => void
  readonly changed: () => void
}

/** Runs extensions in host processes. */
export class HostDriver implements AbilityDriver {
  readonly #parts: HostDriverParts
  /** Settles when the process of a run is in its control group, or never will be. */
  readonly #spawning = new WeakMap<HostRun, Promise<unknown>>()

  constructor(parts: HostDriverParts) {
    this.#parts = parts
  }

  prepare(target: AbilityTarget): HostRun {
    try {
      const { uid, missing } = this.#parts.places.identityOf(target.bundle)
      const run = new HostRun(target, uid)
      if (missing !== undefined) run.missing.push(missing)
      return run
    } catch (error) {
      throw cannotRun('the host has no uid', error)
    }
  }

  async create(run: HostRun, want: Want, onExit: (how: string) => void): Promise<void> {
    const spawning = this.#spawn(run)
    this.#spawning.set(run, spawning)
    const process = await spawning.catch((error: unknown) => {
      throw cannotRun('the host process cannot be started', error)
    })
    void process.exited.then(onExit)
    // The kernel takes as long for it as the host does to come up.
    const confining = this.#confine(run, process.pid)
    this.#spawning.set(run, confining)
    this.#record('extension-start', run, process.pid)
    await this.#attach(run)
    // No code of the extension runs before.
    await confining
    await this.#onCreate(run, process, want)
    this.#parts.created(run)
  }

  async request(run: HostRun, want: Want): Promise<void> {
    const startId = run.nextStartId()
    await this.#callback(run, 'onRequest', (peer, options) =>
      peer.call(abilityInterface, 'Request', { want, startId }, options),
    )
  }

  async connect(run: HostRun, want: Want): Promise<LocalRemote | undefined> {
    let remote: LocalRemote | undefined
    await this.#callback(run, 'onConnect', async (peer, options) => {
      remote = (await peer.call(abilityInterface, 'Connect', { want }, options)).parameters.remote
    })
    return remote
  }

  async disconnect(run: HostRun, want: Want): Promise<void> {
    await this.#callback(run, 'onDisconnect', (peer, options) =>
      peer.call(abilityInterface, 'Disconnect', { want }, options),
    )
  }

  async finish(run: HostRun, reason: EndReason): Promise<void> {
    await this.#spawning.get(run)?.catch(() => undefined)
    const { stage } = run
    if (reason.kind !== 'stop') this.#note(run, 'error', `${run.target.ability.name}: ${textOf(reason)}`)
    if (stage.kind === 'attached' && reason.kind === 'stop') await this.#onDestroy(run, stage.process)
    if (stage.kind !== 'preparing') {
      stage.process.kill()
      await stage.process.exited
      await this.#attempt(run, 'its control group remains', () => stage.cgroup?.[Symbol.asyncDispose]())
      await this.#attempt(run, 'its channel remains', () => stage.process[Symbol.asyncDispose]())
    }
    this.#parts.ended(run)
    await this.#parts.settleTunnels(run, reason)
    if (stage.kind !== 'preparing') this.#record('extension-end', run, stage.process.pid)
    if (stage.kind === 'attached' && reason.kind === 'stop') this.#prepareNext(run)
  }

  /** Never throws. */
  #prepareNext(run: HostRun): void {
    const { isInstalled, spare } = this.#parts
    if (!isInstalled(run.target.bundle)) return
    try {
      spare.favour(this.#preparation(run))
    } catch (error) {
      this.#note(run, 'warn', `its next host cannot be prepared: ${errorText(error)}`)
    }
  }

  changed(): void {
    this.#parts.changed()
  }

  get #timeoutMs(): number {
    return this.#parts.settings.callbackTimeoutMs
  }

  async #spawn(run: HostRun): Promise<HostProcess> {
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
        const level = source === 'stderr' ? 'warn' : 'info'
        logs.addOf(run, { source, level, domain: 0, tag: '', message })
      },
      onError: (error, where) => this.#note(run, 'warn', `${where}: ${errorText(error)}`),
    })
    const cgroup = prepared?.cgroup
    if (cgroup !== undefined) run.confined = true
    run.stage = { kind: 'spawned', process, cgroup: cgroup ?? this.#makeCgroup(run) }
    return process
  }

  /** What the host of a run is made from, in a form to compare. */
  #keyOf({ target }: HostRun, launch: HostLaunch): string {
    const { ownerUid, bundleName, codeHash } = target.bundle
    return JSON.stringify([
      ownerUid,
      bundleName,
      codeHash,
      target.ability.name,
      launch,
      textOfFile(launch.resolvConf),
    ])
  }

  /** The next start of the same extension is likely; its host can be ready for it. */
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

  /** Puts the host in its control group. Never throws. */
  async #confine(run: HostRun, pid: number): Promise<void> {
    try {
      if (run.stage.kind !== 'preparing' && !run.confined) await run.stage.cgroup?.add(pid)
    } catch (error) {
      run.missing.push(`control group: ${errorText(error)}`)
    }
  }

  /** Waits until the sandbox is up and the host asks what to load. */
  async #attach(run: HostRun): Promise<void> {
    const outcome = await waitFor(run.attached.promise, this.#timeoutMs, run.ending.signal)
    switch (outcome.kind) {
      case 'settled':
        // The answer to Attach is sent before the next turn of the loop, so the host has it before Create comes.
        await new Promise((resolve) => setImmediate(resolve))
        return
      case 'failed':
        throw cannotRun('the host did not come up', outcome.error)
      case 'timed-out':
        throw cannotRun(`the host did not come up within ${this.#timeoutMs} ms`)
      case 'aborted':
        throw cannotRun('the host ended before it was up')
    }
  }

  async #onCreate(run: HostRun, process: HostProcess, want: Want): Promise<void> {
    const connecting = !run.use.started
    const options = { signal: run.ending.signal }
    const call = process.peer.call(abilityInterface, 'Create', { want, connecting }, options)
    // The host has code to load now, and this process nothing to do.
    setImmediate(() => this.#parts.expectTunnel(run))
    const outcome = await waitFor(call, this.#timeoutMs, run.ending.signal)
    if (outcome.kind === 'failed') {
      const { error } = outcome
      if (isVarlinkError(error, abilityInterface, 'LoadFailed')) {
        throw cannotRun(`the extension cannot be loaded: ${error.parameters.reason}`)
      }
      if (!isVarlinkError(error, abilityInterface, 'CallbackFailed'))
        throw cannotRun('the host is lost', error)
    }
    this.#reportCallback(run, 'onCreate', outcome)
  }

  async #callback(
    run: HostRun,
    name: string,
    call: (peer: Peer, options: { signal: AbortSignal }) => Promise<unknown>,
  ): Promise<void> {
    if (run.process === undefined) return
    const { signal } = run.ending
    const answer = call(run.process.peer, { signal })
    this.#reportCallback(run, name, await waitFor(answer, this.#timeoutMs, signal))
  }

  async #onDestroy(run: HostRun, process: HostProcess): Promise<void> {
    // `ending` has fired already; the process' own end settles the call.
    const call = process.peer.call(abilityInterface, 'Destroy', {})
    this.#reportCallback(run, 'onDestroy', await waitFor(call, this.#timeoutMs, new AbortController().signal))
  }

  /** What an extension throws is its own matter: it is logged, and the host lives. */
  #reportCallback(run: HostRun, callback: string, outcome: Outcome<unknown>): void {
    switch (outcome.kind) {
      case 'settled':
      case 'aborted':
        return
      case 'timed-out':
        this.#note(run, 'warn', `${callback} has not settled within ${this.#timeoutMs} ms`)
        return
      case 'failed': {
        const { error } = outcome
        const failed = isVarlinkError(error, abilityInterface, 'CallbackFailed')
        this.#note(run, 'error', `${callback}: ${failed ? error.parameters.reason : errorText(error)}`)
      }
    }
  }

  async #attempt(run: HostRun, otherwise: string, action: () => Promise<void> | undefined): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.#note(run, 'error', `${otherwise}: ${errorText(error)}`)
    }
  }

  #note(run: HostRun, level: LogLevel, message: string): void {
    this.#parts.logs.note(level, run.subject, message)
  }

  #record(event: 'extension-start' | 'extension-end', run: HostRun, pid: number): void {
    const { ownerUid, bundleName, codeHash } = run.target.bundle
    const abilityName = run.target.ability.name
    this.#parts.audit.note({ event, ownerUid, bundleName, codeHash, abilityName, hostUid: run.hostUid, pid })
  }
}

/** '' for a file that cannot be read. */
function textOfFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function cannotRun(reason: string, cause?: unknown): Error {
  const text = cause === undefined ? reason : `${reason}: ${errorText(cause)}`
  return businessError(16000050, { reason: text }, { call: 'startVpnExtensionAbility', cause })
}

/** The first line of packages/arkts/sdk/source/crash-report.c says where, the others who called. */
function isCrash({ level, tag, message }: NonNullable<ReturnType<typeof readNativeLine>>): boolean {
  return level === 'fatal' && tag === 'crash' && message.startsWith('SIG')
}
