import { AwakeRecord } from '@vpnext/native'

/** A packet after so long without any is likely to be alone, and to be answered before another one is sent, ms. */
export const silenceMs = 1
/**
 * How long an answer is looked for before the thread sleeps, ms: about twice what it takes in a network of one building. To sleep and to be
 * woken up costs 30 to 60 µs on a virtual machine, and what runs then has left the processor's caches.
 */
const patienceMs = 0.8
/** After looking out in vain, at most so many occasions are let pass before the next attempt. */
const mostPassed = 63

/**
 * Whether it is worth staying awake for the answer to a packet, by what came of it before: the halt polling of a hypervisor
 * (Documentation/virt/kvm/halt-polling.rst), for a tunnel. Under load it never is, and to a peer that is far away one packet in 64 costs what
 * looking out in vain costs.
 */
export class AnswerWatch {
  #lastAt = Number.NEGATIVE_INFINITY
  readonly #record = new AwakeRecord(mostPassed)
  #awaited = false
  #until = 0

  /**
   * A round has ended.
   *
   * @param now when it began, ms
   * @param sent whether it took packets out of the TUN device
   */
  ended(now: number, sent: boolean): void {
    this.#awaited = sent && now - this.#lastAt >= silenceMs
    this.#lastAt = now
  }

  /** Whether to look for an answer now. If so, {@link answered} or {@link passed} tells what came of it. */
  begin(now: number): boolean {
    if (!this.#awaited) return false
    this.#awaited = false
    if (!this.#record.attempt()) return false
    this.#until = now + patienceMs
    return true
  }

  answered(): void {
    this.#record.rewarded()
  }

  /** Whether it has taken too long. */
  passed(now: number): boolean {
    if (now < this.#until) return false
    this.#record.failed()
    return true
  }
}
