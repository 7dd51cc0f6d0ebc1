import type { Infer } from '@vpnext/varlink'
import { deferred } from '../deferred.ts'
import type { consentRequest } from '../protocol/types.ts'

/** A question that waits for its user's answer. */
export type ConsentRequest = Infer<typeof consentRequest>

/** How a question ended; `withdrawn`: whoever asked has gone, or the code it was about has. */
export type Answer = 'allowed' | 'denied' | 'expired' | 'withdrawn'

interface Question {
  readonly request: ConsentRequest
  readonly answer: Promise<Answer>
  readonly end: (answer: Answer) => void
  waiting: number
}

/** The questions that wait for an answer: at most one for each (user, bundle), however many starts wait for it. */
export class ConsentDesk {
  readonly #timeoutMs: number
  readonly #questions = new Map<string, Question>()
  readonly #listeners = new Set<(request: ConsentRequest) => void>()

  /** @param timeoutMs how long a question waits */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  pending(): ConsentRequest[] {
    return [...this.#questions.values()].map((question) => question.request)
  }

  /**
   * Asks, or joins the same question.
   *
   * @param asked about one code; a question about other code of the same bundle is withdrawn
   * @param signal the asker has gone; the question goes with the last of them
   */
  async ask(asked: Omit<ConsentRequest, 'askedAt' | 'expiresAt'>, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) return 'withdrawn'
    const question = this.#questionOf(asked)
    question.waiting += 1
    const gone = abortOf(signal)
    try {
      return await Promise.race([question.answer, gone.promise])
    } finally {
      gone[Symbol.dispose]()
      question.waiting -= 1
      if (question.waiting === 0) question.end('withdrawn')
    }
  }

  /** Ends the question about a bundle. @returns what was asked; undefined when nothing was */
  answer(ownerUid: number, bundleName: string, answer: Answer): ConsentRequest | undefined {
    const question = this.#questions.get(keyOf(ownerUid, bundleName))
    question?.end(answer)
    return question?.request
  }

  /** Calls `listener` for every new question, until the result is disposed. */
  onQuestion(listener: (request: ConsentRequest) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  #questionOf(asked: Omit<ConsentRequest, 'askedAt' | 'expiresAt'>): Question {
    const key = keyOf(asked.ownerUid, asked.bundleName)
    const known = this.#questions.get(key)
    if (known?.request.codeHash === asked.codeHash) return known
    known?.end('withdrawn')
    const askedAt = Date.now()
    const request = { ...asked, askedAt, expiresAt: askedAt + this.#timeoutMs }
    const question = openQuestion(request, this.#timeoutMs, (ended) => {
      if (this.#questions.get(key) === ended) this.#questions.delete(key)
    })
    this.#questions.set(key, question)
    for (const listener of this.#listeners) listener(request)
    return question
  }
}

function openQuestion(
  request: ConsentRequest,
  timeoutMs: number,
  onEnd: (question: Question) => void,
): Question {
  const { promise: answer, resolve: settle } = deferred<Answer>()
  const timer = setTimeout(() => question.end('expired'), timeoutMs)
  const question: Question = {
    request,
    answer,
    waiting: 0,
    end: (how) => {
      clearTimeout(timer)
      settle(how)
      onEnd(question)
    },
  }
  return question
}

function abortOf(signal: AbortSignal): Disposable & { readonly promise: Promise<Answer> } {
  const { promise, resolve } = deferred<Answer>()
  const onAbort = (): void => resolve('withdrawn')
  signal.addEventListener('abort', onAbort, { once: true })
  return { promise, [Symbol.dispose]: () => signal.removeEventListener('abort', onAbort) }
}

function keyOf(ownerUid: number, bundleName: string): string {
  return `${ownerUid}/${bundleName}`
}
