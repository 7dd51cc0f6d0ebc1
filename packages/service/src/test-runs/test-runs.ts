import type { HostRun } from '../abilities/host-run.ts'
import type { Abilities } from '../abilities/abilities.ts'
import { type AbilityTarget, bundleKey, hostKind } from '../abilities/ability-target.ts'
import { CarriedWant } from '../abilities/carried-want.ts'
import { type Deferred, deferred } from '../deferred.ts'
import { abilityInterface } from '../protocol/host-interface.ts'
import type { TestScript, TestScripts } from './test-scripts.ts'

/** How a test run ended: what it gave finishTest, or that its process ended without. */
export interface TestResult {
  readonly code: number
  readonly message: string
}

interface TestRun {
  readonly onText: (text: string) => void
  readonly result: Deferred<TestResult>
}

/** The test runs that are under way. */
export class TestRuns {
  readonly #abilities: Abilities
  readonly #scripts: TestScripts
  /** By the target object, which is made anew for each run. */
  readonly #runs = new Map<AbilityTarget, TestRun>()
  /** Pages that have come to the foreground. */
  readonly #shown = new WeakSet<HostRun>()

  constructor(abilities: Abilities, scripts: TestScripts) {
    this.#abilities = abilities
    this.#scripts = scripts
  }

  /**
   * Runs the suites of a target in a process of their own, which is ended afterwards. A run of the same suites that is
   * under way is ended first.
   *
   * @param parameters for the tests: the `-s` of `aa test`
   * @param onText hears of what the run reports, in order
   * @param signal nobody waits for the result any more: the run is ended
   * @throws BusinessError 16000050 when the process or the suites cannot be loaded
   */
  async run(
    target: AbilityTarget,
    parameters: Readonly<Record<string, string>>,
    script: TestScript,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<TestResult> {
    const { bundleName } = target.bundle
    await this.#abilities.stopTarget(target)
    using _script = this.#scripts.set(target.bundle, script)
    const run: TestRun = { onText, result: deferred() }
    this.#runs.set(target, run)
    const onAbort = (): void => run.result.resolve({ code: -1, message: 'the run was given up' })
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const want = {
        bundleName,
        moduleName: target.module.name,
        abilityName: target.ability.name,
        parameters,
      }
      await this.#abilities.start(CarriedWant.plain(want), target)
      return await run.result.promise
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#runs.delete(target)
      await this.#abilities.stopTarget(target)
    }
  }

  /** Text of a run; of any other host: nothing. */
  report({ target }: HostRun, text: string): void {
    this.#runs.get(target)?.onText(text)
  }

  /** finishTest of a run. */
  finish({ target }: HostRun, result: TestResult): void {
    this.#runs.get(target)?.result.resolve(result)
  }

  /** An ability runs now: test runs of its bundle hear of a page, which the run itself is not. */
  shown(page: HostRun): void {
    if (hostKind(page.target) !== 'page') return
    this.#shown.add(page)
    this.#tell(page, 'shown')
  }

  #tell(page: HostRun, event: 'shown' | 'gone'): void {
    if (this.#runs.size === 0) return
    const { bundle, module, ability } = page.target
    for (const { run } of this.#abilities.live()) {
      if (!this.#runs.has(run.target) || bundleKey(run.target.bundle) !== bundleKey(bundle)) continue
      const news = { moduleName: module.name, abilityName: ability.name, event }
      run.process?.peer.call(abilityInterface, 'PageEvent', news).catch(() => undefined)
    }
  }

  /** A host has ended; if it was a run's, so has the run. */
  ended(run: HostRun): void {
    if (this.#shown.has(run)) this.#tell(run, 'gone')
    this.#runs.get(run.target)?.result.resolve({ code: -1, message: 'App died' })
  }
}
