import { describe, expect, it } from 'vitest'
import { median, percentile } from './statistics.ts'

describe('statistics', () => {
  it('takes the middle, and between two middles their mean', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
  })

  it('interpolates percentiles and reaches both ends', () => {
    expect([percentile([10, 20], 0.25), percentile([10, 20], 0), percentile([10, 20], 1)]).toEqual([
      12.5, 10, 20,
    ])
  })

  it('refuses an empty sample', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})
