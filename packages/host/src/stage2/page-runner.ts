import type { Want } from '@vpnext/api'
import type { Kits, PageAbility, PageAbilityClass, PageEvent } from '@vpnext/kit'

import { runStage } from './ability-stage.ts'
import type { ArrivedWant } from './arrived-want.ts'
import { type LoadParts, type Runner, callbackFailed, loadExport, loadFailed, runCallback } from './runner.ts'

/** Why a page is created or asked again: somebody starts it (`AbilityConstant.LaunchReason`), after a normal end. */
const launchParam = { launchReason: 1, lastExitReason: 2 }

/** What listeners hear around each callback, in the device's order. */
const told = {
  onCreate: around('AbilityWillCreate', 'AbilityCreate'),
  onWindowStageCreate: around('WindowStageWillCreate', 'WindowStageCreate'),
  onForeground: around('AbilityWillForeground', 'AbilityForeground', 'WindowStageActive'),
  onNewWant: around('WillNewWant', 'NewWant'),
  onBackground: {
    before: ['WindowStageInactive', 'AbilityWillBackground'],
    after: ['AbilityBackground'],
  },
  onWindowStageWillDestroy: around('WindowStageWillDestroy'),
  onWindowStageDestroy: { before: [], after: ['WindowStageDestroy'] },
  onDestroy: around('AbilityWillDestroy', 'AbilityDestroy'),
} as const satisfies Record<string, Told>

type Callback = keyof typeof told

interface Told {
  readonly before: readonly PageEvent[]
  readonly after: readonly PageEvent[]
}

function around(before: PageEvent, ...after: readonly PageEvent[]): Told {
  return { before: [before], after }
}

interface Shown {
  readonly page: PageAbility
  readonly stage: object
}

type State =
  | { readonly kind: 'empty' }
  /** `created` settles when the page is in the foreground, or never will be. */
  | {
      readonly kind: 'alive'
      readonly page: PageAbility
      readonly stage: object
      readonly created: Promise<void>
    }
  | { readonly kind: 'destroyed' }

/**
 * Runs the life cycle of one page without a screen, in the device's order: onCreate, onWindowStageCreate, onForeground;
 * onNewWant for later starts; onBackground, onWindowStageWillDestroy, onWindowStageDestroy, onDestroy at the end.
 */
export class PageRunner implements Runner {
  readonly #parts: LoadParts & { readonly kits: Kits }
  #state: State = { kind: 'empty' }

  constructor(parts: LoadParts & { readonly kits: Kits }) {
    this.#parts = parts
  }

  async create(arrived: ArrivedWant): Promise<void> {
    if (this.#state.kind !== 'empty') throw loadFailed('the page was created already')
    await runStage(this.#parts)
    const Page = this.#loadClass()
    const page = await this.#call('constructor', () => new Page())
    const { pageContext } = this.#parts.kits
    // A subclass that declares the field anew has hidden what the base class set.
    if (pageContext !== undefined) page.context ??= pageContext
    const want = arrived.last()
    page.launchWant = want
    page.lastRequestWant = want
    const stage = this.#parts.kits.windowStage()
    const work = this.#show(page, want, stage)
    this.#state = { kind: 'alive', page, stage, created: work.catch(() => undefined) }
    await work
  }

  async request(arrived: ArrivedWant): Promise<void> {
    if (this.#state.kind !== 'alive') throw callbackFailed('onNewWant', 'there is no page')
    const { page, stage, created } = this.#state
    await created
    const want = arrived.last()
    page.lastRequestWant = want
    await this.#step('onNewWant', { page, stage }, () => page.onNewWant?.(want, launchParam))
  }

  connect(): Promise<unknown> {
    return Promise.reject(callbackFailed('onConnect', 'nobody connects to a page'))
  }

  disconnect(): Promise<void> {
    return Promise.reject(callbackFailed('onDisconnect', 'nobody connects to a page'))
  }

  async destroy(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'destroyed' }
    const failures: unknown[] = []
    if (state.kind === 'alive') {
      const { page, stage } = state
      const steps: [Callback, () => unknown][] = [
        ['onBackground', () => page.onBackground?.()],
        ['onWindowStageWillDestroy', () => page.onWindowStageWillDestroy?.(stage)],
        ['onWindowStageDestroy', () => page.onWindowStageDestroy?.()],
        ['onDestroy', () => page.onDestroy?.()],
      ]
      // What one of them throws keeps none of the others from running.
      for (const [name, step] of steps)
        await this.#step(name, { page, stage }, step).catch((error: unknown) => failures.push(error))
    }
    this.#parts.kits.abilityDestroyed()
    if (failures.length > 0) throw failures[0]
  }

  async #show(page: PageAbility, want: Want, stage: object): Promise<void> {
    const shown = { page, stage }
    await this.#step('onCreate', shown, () => page.onCreate?.(want, launchParam))
    await this.#step('onWindowStageCreate', shown, () => page.onWindowStageCreate?.(stage))
    await this.#step('onForeground', shown, () => page.onForeground?.())
  }

  /** A callback, and what listeners of the application hear before and after it. */
  async #step(name: Callback, { page, stage }: Shown, action: () => unknown): Promise<void> {
    const { before, after } = told[name]
    const tell = (event: PageEvent): void =>
      this.#parts.kits.pageEvent(event, page, ...(event.startsWith('WindowStage') ? [stage] : []))
    before.forEach(tell)
    await this.#call(name, action)
    after.forEach(tell)
  }

  #loadClass(): PageAbilityClass {
    const exported = loadExport(this.#parts)
    if (isPageClass(exported, this.#parts.kits.pageClass)) return exported
    // What did not compile, or is no page, has an empty script in its place.
    if (exported === undefined)
      throw loadFailed('it was left out as it was installed (vpnext install says why)')
    throw loadFailed(`the module's export ${this.#parts.exportName} is not a class that extends UIAbility`)
  }

  #call<T>(callback: string, action: () => T | Promise<T>): Promise<T> {
    return runCallback(this.#parts, callback, action)
  }
}

function isPageClass(value: unknown, base: PageAbilityClass): value is PageAbilityClass {
  return typeof value === 'function' && value.prototype instanceof base
}
