import type { Want } from '@vpnext/api'
import { errorText } from '@vpnext/native'
import { type AbilityDriver, type EndReason, textOf } from '../abilities/ability.ts'
import { type AbilityTarget, hostKind } from '../abilities/ability-target.ts'
import type { CarriedWant } from '../abilities/carried-want.ts'
import { HostRun, type LocalRemote } from '../abilities/host-run.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { LogLevel } from '../logs/log-entry.ts'
import { AbilityCallbacks } from './ability-callbacks.ts'
import { cannotRun } from './cannot-run.ts'
import type { HostProcess } from './host-process.ts'
import { HostMaker, type HostMakerParts } from './host-maker.ts'
import { waitFor } from './wait.ts'

/** What a {@link HostDriver} needs from the rest of the service. */
export interface HostDriverParts extends HostMakerParts {
  readonly audit: AuditLog
  /** Before a host of an extension starts: what the policy closes while it has no tunnel is closed. Never throws. */
  readonly settleAhead: (run: HostRun) => Promise<void> | undefined
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
  readonly #maker: HostMaker
  readonly #callbacks: AbilityCallbacks
  /** Settles when the process of a run is in its control group, or never will be. */
  readonly #spawning = new WeakMap<HostRun, Promise<unknown>>()

  constructor(parts: HostDriverParts) {
    this.#parts = parts
    this.#maker = new HostMaker(parts)
    this.#callbacks = new AbilityCallbacks(parts.settings.callbackTimeoutMs, parts.logs)
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

  async create(run: HostRun, want: CarriedWant, onExit: (how: string) => void): Promise<void> {
    const spawning = this.#make(run)
    this.#spawning.set(run, spawning)
    const process = await spawning.catch((error: unknown) => {
      throw cannotRun('the host process cannot be started', error)
    })
    void process.exited.then(onExit)
    // The kernel takes as long for it as the host does to come up.
    const confining = this.#maker.confine(run, process.pid)
    this.#spawning.set(run, confining)
    this.#record('extension-start', run, process.pid)
    await this.#attach(run)
    // No code of the extension runs before.
    await confining
    await this.#callbacks.create(run, process, want, () => this.#parts.expectTunnel(run))
    this.#parts.created(run)
  }

  request(run: HostRun, want: CarriedWant): Promise<void> {
    return this.#callbacks.request(run, want)
  }

  connect(run: HostRun, want: CarriedWant): Promise<LocalRemote | undefined> {
    return this.#callbacks.connect(run, want)
  }

  disconnect(run: HostRun, want: Want): Promise<void> {
    return this.#callbacks.disconnect(run, want)
  }

  async finish(run: HostRun, reason: EndReason): Promise<void> {
    await this.#spawning.get(run)?.catch(() => undefined)
    const { stage } = run
    if (reason.kind !== 'stop') this.#note(run, 'error', `${run.target.ability.name}: ${textOf(reason)}`)
    if (stage.kind === 'attached' && reason.kind === 'stop') await this.#callbacks.destroy(run, stage.process)
    if (stage.kind !== 'preparing') {
      stage.process.kill()
      await stage.process.exited
      await this.#attempt(run, 'its control group remains', () => stage.cgroup?.[Symbol.asyncDispose]())
      await this.#attempt(run, 'its channel remains', () => stage.process[Symbol.asyncDispose]())
    }
    this.#parts.ended(run)
    await this.#parts.settleTunnels(run, reason)
    if (stage.kind !== 'preparing') this.#record('extension-end', run, stage.process.pid)
    if (stage.kind === 'attached' && reason.kind === 'stop') this.#maker.prepareNext(run)
  }

  changed(): void {
    this.#parts.changed()
  }

  get #timeoutMs(): number {
    return this.#parts.settings.callbackTimeoutMs
  }

  async #make(run: HostRun): Promise<HostProcess> {
    const settled = hostKind(run.target) === 'extension' ? this.#parts.settleAhead(run) : undefined
    if (settled !== undefined) await settled
    return await this.#maker.make(run)
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
