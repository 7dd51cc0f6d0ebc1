import type { HostCgroup } from './host-cgroup.ts'
import type { WaitingHost } from './waiting-host.ts'

/** How long after a start or an end the spare is seen to, in ms: until then the processors belong to the extension. */
const refillDelayMs = 500

/** Makes a waiting process the host of somebody who is likely to start soon. */
export interface Preparation {
  /** Says what the host is made from: the prepared one serves the start with the same key, and no other. */
  readonly key: string
  /** Names the (user, bundle). */
  readonly bundle: string
  /**
   * Tells the process whose host it is. No code of the extension runs before the host is taken.
   *
   * @returns undefined when nobody wants it any more; nothing has been done then
   */
  prepare(waiting: WaitingHost): Promise<PreparedParts | undefined>
}

/** What a prepared host has already. */
export interface PreparedParts {
  /** Undefined where there are no control groups. */
  readonly cgroup: HostCgroup | undefined
}

/** A process to make a host of, the taker's from then on. */
export interface TakenHost {
  readonly waiting: WaitingHost
  /** Undefined: it knows nothing yet. */
  readonly prepared: PreparedParts | undefined
}

interface Spare extends TakenHost {
  readonly preparation: Preparation | undefined
}

/**
 * Keeps one host process started ahead, so that the start of an extension does not wait for node's.
 *
 * At first it is a stage 1 that knows nobody: it has the privileges that the service has, as every stage 1 has before it
 * builds the sandbox. Once an extension has been stopped, the spare becomes its host: in its sandbox, under its uid and
 * in its control group, but without its code. Started again, the extension needs neither of the two starts of node.
 */
export class SpareHost implements AsyncDisposable {
  readonly #start: () => Promise<WaitingHost>
  readonly #ending = new Set<Promise<void>>()
  #spare: Promise<Spare | undefined> | undefined
  #favourite: Preparation | undefined
  #timer: NodeJS.Timeout | undefined
  #open = true

  /** @param start makes one; the caller's from then on */
  constructor(start: () => Promise<WaitingHost>) {
    this.#start = start
  }

  /** Begins one unless there is one. What keeps it from starting will be heard when one is really needed. */
  fill(): void {
    if (!this.#open) return
    const favourite = this.#favourite
    this.#favourite = undefined
    if (this.#spare !== undefined && favourite === undefined) return
    this.#spare = this.#renew(this.#spare, favourite).catch(() => undefined)
  }

  /** Has the spare prepared for somebody, in a moment. */
  favour(preparation: Preparation): void {
    this.#favourite = preparation
    this.#fillLater()
  }

  /**
   * The spare, or one that is started now; it is the caller's.
   *
   * @param key what the host is for, see {@link Preparation}
   * @throws node's error of spawn
   */
  async take(key: string): Promise<TakenHost> {
    const taken = this.#spare
    this.#spare = undefined
    this.#favourite = undefined
    this.#fillLater()
    const spare = await taken
    if (spare !== undefined && isUsable(spare) && (spare.preparation?.key ?? key) === key) return spare
    const [waiting] = await Promise.all([this.#start(), spare && this.#end(spare)])
    return { waiting, prepared: undefined }
  }

  /** Ends the spare if it is prepared for this (user, bundle), whose code or data change. Resolves once it is gone. */
  async discard(bundle: string): Promise<void> {
    if (this.#favourite?.bundle === bundle) this.#favourite = undefined
    const former = this.#spare
    const spare = await former
    if (spare?.preparation?.bundle === bundle && this.#spare === former) {
      this.#spare = undefined
      void this.#end(spare)
      this.#fillLater()
    }
    await Promise.all(this.#ending)
  }

  /** Ends the spare; those that were taken are their owners'. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false
    clearTimeout(this.#timer)
    const spare = await this.#spare
    this.#spare = undefined
    if (spare !== undefined) void this.#end(spare)
    await Promise.all(this.#ending)
  }

  #fillLater(): void {
    clearTimeout(this.#timer)
    if (this.#open) this.#timer = setTimeout(() => this.fill(), refillDelayMs).unref()
  }

  async #renew(
    former: Promise<Spare | undefined> | undefined,
    favourite: Preparation | undefined,
  ): Promise<Spare> {
    let spare = await former
    if (spare !== undefined && (!isUsable(spare) || spare.preparation !== undefined)) {
      if (isUsable(spare) && spare.preparation?.key === favourite?.key) return spare
      await this.#end(spare)
      spare = undefined
    }
    const waiting = spare?.waiting ?? (await this.#start())
    try {
      const prepared = await favourite?.prepare(waiting)
      if (prepared !== undefined) return { waiting, prepared, preparation: favourite }
    } catch {
      // Half prepared it is of no use; the start that needs one will hear why it cannot be done.
      await waiting[Symbol.asyncDispose]()
      return await this.#renew(undefined, undefined)
    }
    return { waiting, prepared: undefined, preparation: undefined }
  }

  /**
   * Ends a spare that is not wanted. The next host of the same extension gets the control group of the same name, whose end
   * kills all that is in it: so that has to be over first.
   */
  #end({ waiting, prepared }: Spare): Promise<void> {
    const end = async (): Promise<void> => {
      await waiting[Symbol.asyncDispose]()
      await prepared?.cgroup?.[Symbol.asyncDispose]()
    }
    const ended = end()
      .catch(() => undefined)
      .finally(() => this.#ending.delete(ended))
    this.#ending.add(ended)
    return ended
  }
}

function isUsable({ waiting }: Spare): boolean {
  return !waiting.hasEnded
}
