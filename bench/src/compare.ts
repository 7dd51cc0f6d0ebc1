import { type Aim, type Row, type RowPlan, aimText, isMet, ratioOf } from './row.ts'
import { median } from './statistics.ts'

/** Something that can be timed; one call is one round's sample in ms. */
export interface Contender {
  readonly name: string
  sample(): Promise<number> | number
}

/** Of a contender that could not be had. */
export interface Unavailable {
  readonly name: string
  readonly unavailable: string
}

/** One comparison to make. */
export interface Comparison {
  readonly id: string
  readonly what: string
  readonly against: string
  readonly aim: Aim
  readonly ours: Contender
  readonly theirs: Contender
  /** Measured in the same rounds and printed, without an aim. */
  readonly beside?: readonly (Contender | Unavailable)[]
  readonly rounds: number
  /** Rounds whose figures are thrown away, for caches and compilers to settle. */
  readonly warmUp: number
}

/** The part of a comparison that is known before. */
export function planOf(comparison: Pick<Comparison, 'id' | 'what' | 'against' | 'aim'>): RowPlan {
  const { id, what, against, aim } = comparison
  return { id, what, against, aim: aimText(aim) }
}

/**
 * Measures all contenders once a round, in an order that changes every round, so that what disturbs the machine
 * disturbs them alike; the ratio is taken within a round.
 *
 * @param onRound told how many rounds are done, for progress
 */
export async function compare(
  comparison: Comparison,
  onRound: (done: number, of: number) => void,
): Promise<Row> {
  const { aim, ours, theirs, warmUp } = comparison
  const beside = comparison.beside ?? []
  const contenders = [ours, theirs, ...beside.filter((one): one is Contender => 'sample' in one)]
  const samples = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]))
  const ratios: number[] = []
  const total = warmUp + comparison.rounds
  for (let round = 0; round < total; round += 1) {
    const figures = new Map<Contender, number>()
    for (const contender of rotate(contenders, round)) figures.set(contender, await contender.sample())
    if (round >= warmUp) {
      for (const [contender, figure] of figures) samples.get(contender)?.push(figure)
      ratios.push(ratioOf(aim, figures.get(ours) ?? Number.NaN, figures.get(theirs) ?? Number.NaN))
    }
    onRound(round + 1, total)
  }
  const figures: Record<string, string> = {}
  for (const [contender, values] of samples) figures[contender.name] = formatSpread(values)
  for (const one of beside) if ('unavailable' in one) figures[one.name] = `not measured: ${one.unavailable}`
  const ratio = median(ratios)
  return {
    ...planOf(comparison),
    ratio: round3(ratio),
    spread: [round3(Math.min(...ratios)), round3(Math.max(...ratios))],
    met: isMet(aim, ratio),
    figures,
  }
}

/** The same items, beginning with another one. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

export function round3(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** The median, and the lowest and highest sample. */
export function formatSpread(values: readonly number[]): string {
  return `${formatMs(median(values))} (${formatMs(Math.min(...values))} … ${formatMs(Math.max(...values))})`
}

/** Milliseconds with three significant digits, in µs below one. */
export function formatMs(value: number): string {
  if (value < 1) return `${(value * 1000).toPrecision(3)} µs`
  return `${value < 1000 ? value.toPrecision(3) : value.toFixed(0)} ms`
}
