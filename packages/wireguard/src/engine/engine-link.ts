import type { Pump } from '@vpnext/packet'
import { SettingsError } from '../core/core-options.ts'
import type {
  EngineAnswer,
  EngineCall,
  EngineReport,
  EngineRequest,
  PlainQuestion,
} from './engine-messages.ts'
import type { WireGuardEvent } from './engine-event.ts'
import { unlessAborted } from './unless-aborted.ts'

interface Waiting {
  readonly resolve: (answer: EngineAnswer) => void
  readonly reject: (reason: unknown) => void
}

/** Questions to the engine's thread, and their answers. */
export class EngineLink {
  readonly #waiting = new Map<number, Waiting>()
  readonly #onEvent: (event: WireGuardEvent) => void
  readonly #isChosenAnyway: (asked: PlainQuestion) => boolean
  #pump: Pump | undefined
  #ended: { readonly reason: unknown } | undefined
  #lastId = 0

  /** @param isChosenAnyway whether the machine, left alone, would answer from the address that was asked */
  constructor(onEvent: (event: WireGuardEvent) => void, isChosenAnyway: (asked: PlainQuestion) => boolean) {
    this.#onEvent = onEvent
    this.#isChosenAnyway = isChosenAnyway
  }

  /** Takes what the thread says. */
  readonly receive = (message: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the engine's thread
    const report = message as EngineReport
    if (report.kind === 'event') {
      this.#onEvent(report.event)
      return
    }
    if (report.kind === 'asked') {
      const { asked, publicKey } = report
      // An engine that has ended answers nobody.
      if (this.#isChosenAnyway(asked))
        this.ask({ kind: 'answerFromAnywhere', publicKey, asked }).catch(() => {})
      return
    }
    this.#waiting.get(report.id)?.resolve(report.answer)
  }

  /** Questions go there from now on, until it ends. */
  attach(pump: Pump): void {
    this.#pump = pump
    const end = (reason: unknown): void => {
      this.#ended = { reason }
      for (const { reject } of this.#waiting.values()) reject(reason)
      this.#waiting.clear()
    }
    pump.finished.then(() => end(new Error('the WireGuard engine was closed')), end)
  }

  /**
   * @param signal ends the wait; what was asked is done all the same
   * @throws SettingsError when the engine refuses; Error when it has ended; signal's reason
   */
  async ask(call: EngineCall, signal?: AbortSignal): Promise<EngineAnswer> {
    signal?.throwIfAborted()
    if (this.#ended !== undefined) throw this.#ended.reason
    const id = ++this.#lastId
    const request: EngineRequest = { id, call }
    const answered = new Promise<EngineAnswer>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject }),
    )
    this.#pump?.post(request)
    const answer = await unlessAborted(answered, signal).finally(() => this.#waiting.delete(id))
    if (answer.kind === 'refused') throw new SettingsError(answer.field, answer.reason)
    return answer
  }
}
