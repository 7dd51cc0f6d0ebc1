import { businessError } from '@vpnext/api'
import type { Want } from '@vpnext/api'
import { Ability, type AbilityDriver } from './ability.ts'
import { type AbilityTarget, abilityKey, bundleKey } from './ability-target.ts'
import type { HostRun } from './host-run.ts'

/** A live host and the state of its extension. */
export interface LiveHost {
  readonly state: 'starting' | 'running' | 'stopping'
  readonly run: HostRun
}

/** The extensions of all bundles that run, or did since the service started. */
export class Abilities {
  readonly #driver: AbilityDriver
  readonly #abilities = new Map<string, Ability>()
  #open = true

  constructor(driver: AbilityDriver) {
    this.#driver = driver
  }

  /** Starts an extension; see {@link Ability.start}. @throws BusinessError 16000050 once the service stops */
  async start(want: Want, target: AbilityTarget): Promise<void> {
    if (!this.#open) throw businessError(16000050, { reason: 'the service is stopping' })
    const key = abilityKey(target)
    const ability = this.#abilities.get(key) ?? new Ability(target, this.#driver)
    this.#abilities.set(key, ability)
    await ability.start(want, target)
  }

  /** Stops an extension; one that does not run is stopped already. */
  async stop(key: string): Promise<void> {
    await this.#abilities.get(key)?.stop()
  }

  /** Stops every extension of a (user, bundle). */
  async stopBundle(bundle: { readonly ownerUid: number; readonly bundleName: string }): Promise<void> {
    const prefix = `${bundleKey(bundle)}/`
    const theirs = [...this.#abilities.values()].filter((ability) => ability.key.startsWith(prefix))
    await Promise.all(theirs.map((ability) => ability.stop()))
    for (const { key, state } of theirs) if (state.kind === 'stopped') this.#abilities.delete(key)
  }

  /** Stops everything; no start succeeds after that. */
  async close(): Promise<void> {
    this.#open = false
    await Promise.all([...this.#abilities.values()].map((ability) => ability.stop()))
  }

  /** Ends a run that misbehaves. */
  fail(run: HostRun, reason: string): void {
    this.#abilities.get(abilityKey(run.target))?.fail(run, reason)
  }

  /** The hosts that exist now. */
  live(): LiveHost[] {
    const hosts: LiveHost[] = []
    for (const { state } of this.#abilities.values()) {
      if (state.kind !== 'stopped') hosts.push({ state: state.kind, run: state.run })
    }
    return hosts
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
