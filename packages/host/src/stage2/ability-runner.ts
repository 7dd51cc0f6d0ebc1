import type { ExtensionAbility, ExtensionAbilityClass, Kits } from '@vpnext/kit'

import { runStage } from './ability-stage.ts'
import type { ArrivedWant } from './arrived-want.ts'
import { type LoadParts, type Runner, callbackFailed, loadExport, loadFailed, runCallback } from './runner.ts'

/** Number of the first start; later ones come with the service's request. */
const firstStartId = 1

/** Of what a start or a connection calls, a class has one at least. */
const startCallbacks = ['onCreate', 'onRequest', 'onConnect'] as const

type State =
  | { readonly kind: 'empty' }
  /** `created` settles when onCreate and the first onRequest have, in either way. */
  | { readonly kind: 'alive'; readonly ability: ExtensionAbility; readonly created: Promise<void> }
  | { readonly kind: 'destroyed' }

/** What the runner needs of the process. */
export interface RunnerParts extends LoadParts {
  readonly kits: Kits
}

/**
 * Runs the life cycle of one ability, in the device's order: construct, onCreate, onRequest; later starts are onRequest
 * alone; onConnect and onDisconnect as others come and go; onDestroy at the end. Callbacks may be absent, and may return promises, which are awaited.
 * An exception is logged with its stack and answered with an error; the process lives on.
 */
export class AbilityRunner implements Runner {
  readonly #parts: RunnerParts
  #state: State = { kind: 'empty' }

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /**
   * @param connecting nobody starts it, somebody only connects: there is no first request
   * @throws VarlinkError LoadFailed, CallbackFailed
   */
  async create(want: ArrivedWant, connecting: boolean): Promise<void> {
    if (this.#state.kind !== 'empty') throw loadFailed('the ability was created already')
    await runStage(this.#parts)
    const ability = await this.#construct()
    this.#tellIfIdle(ability)
    const work = this.#firstCallbacks(ability, want, connecting)
    this.#state = { kind: 'alive', ability, created: work.catch(() => undefined) }
    await work
  }

  /** Waits for a creation that is under way. @throws VarlinkError CallbackFailed */
  async request(want: ArrivedWant, startId: number): Promise<void> {
    await this.#whenCreated('onRequest', (ability) => ability.onRequest?.(want.last(), startId))
  }

  /** Waits for a creation that is under way. @returns what onConnect returned. @throws VarlinkError CallbackFailed */
  async connect(want: ArrivedWant): Promise<unknown> {
    return await this.#whenCreated('onConnect', (ability) => ability.onConnect?.(want.last()))
  }

  /** @throws VarlinkError CallbackFailed */
  async disconnect(want: ArrivedWant): Promise<void> {
    await this.#whenCreated('onDisconnect', (ability) => ability.onDisconnect?.(want.last()))
  }

  /** Again, or without an ability: resolves. @throws VarlinkError CallbackFailed */
  async destroy(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'destroyed' }
    try {
      if (state.kind === 'alive') await this.#call('onDestroy', () => state.ability.onDestroy?.())
    } finally {
      this.#parts.kits.abilityDestroyed()
    }
  }

  async #whenCreated(callback: string, action: (ability: ExtensionAbility) => unknown): Promise<unknown> {
    if (this.#state.kind !== 'alive') throw callbackFailed(callback, 'there is no ability')
    const { ability, created } = this.#state
    await created
    return await this.#call(callback, () => action(ability))
  }

  async #firstCallbacks(ability: ExtensionAbility, want: ArrivedWant, connecting: boolean): Promise<void> {
    await this.#call('onCreate', () => ability.onCreate?.(connecting ? want.last() : want.next()))
    if (!connecting) await this.#call('onRequest', () => ability.onRequest?.(want.last(), firstStartId))
  }

  async #construct(): Promise<ExtensionAbility> {
    const Ability = this.#loadClass()
    let ability: ExtensionAbility | undefined
    await this.#call('constructor', () => {
      ability = new Ability()
      // A subclass that declares the field anew has hidden what the base class set.
      if (this.#parts.kits.context !== undefined) ability.context ??= this.#parts.kits.context
    })
    if (ability === undefined) throw callbackFailed('constructor', 'gave no object')
    return ability
  }

  /** Code that was written by the names of other systems' callbacks starts, and nothing happens. */
  #tellIfIdle(ability: ExtensionAbility): void {
    const base = this.#parts.kits.baseClass.prototype
    if (startCallbacks.some((name) => ability[name] !== undefined && ability[name] !== base[name])) return
    const own = Object.getOwnPropertyNames(Object.getPrototypeOf(ability))
    const others = own.filter((name) => /^on[A-Z]/.test(name) && !(name in base))
    if (others.length === 0) return
    const lacks = startCallbacks.join(', ')
    this.#parts.logError(
      `the class has no ${lacks}, and nothing calls its ${others.join(', ')}: a start does nothing`,
    )
  }

  #loadClass(): ExtensionAbilityClass {
    const exported = loadExport(this.#parts)
    if (isAbilityClass(exported, this.#parts.kits.baseClass)) return exported
    const { exportName } = this.#parts
    throw loadFailed(`the module's export ${exportName} is not a class that extends VpnExtensionAbility`)
  }

  async #call(callback: string, action: () => unknown): Promise<unknown> {
    return await runCallback(this.#parts, callback, action)
  }
}

function isAbilityClass(value: unknown, base: ExtensionAbilityClass): value is ExtensionAbilityClass {
  return typeof value === 'function' && value.prototype instanceof base
}
