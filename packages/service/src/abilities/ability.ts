import { businessError } from '@vpnext/api'
import type { Want } from '@vpnext/api'
import { abilityKey, type AbilityTarget } from './ability-target.ts'
import type { CarriedWant } from './carried-want.ts'
import type { HostRun, LocalRemote } from './host-run.ts'

/**
 * Where an extension is in its life. Every change happens in {@link Ability}; what a state waits for is part of it.
 * A start in `stopping` waits for `ended` and then begins a new run; none is lost.
 */
export type AbilityState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly run: HostRun }
  | { readonly kind: 'running'; readonly run: HostRun }
  | { readonly kind: 'stopping'; readonly run: HostRun; readonly ended: Promise<void> }

/** Why a run ends: asked to, in which case onDestroy runs first, or because something is broken. */
export type EndReason =
  | { readonly kind: 'stop' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'exited'; readonly how: string }

/** A run that has ended without being asked to. */
export interface UnaskedEnd {
  readonly run: HostRun
  readonly reason: Exclude<EndReason, { kind: 'stop' }>
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What an {@link Ability} drives; every promise settles in bounded time. */
export interface AbilityDriver {
  /** Makes the run of a target; nothing is started yet. @throws BusinessError 16000050 */
  prepare(target: AbilityTarget): HostRun
  /**
   * Starts the host and runs onCreate(want), then onRequest(want, 1), as the device does; without the latter for a run that
   * nobody has started yet.
   *
   * @param onExit the process has ended, whenever that is
   * @throws BusinessError 16000050 when the host or the extension cannot run
   */
  create(run: HostRun, want: CarriedWant, onExit: (how: string) => void): Promise<void>
  /** Runs onRequest(want, startId); what it throws is logged, not thrown. */
  request(run: HostRun, want: CarriedWant): Promise<void>
  /**
   * Runs onConnect(want).
   *
   * @returns the remote object that it returned; undefined when it returned none
   * @throws BusinessError 16000050 naming `onConnect` when that throws, rejects or does not settle
   */
  connect(run: HostRun, want: CarriedWant): Promise<LocalRemote | undefined>
  /** Runs onDisconnect(want), as {@link request} does. */
  disconnect(run: HostRun, want: Want): Promise<void>
  /** Runs onDestroy for a stop, ends the process, removes its tunnels and releases everything. Never throws. */
  finish(run: HostRun, reason: EndReason): Promise<void>
  /** A state has changed. */
  changed(): void
}

/** Somebody's use of an extension. */
export interface AbilityUse {
  readonly run: HostRun
  /** As {@link AbilityDriver.connect} gives it. */
  readonly remote: LocalRemote | undefined
  /** Ends the use; again: nothing. */
  readonly end: () => Promise<void>
}

/** The life cycle of one extension of one bundle of one user. */
export class Ability {
  readonly key: string
  readonly #driver: AbilityDriver
  #state: AbilityState = { kind: 'stopped' }
  #unasked: UnaskedEnd | undefined

  constructor(target: AbilityTarget, driver: AbilityDriver) {
    this.key = abilityKey(target)
    this.#driver = driver
  }

  get state(): AbilityState {
    return this.#state
  }

  /** How it last ended without being asked to; undefined once it was started or stopped since. */
  get unasked(): UnaskedEnd | undefined {
    return this.#unasked
  }

  /**
   * Starts the extension, or gives a running one the request. A host of other code than the target's is stopped first.
   *
   * @param accepted called when the start is under way: its process is there and none of its code has run yet, or its turn comes
   * after what runs now. Not called when the start fails before that
   * @returns once onCreate, or onRequest, has settled or was given up waiting for
   * @throws BusinessError 16000050; starts that waited for the same host fail with the same error
   */
  async start(
    want: CarriedWant,
    target: AbilityTarget,
    accepted: () => void = () => undefined,
  ): Promise<void> {
    if (this.#state.kind !== 'stopped') accepted()
    for (;;) {
      const state = this.#state
      switch (state.kind) {
        case 'stopped':
          await this.#begin(want, target, { started: true, connections: 0 }, accepted)
          return
        case 'starting':
          if (isSameCode(state.run, target)) await state.run.created.promise
          else await this.stop()
          break
        case 'running':
          if (isSameCode(state.run, target)) {
            state.run.use.started = true
            await this.#driver.request(state.run, want)
            return
          }
          await this.stop()
          break
        case 'stopping':
          await state.ended
          break
      }
    }
  }

  /**
   * Begins to use the extension, which is created without a request when it does not run yet.
   *
   * As on the device, onConnect runs for the first of those who use it at a time, and the others get what it returned;
   * onDisconnect runs when the last has gone, and an extension that nobody has started ends then.
   *
   * @returns once onConnect has
   * @throws BusinessError 16000050, naming `onConnect` where that has failed: the use has ended then, without onDisconnect
   */
  async connect(want: CarriedWant, target: AbilityTarget): Promise<AbilityUse> {
    for (;;) {
      const state = this.#state
      switch (state.kind) {
        case 'stopped':
          await this.#begin(want, target, { started: false, connections: 0 })
          break
        case 'starting':
          if (isSameCode(state.run, target)) await state.run.created.promise
          else await this.stop()
          break
        case 'running':
          if (isSameCode(state.run, target)) {
            return await this.#use(state.run, want)
          }
          await this.stop()
          break
        case 'stopping':
          await state.ended
          break
      }
    }
  }

  async #use(run: HostRun, want: CarriedWant): Promise<AbilityUse> {
    run.use.connections += 1
    const connected = (run.connected ??= this.#driver.connect(run, want))
    const remote = await connected.catch(async (error: unknown) => {
      // Whoever comes next is a first one again.
      if (run.connected === connected) run.connected = undefined
      await this.#release(run)
      throw error
    })
    let ended = false
    const end = async (): Promise<void> => {
      if (ended) return
      ended = true
      await this.#disconnect(run, want.withoutDescriptors())
    }
    return { run, remote, end }
  }

  async #disconnect(run: HostRun, want: Want): Promise<void> {
    await this.#release(run, async () => {
      run.connected = undefined
      await this.#driver.disconnect(run, want)
    })
  }

  /** One use less; with the last one the extension ends, unless somebody has started it. */
  async #release(run: HostRun, last: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    if (this.#state.kind !== 'running' || this.#state.run !== run) return
    run.use.connections -= 1
    if (run.use.connections > 0) return
    await last()
    if (run.use.connections === 0 && !run.use.started) await this.#end(run, { kind: 'stop' })
  }

  /** Stops the extension. @returns once its process has ended and its tunnels are gone */
  async stop(): Promise<void> {
    const state = this.#state
    switch (state.kind) {
      case 'stopped':
        this.#unasked = undefined
        return
      case 'starting':
      case 'running':
        await this.#end(state.run, { kind: 'stop' })
        return
      case 'stopping':
        await state.ended
    }
  }

  /** Ends a run that misbehaves, if it is still the current one. */
  fail(run: HostRun, reason: string): void {
    void this.#end(run, { kind: 'failed', reason })
  }

  #begin(
    want: CarriedWant,
    target: AbilityTarget,
    use: HostRun['use'],
    accepted: () => void = () => undefined,
  ): Promise<void> {
    const run = this.#driver.prepare(target)
    run.use = use
    run.attached.promise.then(accepted, () => undefined)
    this.#unasked = undefined
    // The host makes the first onRequest itself, after onCreate.
    if (use.started) run.nextStartId()
    this.#become({ kind: 'starting', run })
    void this.#create(run, want)
    return run.created.promise
  }

  async #create(run: HostRun, want: CarriedWant): Promise<void> {
    const onExit = (how: string): void => void this.#end(run, { kind: 'exited', how })
    try {
      await this.#driver.create(run, want, onExit)
    } catch (error) {
      run.created.reject(error instanceof Error ? error : new Error(String(error)))
      void this.#end(run, { kind: 'failed', reason: reasonOf(error) })
      return
    }
    if (this.#state.kind !== 'starting' || this.#state.run !== run) return
    this.#become({ kind: 'running', run })
    run.created.resolve()
  }

  #end(run: HostRun, reason: EndReason): Promise<void> {
    const state = this.#state
    if (state.kind === 'stopped' || state.run !== run) return Promise.resolve()
    if (state.kind === 'stopping') return state.ended
    if (reason.kind !== 'stop') this.#unasked = { run, reason, at: Date.now() }
    const ended = this.#finish(run, reason)
    this.#become({ kind: 'stopping', run, ended })
    run.ending.abort()
    run.created.reject(
      businessError(16000050, { reason: `the extension ended while it started: ${textOf(reason)}` }),
    )
    return ended
  }

  async #finish(run: HostRun, reason: EndReason): Promise<void> {
    // Not before the state says so.
    await Promise.resolve()
    await this.#driver.finish(run, reason)
    this.#become({ kind: 'stopped' })
  }

  #become(state: AbilityState): void {
    this.#state = state
    this.#driver.changed()
  }
}

function isSameCode(run: HostRun, target: AbilityTarget): boolean {
  return run.target.bundle.codeHash === target.bundle.codeHash
}

/** An end, in words for a log and an error. */
export function textOf(reason: EndReason): string {
  switch (reason.kind) {
    case 'stop':
      return 'it was stopped'
    case 'failed':
      return reason.reason
    case 'exited':
      return `its host ended with ${reason.how}`
    default:
      return reason satisfies never
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const data: unknown = 'data' in error ? error.data : undefined
  const hasReason =
    typeof data === 'object' && data !== null && 'reason' in data && typeof data.reason === 'string'
  return hasReason ? String(data.reason) : error.message
}
