/** A half-open range of numbers: `start` is in, `end` is not. */
export interface Range {
  readonly start: bigint
  readonly end: bigint
}

/** A set of numbers as sorted ranges that neither overlap nor touch. */
export class RangeSet {
  // Two parallel arrays: index i of both is one range.
  readonly #starts: bigint[] = []
  readonly #ends: bigint[] = []

  /** Number of ranges. */
  get size(): number {
    return this.#starts.length
  }

  add(start: bigint, end: bigint): void {
    // Ranges that only touch are merged too: from the first that ends at or after `start` …
    const from = firstNotBelow(this.#ends, start)
    // … up to the last that starts at or before `end`.
    const to = firstAbove(this.#starts, end)
    const first = this.#starts[from]
    const last = this.#ends[to - 1]
    const merges = from < to
    const newStart = merges && first !== undefined && first < start ? first : start
    const newEnd = merges && last !== undefined && last > end ? last : end
    this.#replace(from, to, [newStart], [newEnd])
  }

  subtract(start: bigint, end: bigint): void {
    const from = firstAbove(this.#ends, start)
    const to = firstNotBelow(this.#starts, end)
    if (from >= to) return
    const first = this.#starts[from]
    const last = this.#ends[to - 1]
    const starts: bigint[] = []
    const ends: bigint[] = []
    if (first !== undefined && first < start) {
      starts.push(first)
      ends.push(start)
    }
    if (last !== undefined && last > end) {
      starts.push(end)
      ends.push(last)
    }
    this.#replace(from, to, starts, ends)
  }

  /** True when every number of the range is in the set. */
  covers(start: bigint, end: bigint): boolean {
    const index = firstAbove(this.#starts, start) - 1
    const rangeEnd = this.#ends[index]
    return rangeEnd !== undefined && rangeEnd >= end
  }

  *ranges(): Generator<Range> {
    for (const [index, start] of this.#starts.entries()) {
      const end = this.#ends[index]
      if (end !== undefined) yield { start, end }
    }
  }

  #replace(from: number, to: number, starts: readonly bigint[], ends: readonly bigint[]): void {
    this.#starts.splice(from, to - from, ...starts)
    this.#ends.splice(from, to - from, ...ends)
  }
}

/** Index of the first element that is not below `limit`; the length when there is none. */
function firstNotBelow(sorted: readonly bigint[], limit: bigint): number {
  return partitionPoint(sorted, (element) => element < limit)
}

/** Index of the first element above `limit`; the length when there is none. */
function firstAbove(sorted: readonly bigint[], limit: bigint): number {
  return partitionPoint(sorted, (element) => element <= limit)
}

/** Number of leading elements for which `isBefore` holds; it must hold for a leading part only. */
function partitionPoint(sorted: readonly bigint[], isBefore: (element: bigint) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const element = sorted[middle]
    if (element !== undefined && isBefore(element)) low = middle + 1
    else high = middle
  }
  return low
}
