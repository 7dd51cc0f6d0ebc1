import type { TestHarness } from '@vpnext/kit'

import type { ArrivedWant } from './arrived-want.ts'
import { type LoadParts, type Runner, callbackFailed, loadExport } from './runner.ts'

/** Runs the suites of tests of a module: the run begins when they are loaded, and reports by itself. */
export class TestRunner implements Runner {
  readonly #parts: LoadParts & { readonly tests: TestHarness }

  constructor(parts: LoadParts & { readonly tests: TestHarness }) {
    this.#parts = parts
  }

  create(want: ArrivedWant): Promise<void> {
    try {
      const { parameters } = want.last()
      const declare = loadExport(this.#parts)
      void this.#parts.tests.run(declare, { ...parameters })
      return Promise.resolve()
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  request(): Promise<void> {
    return Promise.reject(callbackFailed('onRequest', 'tests are started once'))
  }

  connect(): Promise<unknown> {
    return Promise.reject(callbackFailed('onConnect', 'nobody connects to tests'))
  }

  disconnect(): Promise<void> {
    return Promise.reject(callbackFailed('onDisconnect', 'nobody connects to tests'))
  }

  destroy(): Promise<void> {
    return Promise.resolve()
  }
}
