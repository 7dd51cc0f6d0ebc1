import { missingMembers } from '../provided.ts'

type OnResult = (allowed: boolean) => void

/**
 * The observers of a process. Each hears of every answer to a question for consent about its bundle, whichever process of
 * the bundle asked.
 */
export class Observers {
  readonly #listening = new Map<VpnObserver, OnResult>()

  /** What `createVpnObserver()` gives. */
  create(): VpnObserver {
    return new VpnObserver((observer, callback) => {
      if (callback === undefined) this.#listening.delete(observer)
      else this.#listening.set(observer, callback)
    })
  }

  /** Calls every callback; what one throws is an uncaught exception of its own. */
  tell(allowed: boolean): void {
    for (const callback of this.#listening.values()) queueMicrotask(() => callback(allowed))
  }
}

/** `VpnObserver` of later versions of the API (26). It has no own members. */
export class VpnObserver {
  readonly #listen: (observer: VpnObserver, callback: OnResult | undefined) => void
  #callback: OnResult | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('VpnObserver'))
  }

  constructor(listen: (observer: VpnObserver, callback: OnResult | undefined) => void) {
    this.#listen = listen
  }

  /** `onAuthorizationResult(callback)`: in place of an earlier one. Anything else is ignored, as on the device. */
  onAuthorizationResult(...args: unknown[]): void {
    const [callback] = args
    if (args.length === 1 && isOnResult(callback)) this.#set(callback)
  }

  /** `offAuthorizationResult(callback?)`: whichever there is, or only that one. */
  offAuthorizationResult(...args: unknown[]): void {
    if (args.length === 0 || (args.length === 1 && args[0] === this.#callback)) this.#set(undefined)
  }

  #set(callback: OnResult | undefined): void {
    this.#callback = callback
    this.#listen(this, callback)
  }
}

function isOnResult(value: unknown): value is OnResult {
  return typeof value === 'function'
}
