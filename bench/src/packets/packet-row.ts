import { round3 } from '../compare.ts'
import type { Row, RowPlan } from '../row.ts'
import { median } from '../statistics.ts'
import type { Ground } from './ground.ts'
import type { Series } from './rounds.ts'

/** One line of the result, with what is behind it. */
export interface PacketRow extends Row {
  readonly unit: string
  /** By contender, one value a round. */
  readonly samples: Readonly<Record<string, readonly number[]>>
}

/** What the ratio `ours / theirs` must reach. */
export interface RatioAim {
  readonly kind: 'at-least' | 'at-most'
  readonly ratio: number
  /** What would be better still; printed. */
  readonly stretch?: number
}

/** A comparison of two contenders by one figure. */
export interface RatioPlan {
  readonly id: string
  readonly what: string
  readonly aim: RatioAim
  readonly ours: string
  readonly theirs: string
  readonly figure: string
  readonly unit: string
}

/** Something to measure; it makes one row or several. */
export interface Measurement {
  readonly id: string
  /** The rows it makes. */
  readonly plans: readonly RowPlan[]
  /** @throws Error when it cannot be measured here */
  measure(ground: Ground): Promise<readonly PacketRow[]>
}

export function planOf({ id, what, theirs, aim }: RatioPlan): RowPlan {
  const sign = aim.kind === 'at-least' ? '≥' : '≤'
  const stretch = aim.stretch === undefined ? '' : ` (stretch ${aim.stretch}×)`
  return { id, what, against: theirs, aim: `${sign} ${aim.ratio}×${stretch}` }
}

/** The row: its ratio is the median of the rounds' ratios. @param shown contenders whose figures are printed; default all */
export function ratioRow(plan: RatioPlan, series: Series, shown?: readonly string[]): PacketRow {
  const { aim, ours, theirs, figure, unit } = plan
  const theirValues = series.values(theirs, figure)
  const ratios = series.values(ours, figure).map((value, round) => value / (theirValues[round] ?? Number.NaN))
  const ratio = median(ratios)
  const all = series.all(figure)
  const samples = Object.fromEntries((shown ?? Object.keys(all)).map((name) => [name, all[name] ?? []]))
  return {
    ...planOf(plan),
    ratio: round3(ratio),
    spread: [round3(Math.min(...ratios)), round3(Math.max(...ratios))],
    met: aim.kind === 'at-least' ? ratio >= aim.ratio : ratio <= aim.ratio,
    figures: Object.fromEntries(
      Object.entries(samples).map(([name, values]) => [name, formatSamples(values, unit)]),
    ),
    unit,
    samples,
  }
}

/** A row with a limit of its own, and nobody to compare with: its `ratio` is the figure. */
export function limitRow(
  plan: RowPlan,
  value: number,
  met: boolean,
  unit: string,
  figures: Readonly<Record<string, string>>,
): PacketRow {
  return { ...plan, ratio: round3(value), spread: null, met, figures, unit, samples: { ours: [value] } }
}

/** `2.48 Gbit/s (2.19 … 2.88)` */
export function formatSamples(values: readonly number[], unit: string): string {
  const middle = formatNumber(median(values))
  return `${middle} ${unit} (${formatNumber(Math.min(...values))} … ${formatNumber(Math.max(...values))})`
}

/** Three significant digits, thousands with a comma. */
export function formatNumber(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
