import { rotate } from '../compare.ts'
import type { Settings } from './settings.ts'

/** What one contender reached in one round: figures by name. */
export type Sample = Readonly<Record<string, number>>

/** All samples of a comparison, aligned by round. */
export class Series {
  readonly #samples: ReadonlyMap<string, readonly Sample[]>

  constructor(samples: ReadonlyMap<string, readonly Sample[]>) {
    this.#samples = samples
  }

  /** A figure of a contender, one value a round. @throws RangeError when there is none */
  values(contender: string, figure: string): number[] {
    return (this.#samples.get(contender) ?? []).map((sample) => {
      const value = sample[figure]
      if (value === undefined) throw new RangeError(`${contender} has no ${figure}`)
      return value
    })
  }

  /** The same of all contenders. */
  all(figure: string): Record<string, number[]> {
    return Object.fromEntries([...this.#samples.keys()].map((name) => [name, this.values(name, figure)]))
  }
}

/**
 * Measures all contenders once a round, in an order that changes every round, so that what disturbs the machine
 * disturbs them alike.
 */
export async function interleave<T extends { readonly name: string }>(
  contenders: readonly T[],
  { rounds, warmUp }: Pick<Settings, 'rounds' | 'warmUp'>,
  sample: (contender: T) => Promise<Sample>,
  onRound: (done: number, of: number) => void = () => undefined,
): Promise<Series> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const contender of rotate(contenders, round)) {
      const figures = await sample(contender)
      if (round >= warmUp) samples.get(contender.name)?.push(figures)
    }
    onRound(round + 1, warmUp + rounds)
  }
  return new Series(samples)
}
