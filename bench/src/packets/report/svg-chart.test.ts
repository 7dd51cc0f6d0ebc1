import { describe, expect, it } from 'vitest'
import { drawChart } from './svg-chart.ts'

const bars = [
  { name: 'vpnext', value: 3, low: 2, high: 4, colour: 'ours' },
  { name: 'a < b & c', value: 1, low: 1, high: 1, colour: 'theirs' },
] as const
const chart = {
  title: 'T',
  groups: [{ title: 'G', unit: 'Gbit/s', verdict: '3×', bars }],
  notes: ['both ends'],
}
const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map((found) => Number(found[1]))

describe('drawChart', () => {
  it('draws bars in proportion', () => {
    const [first = 0, second = 0] = widths(drawChart(chart))
    expect(first / second).toBeCloseTo(3, 1)
  })

  it('stays in the picture, the whiskers of the longest bar too', () => {
    const svg = drawChart(chart)
    const ends = [...svg.matchAll(/x2="([\d.]+)"/g)].map((found) => Number(found[1]))
    expect(Math.max(...ends)).toBeLessThan(900)
  })

  it('says everything, escaped, and for dark pages too', () => {
    const svg = drawChart(chart)
    for (const said of [
      'a &lt; b &amp; c',
      '3.00 Gbit/s (2.00 … 4.00)',
      'both ends',
      'prefers-color-scheme: dark',
    ])
      expect(svg).toContain(said)
  })
})
