import { describe, expect, it } from 'vitest'
import { mergeResults } from './report/merge-results.ts'
import type { Result } from './report/result.ts'
import { ratioRow, type RatioPlan } from './packet-row.ts'
import { interleave, Series } from './rounds.ts'

const plan: RatioPlan = {
  id: 'x',
  what: 'x',
  aim: { kind: 'at-least', ratio: 2 },
  ours: 'a',
  theirs: 'b',
  figure: 'rate',
  unit: 'Gbit/s',
}
const series = (ours: number[], theirs: number[]): Series =>
  new Series(
    new Map(
      [
        ['a', ours],
        ['b', theirs],
      ].map(([name, values]) => [name as string, (values as number[]).map((rate) => ({ rate }))]),
    ),
  )

describe('a row', () => {
  it('takes the median of the ratios within a round, not the ratio of the medians', () => {
    const row = ratioRow(plan, series([4, 10, 6], [1, 10, 3]))
    expect([row.ratio, row.spread, row.met]).toEqual([2, [1, 4], true])
  })

  it('is honest about an aim that is missed, either way', () => {
    expect(ratioRow(plan, series([3], [2])).met).toBe(false)
    const atMost: RatioPlan = { ...plan, aim: { kind: 'at-most', ratio: 0.7 } }
    expect(ratioRow(atMost, series([1], [1])).met).toBe(false)
    expect(ratioRow(atMost, series([0.7], [1])).met).toBe(true)
  })
})

describe('interleave', () => {
  it('measures everybody once a round, never twice in the same order, and throws the first rounds away', async () => {
    const order: string[] = []
    const result = await interleave(
      [{ name: 'a' }, { name: 'b' }],
      { rounds: 2, warmUp: 1 },
      async ({ name }) => {
        order.push(name)
        return { n: order.length }
      },
    )
    expect(order.join('')).toBe('abbaab')
    expect(result.values('a', 'n')).toEqual([4, 5])
  })
})

describe('mergeResults', () => {
  it('takes the last of the rows with the same id', () => {
    const result = (rows: object[]): Result => ({ rows }) as unknown as Result
    const merged = mergeResults([
      result([{ id: 'a', ratio: 1 }, { id: 'b' }]),
      result([{ id: 'a', ratio: 2 }]),
    ])
    expect(merged.rows.map(({ id, ratio }) => [id, ratio])).toEqual([
      ['a', 2],
      ['b', undefined],
    ])
    expect(() => mergeResults([])).toThrow(RangeError)
  })
})
