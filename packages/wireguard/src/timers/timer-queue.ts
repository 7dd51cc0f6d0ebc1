/** Something that wants to be woken at a time. The two fields belong to the queue it is in. */
export interface Timed {
  /** When, ms; infinity for never. */
  wakeAt: number
  /** Where in the queue; −1 when it is not in it. */
  position: number
}

/** Who is to be woken first: a binary heap that knows where each of its members is, so that each is in it once. */
export class TimerQueue<T extends Timed> {
  readonly #heap: T[] = []

  get size(): number {
    return this.#heap.length
  }

  /** When the next one is to be woken, ms; infinity when nobody is. */
  get nextAt(): number {
    return this.#heap[0]?.wakeAt ?? Number.POSITIVE_INFINITY
  }

  /** Wakes `item` at `at` instead of when it was to be woken before; never when `at` is infinity. */
  schedule(item: T, at: number): void {
    item.wakeAt = at
    if (at === Number.POSITIVE_INFINITY) {
      this.#remove(item)
      return
    }
    if (item.position < 0) {
      item.position = this.#heap.length
      this.#heap.push(item)
    }
    this.#rise(item)
    this.#sink(item)
  }

  /** Takes out the first one that is due. */
  take(now: number): T | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.wakeAt > now) return undefined
    this.schedule(first, Number.POSITIVE_INFINITY)
    return first
  }

  #remove(item: T): void {
    const hole = item.position
    if (hole < 0) return
    item.position = -1
    const last = this.#heap.pop()
    if (last === undefined || last === item) return
    this.#place(last, hole)
    this.#rise(last)
    this.#sink(last)
  }

  #rise(item: T): void {
    for (;;) {
      const { position } = item
      const above = position === 0 ? undefined : this.#heap[(position - 1) >> 1]
      if (above === undefined || above.wakeAt <= item.wakeAt) return
      this.#place(item, above.position)
      this.#place(above, position)
    }
  }

  #sink(item: T): void {
    for (;;) {
      const { position } = item
      const left = this.#heap[2 * position + 1]
      const right = this.#heap[2 * position + 2]
      const below = right !== undefined && left !== undefined && right.wakeAt < left.wakeAt ? right : left
      if (below === undefined || below.wakeAt >= item.wakeAt) return
      this.#place(item, below.position)
      this.#place(below, position)
    }
  }

  #place(item: T, position: number): void {
    this.#heap[position] = item
    item.position = position
  }
}
