import { readBootClockAt } from '@vpnext/native'

import type { Arena } from './arena/arena.ts'

/** A clock that never goes back and counts while the machine sleeps (CLOCK_BOOTTIME). Reading it makes no garbage. */
export class BootClock {
  readonly #arena: Arena
  readonly #at: number

  /** @param arena gives 16 bytes */
  constructor(arena: Arena) {
    this.#arena = arena
    this.#at = arena.allocate(16)
  }

  /** Since the machine started, ms, with fractions. */
  get now(): number {
    const { address, view } = this.#arena
    readBootClockAt(address + this.#at)
    // Seconds since the start of a machine fit into 32 bits.
    return view.getUint32(this.#at, true) * 1000 + view.getUint32(this.#at + 8, true) / 1e6
  }
}
