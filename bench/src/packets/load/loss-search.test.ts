import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findHighestRate, type LossSearch } from './loss-search.ts'

const search: LossSearch = { start: 5000, most: 1_000_000, tolerated: 0.01, precision: 1.05 }

/** A tunnel that loses everything above `capacity`, and a generator that reaches `limit`. */
const tunnel =
  (capacity: number, limit = Number.POSITIVE_INFINITY) =>
  async (rate: number) => {
    const offered = Math.min(rate, limit)
    return { offered, delivered: Math.min(offered, capacity) }
  }

describe('findHighestRate', () => {
  it('finds what a tunnel carries, within its precision and the tolerated loss', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 500, max: 500_000 }), async (capacity) => {
        const { delivered, generatorBound } = await findHighestRate(search, tunnel(capacity))
        expect(generatorBound).toBe(false)
        expect(delivered).toBeGreaterThan(capacity / 1.05 / 1.01)
        expect(delivered).toBeLessThanOrEqual(capacity)
      }),
    )
  })

  it('says when the generator was the limit', async () => {
    expect(await findHighestRate(search, tunnel(300_000, 70_000))).toEqual({
      delivered: 70_000,
      generatorBound: true,
    })
  })

  it('never asks for more than the most', async () => {
    const asked: number[] = []
    await findHighestRate({ ...search, most: 30_000 }, async (rate) => {
      asked.push(rate)
      return { offered: rate, delivered: rate }
    })
    expect(Math.max(...asked)).toBe(30_000)
  })

  it('forgives one bad attempt at a rate, and ends at a tunnel that carries nothing', async () => {
    let attempts = 0
    const hiccup = async (rate: number) => {
      attempts += 1
      return { offered: rate, delivered: attempts === 1 ? 0 : Math.min(rate, 40_000) }
    }
    expect((await findHighestRate(search, hiccup)).delivered).toBeGreaterThan(37_000)
    expect(await findHighestRate(search, tunnel(0))).toEqual({ delivered: 0, generatorBound: false })
  })
})
