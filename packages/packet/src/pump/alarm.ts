import { setBootTimerAt, SystemError } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'

const never = Number.POSITIVE_INFINITY
/** 68 years in ms: later is as good as never. */
const latest = (2 ** 31 - 1) * 1000
/** Where struct itimerspec has its moment, behind the interval: seconds and nanoseconds, 8 bytes each. */
const momentAt = 16

/**
 * The timer that ends the pump's sleep, on the clock that counts while the machine sleeps: a time-out of poll(2) does not, so that what was
 * due in 25 s came 25 s after a laptop had been opened again.
 */
export class Alarm {
  readonly #arena: Arena
  readonly #at: number
  readonly #timer: number
  #setTo = never

  /** @param timer number of a `bootTimerFd` */
  constructor(arena: Arena, timer: number) {
    this.#arena = arena
    this.#at = arena.allocate(2 * momentAt)
    this.#timer = timer
  }

  /**
   * Has it go off at `time`, or before. Deadlines mostly move to later, with each packet: such a one is left for when the alarm has gone off
   * for the one before.
   *
   * @param now and `time`: ms since the machine started
   */
  set(time: number, now: number): void {
    if (time >= this.#setTo && now < this.#setTo) return
    this.#setTo = time
    const { address, view } = this.#arena
    // Rounded up, as nothing is to be called before its time. The kernel takes zero for never.
    const moment = time === never ? 0 : Math.min(Math.max(Math.ceil(time * 1000), 1), latest * 1000)
    view.setUint32(this.#at + momentAt, Math.floor(moment / 1e6), true)
    view.setUint32(this.#at + momentAt + 8, (moment % 1e6) * 1000, true)
    const result = setBootTimerAt(this.#timer, address + this.#at)
    if (result < 0) throw new SystemError(-result, 'timerfd_settime')
  }
}
