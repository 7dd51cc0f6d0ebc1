/** The value below which a share `p` (0..1) of the samples lies, by linear interpolation. @throws RangeError when empty */
export function percentile(samples: readonly number[], p: number): number {
  if (samples.length === 0) throw new RangeError('no samples')
  const sorted = samples.toSorted((a, b) => a - b)
  const position = p * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

/** The middle of the samples. @throws RangeError when empty */
export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}

/**
 * How much a series grows from one sample to the next: the median of the slopes of all pairs (Theil and Sen), which a single
 * jump does not move.
 *
 * @throws RangeError for less than two samples
 */
export function slope(samples: readonly number[]): number {
  const slopes = samples.flatMap((early, first) =>
    samples.slice(first + 1).map((late, distance) => (late - early) / (distance + 1)),
  )
  return median(slopes)
}
