import type { Want } from '@vpnext/api'
import { bundleKey } from '../abilities/ability-target.ts'

/** How a test run wants questions for consent to be answered. */
export type ScriptedAnswer = 'allow' | 'deny' | 'timeout'

/** What a test run sets for its bundle while it runs. */
export interface TestScript {
  /** Undefined: the user answers, or what they have answered counts. */
  readonly consent: ScriptedAnswer | undefined
  /** The first start of an extension loses its want.parameters, as devices do after the consent dialog. */
  readonly loseParameters: boolean
}

interface BundleName {
  readonly ownerUid: number
  readonly bundleName: string
}

/** The settings of the test runs that are under way: one for each (user, bundle). */
export class TestScripts {
  readonly #scripts = new Map<string, { readonly script: TestScript; lost: boolean }>()

  /** Sets it until the result is disposed. A later one for the same bundle takes its place. */
  set(bundle: BundleName, script: TestScript): Disposable {
    const key = bundleKey(bundle)
    const entry = { script, lost: false }
    this.#scripts.set(key, entry)
    return {
      [Symbol.dispose]: () => {
        if (this.#scripts.get(key) === entry) this.#scripts.delete(key)
      },
    }
  }

  /** Undefined when no test run decides it. */
  answerFor(bundle: BundleName): ScriptedAnswer | undefined {
    return this.#scripts.get(bundleKey(bundle))?.script.consent
  }

  /** The want that an extension gets: without its parameters where a test run says that they are lost. */
  passOn(bundle: BundleName, want: Want): Want {
    const entry = this.#scripts.get(bundleKey(bundle))
    if (entry === undefined || entry.lost || !entry.script.loseParameters) return want
    entry.lost = true
    return { ...want, parameters: {} }
  }
}
