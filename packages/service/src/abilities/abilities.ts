import { businessError } from '@vpnext/api'
import { Ability, type AbilityDriver, type AbilityUse, type UnaskedEnd } from './ability.ts'
import { type AbilityTarget, abilityKey, bundleKey } from './ability-target.ts'
import type { CarriedWant } from './carried-want.ts'
import { deferred } from '../deferred.ts'
import type { HostRun } from './host-run.ts'
import { abilityInterface } from '../protocol/host-interface.ts'

/** A live host and the state of its extension. */
export interface LiveHost {
  readonly state: 'starting' | 'running' | 'stopping'
  readonly run: HostRun
}

/**
 * Takes back what is kept for extensions that were stopped, told by their keys.
 *
 * @param opens whether that goes for what the policy closes while there is no tunnel: not for an end that no administrator asked for
 */
type Released = (isOver: (key: string) => boolean, opens: boolean) => Promise<void>

/** The extensions of all bundles that run, or did since the service started. */
export class Abilities {
  readonly #driver: AbilityDriver
  readonly #released: Released
  readonly #abilities = new Map<string, Ability>()
  #open = true

  constructor(driver: AbilityDriver, released: Released) {
    this.#driver = driver
    this.#released = released
  }

  /**
   * Starts an extension; see {@link Ability.start}.
   *
   * @param want given away, as below
   * @throws BusinessError 16000050 once the service stops
   */
  async start(want: CarriedWant, target: AbilityTarget, accepted?: () => void): Promise<void> {
    using carried = want
    await this.#ability(target).start(carried, target, accepted)
  }

  /**
   * Starts an extension, without waiting for what its code does.
   *
   * @returns once the start is under way, see {@link Ability.start}
   * @throws BusinessError 16000050 where it fails before that; later failures are in the log
   */
  async begin(want: CarriedWant, target: AbilityTarget): Promise<void> {
    const accepted = deferred<void>()
    const started = this.start(want, target, () => accepted.resolve())
    await Promise.race([accepted.promise, started])
  }

  /** Begins to use an extension; see {@link Ability.connect}. @throws BusinessError 16000050 once the service stops */
  async connect(want: CarriedWant, target: AbilityTarget): Promise<AbilityUse> {
    using carried = want
    return await this.#ability(target).connect(carried, target)
  }

  #ability(target: AbilityTarget): Ability {
    if (!this.#open) throw businessError(16000050, { reason: 'the service is stopping' })
    const key = abilityKey(target)
    const ability = this.#abilities.get(key) ?? new Ability(target, this.#driver)
    this.#abilities.set(key, ability)
    return ability
  }

  /** Stops an extension; one that does not run is stopped already. */
  async stop(key: string, { opens = true }: { readonly opens?: boolean } = {}): Promise<void> {
    await this.#abilities.get(key)?.stop()
    await this.#released((other) => other === key, opens)
  }

  /** Stops every extension of a (user, bundle). @param options.opens false: other code takes its place */
  async stopBundle(
    bundle: { readonly ownerUid: number; readonly bundleName: string },
    { opens = true }: { readonly opens?: boolean } = {},
  ): Promise<void> {
    const prefix = `${bundleKey(bundle)}/`
    const theirs = [...this.#abilities.values()].filter((ability) => ability.key.startsWith(prefix))
    await Promise.all(theirs.map((ability) => ability.stop()))
    for (const { key, state } of theirs) if (state.kind === 'stopped') this.#abilities.delete(key)
    await this.#released((key) => key.startsWith(prefix), opens)
  }

  /** Stops everything; no start succeeds after that. */
  async close(): Promise<void> {
    this.#open = false
    await Promise.all([...this.#abilities.values()].map((ability) => ability.stop()))
  }

  /** Stops what runs for a target; see {@link stop}. */
  async stopTarget(target: AbilityTarget): Promise<void> {
    await this.stop(abilityKey(target))
  }

  /** Stops one run, if it is still its ability's current one. @returns once its process has ended */
  async stopRun(run: HostRun): Promise<void> {
    if (this.stateOf(run) !== undefined) await this.stop(abilityKey(run.target), { opens: false })
  }

  /** Ends a run that misbehaves. */
  fail(run: HostRun, reason: string): void {
    this.#abilities.get(abilityKey(run.target))?.fail(run, reason)
  }

  /** Tells every host of a (user, bundle) that the user has answered. Those that do not listen miss it. */
  tellAnswer(bundle: { readonly ownerUid: number; readonly bundleName: string }, allowed: boolean): void {
    for (const { run } of this.live()) {
      if (bundleKey(run.target.bundle) !== bundleKey(bundle)) continue
      const told = run.process?.peer.call(abilityInterface, 'AuthorizationResult', { allowed })
      told?.catch(() => undefined)
    }
  }

  /** The hosts that exist now. */
  live(): LiveHost[] {
    const hosts: LiveHost[] = []
    for (const { state } of this.#abilities.values()) {
      if (state.kind !== 'stopped') hosts.push({ state: state.kind, run: state.run })
    }
    return hosts
  }

  /** How those that do not run ended, where nobody had asked them to; oldest first. */
  ended(): UnaskedEnd[] {
    const all = [...this.#abilities.values()]
    const ends = all.flatMap(({ state, unasked }) => (state.kind === 'stopped' ? (unasked ?? []) : []))
    return ends.toSorted((a, b) => a.at - b.at)
  }

  /** The state of a run, if it is still its extension's current one. */
  stateOf(run: HostRun): LiveHost['state'] | undefined {
    return this.live().find((host) => host.run === run)?.state
  }

  /** Whether a process is a host. */
  isHost(pid: number): boolean {
    return this.live().some((host) => host.run.process?.pid === pid)
  }
}
