import type { ConfigWarning } from './checked-vpn-config.ts'

/** Warnings kept one by one; ten thousand routes may each deserve one. */
const KEPT = 100

/** Collects warnings in the order of the fields. */
export class Warnings {
  readonly #kept: ConfigWarning[] = []
  #dropped = 0

  add(field: string, reason: string): void {
    if (this.#kept.length < KEPT) this.#kept.push({ field, reason })
    else this.#dropped += 1
  }

  /** The first hundred, and one more that counts the rest. */
  list(): ConfigWarning[] {
    if (this.#dropped === 0) return [...this.#kept]
    return [...this.#kept, { field: 'config', reason: `${this.#dropped} more warnings are not shown` }]
  }
}
