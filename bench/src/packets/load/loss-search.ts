export interface LossSearch {
  /** Where to begin, packets/s. It should be a rate that everyone manages. */
  readonly start: number
  /** Never asked for more, packets/s. */
  readonly most: number
  /** Share of the packets that may be lost, 0 to 1. */
  readonly tolerated: number
  /** How close the answer is to be: 1.05 is within five percent. */
  readonly precision: number
}

/** One attempt at a rate. */
export interface Attempt {
  /** Packets/s that the generator reached; it may not have managed what was asked for. */
  readonly offered: number
  /** Packets/s that arrived. */
  readonly delivered: number
}

/** What was found. */
export interface HighestRate {
  /** Packets/s that arrived at the highest rate with tolerated loss; 0 when there was none. */
  readonly delivered: number
  /** Whether the generator could not send more, so that the tunnel may have had room left. */
  readonly generatorBound: boolean
}

/** The generator counts as at its limit when it reaches less than this share of what it was asked for. */
const reached = 0.97

/**
 * The highest rate with tolerated loss: doubled until it is too much, then narrowed down between the last two (by their
 * geometric mean). A rate that fails once is tried once more, because a single late wake-up of the machine loses packets
 * too.
 *
 * @param attempt sends at a rate for a while
 */
export async function findHighestRate(
  { start, most, tolerated, precision }: LossSearch,
  attempt: (rate: number) => Promise<Attempt>,
): Promise<HighestRate> {
  let best: HighestRate = { delivered: 0, generatorBound: false }
  const passes = async (rate: number): Promise<boolean> => {
    for (let tries = 0; tries < 2; tries += 1) {
      const { offered, delivered } = await attempt(rate)
      if (delivered >= offered * (1 - tolerated)) {
        if (delivered > best.delivered) best = { delivered, generatorBound: offered < rate * reached }
        return true
      }
    }
    return false
  }
  let low = start
  while (!(await passes(low))) {
    low /= 4
    if (low < 1) return best
  }
  let high = low
  while (high === low && !best.generatorBound && low < most) {
    high = Math.min(low * 2, most)
    if (await passes(high)) low = high
  }
  while (high / low > precision && !best.generatorBound) {
    const middle = Math.sqrt(low * high)
    if (await passes(middle)) low = middle
    else high = middle
  }
  return best
}
