import type { Site } from './site/site.ts'

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

/** What is known of a row before it is measured. */
export type RowPlan = Pick<Row, 'id' | 'what' | 'against' | 'aim'>

/** A row that can be measured. */
export interface MeasuredRow {
  readonly plan: RowPlan
  /** Whether it asks its service to collect garbage. */
  readonly collects?: true
  /** @throws Error when it cannot be measured here */
  measure(site: Site): Promise<Row>
}

/** What a ratio must reach: `ours ≤ limit × theirs`, or `ours` at least `limit` times as fast. */
export type Aim =
  { readonly kind: 'at-most'; readonly ratio: number } | { readonly kind: 'faster'; readonly ratio: number }

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

/** A row whose contender could not be had, or that failed. */
export function notMeasured(plan: RowPlan, reason: string): Row {
  return { ...plan, ratio: null, spread: null, met: 'not measured', figures: { reason } }
}
