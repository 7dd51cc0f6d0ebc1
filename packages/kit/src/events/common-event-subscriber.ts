import { type Forms, bothForms, callForms, noInput } from '../call-forms.ts'
import { integerParameter, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import type { EventDelivery, EventResult } from './event-calls.ts'

/** `CommonEventSubscribeInfo`, checked. */
export interface SubscribeInfo {
  readonly events: readonly string[]
  readonly publisherPermission?: string
  readonly publisherBundleName?: string
  readonly publisherDeviceId?: string
  readonly userId?: number
  readonly priority: number
}

/** An ordered event that this subscriber has and the next ones wait for. */
interface Held {
  readonly delivery: EventDelivery
  readonly finish: (result: EventResult) => void
  code: number
  data: string
  aborted: boolean
}

/**
 * `CommonEventSubscriber`: what it changes (`setCode`, `abortCommonEvent` …) concerns the ordered event that it has, until
 * `finishCommonEvent`; while it has none, there is nothing to change, and nothing happens.
 */
export class CommonEventSubscriber {
  readonly #info: SubscribeInfo
  #held: Held | undefined
  #last: EventDelivery | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('CommonEventSubscriber'))
  }

  constructor(info: SubscribeInfo) {
    this.#info = info
    Object.assign(this, bothForms(this.#calls()))
  }

  /** Whether `value` was made here. */
  static is(value: unknown): value is CommonEventSubscriber {
    return typeof value === 'object' && value !== null && #info in value
  }

  /** What the subscriber was made with. */
  static infoOf(subscriber: CommonEventSubscriber): SubscribeInfo {
    return subscriber.#info
  }

  /**
   * Takes an event over.
   *
   * @returns of an ordered one what the subscriber makes of it, once it says that it is done; of others nothing, at once
   */
  static take(subscriber: CommonEventSubscriber, delivery: EventDelivery): Promise<EventResult> {
    subscriber.#last = delivery
    if (!delivery.ordered) return Promise.resolve({ aborted: false })
    // One at a time: the service waits for this one's end, or has given it up.
    subscriber.#finish()
    return new Promise((resolve) => {
      const { code = 0, data = '' } = delivery
      subscriber.#held = { delivery, finish: resolve, code, data, aborted: false }
    })
  }

  #finish(): void {
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) held.finish({ code: held.code, data: held.data, aborted: held.aborted })
  }

  #calls(): Parameters<typeof bothForms>[0] {
    const change = (apply: (held: Held) => void): void => {
      if (this.#held !== undefined) apply(this.#held)
    }
    return {
      getCode: get(() => this.#held?.code ?? this.#last?.code ?? 0),
      getData: get(() => this.#held?.data ?? this.#last?.data ?? ''),
      isOrderedCommonEvent: get(() => this.#held !== undefined),
      isStickyCommonEvent: get(() => this.#last?.sticky === true),
      getAbortCommonEvent: get(() => this.#held?.aborted === true),
      getSubscribeInfo: get(() => ({ ...this.#info, events: [...this.#info.events] })),
      abortCommonEvent: get(() => change((held) => void (held.aborted = true))),
      clearAbortCommonEvent: get(() => change((held) => void (held.aborted = false))),
      finishCommonEvent: get(() => this.#finish()),
      setCode: callForms({
        read: ([code]) => integerParameter(code, 'code'),
        now: (code) => change((held) => void (held.code = code)),
      }),
      setData: callForms({
        read: ([data]) => textParameter(data, 'data'),
        now: (data) => change((held) => void (held.data = data)),
      }),
      setCodeAndData: callForms({
        read: ([code, data]) => ({ code: integerParameter(code, 'code'), data: textParameter(data, 'data') }),
        now: (both) => change((held) => void Object.assign(held, both)),
      }),
    }
  }
}

function get<T>(now: () => T): Forms<T> {
  return callForms({ read: noInput, now })
}
