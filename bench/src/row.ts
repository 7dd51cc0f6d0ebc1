/** One comparison, as `npm run bench -- --json` prints it. */
export interface Row {
  readonly id: string
  readonly what: string
  readonly against: string
  /** Median over the rounds of the ratio within one round; absent when a contender could not be had. */
  readonly ratio: number | null
  /** The lowest and the highest ratio of a round. */
  readonly spread: readonly [number, number] | null
  readonly aim: string
  readonly met: boolean | 'not measured'
  /** The medians behind the ratio, with their unit, for people. */
  readonly figures: Readonly<Record<string, string>>
}

/** What a ratio must reach: `ours ≤ limit × theirs`, or `ours` at least `limit` times as fast. */
export type Aim = { readonly kind: 'at-most'; readonly ratio: number } | { readonly kind: 'faster'; readonly ratio: number }

export function aimText(aim: Aim): string {
  return aim.kind === 'at-most' ? `≤ ${aim.ratio}×` : `≥ ${aim.ratio}× faster`
}

/** The ratio of one round, in the sense of its aim, from two times in ms. */
export function ratioOf(aim: Aim, ours: number, theirs: number): number {
  return aim.kind === 'at-most' ? ours / theirs : theirs / ours
}

export function isMet(aim: Aim, ratio: number): boolean {
  return aim.kind === 'at-most' ? ratio <= aim.ratio : ratio >= aim.ratio
}
