/** One contender in a group of bars. */
export interface Bar {
  readonly name: string
  /** The median, and the lowest and highest of the rounds. */
  readonly value: number
  readonly low: number
  readonly high: number
  /** Which colour: the same for the same contender in all groups. */
  readonly colour: 'ours' | 'theirs' | 'other' | 'bare'
}

/** What is compared in one row: bars that share a scale. */
export interface BarGroup {
  readonly title: string
  readonly unit: string
  /** What the ratio is and what it should be. */
  readonly verdict: string
  readonly bars: readonly Bar[]
}

export interface Chart {
  readonly title: string
  readonly groups: readonly BarGroup[]
  /** Lines below the chart. */
  readonly notes: readonly string[]
}

const width = 900
const margin = 24
const labelWidth = 210
const valueWidth = 220
const barHeight = 18
const barGap = 6
const titleHeight = 30
const groupGap = 18
const noteHeight = 18

/** Readable on white and on black: the page says by `prefers-color-scheme` which it is. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 18px; font-weight: 600 }
  .group { font-weight: 600 }
  .quiet { fill: #59636e; font-size: 12px }
  .ours { fill: #0969da } .theirs { fill: #bf8700 } .other { fill: #8250df } .bare { fill: #8c959f }
  .whisker { stroke: #1f2328; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .ours { fill: #4493f8 } .theirs { fill: #d29922 } .other { fill: #ab7df8 } .bare { fill: #656c76 }
    .whisker { stroke: #f0f6fc }
  }`

/** Draws bars with their spread, group below group. @returns the text of an SVG file */
export function drawChart({ title, groups, notes }: Chart): string {
  const parts: string[] = []
  let y = margin + 16
  parts.push(text(margin, y, title, 'title'))
  y += groupGap
  for (const group of groups) {
    parts.push(...drawGroup(group, y))
    y += groupHeight(group) + groupGap
  }
  for (const note of notes) {
    parts.push(text(margin, y, note, 'quiet'))
    y += noteHeight
  }
  const height = y + margin - noteHeight
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${style}</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function groupHeight({ bars }: BarGroup): number {
  return titleHeight + bars.length * (barHeight + barGap)
}

function drawGroup({ title, unit, verdict, bars }: BarGroup, top: number): string[] {
  const most = Math.max(...bars.map(({ high }) => high))
  const scale = (value: number): number => (value / most) * (width - 2 * margin - labelWidth - valueWidth)
  const left = margin + labelWidth
  const parts = [
    text(margin, top + 16, title, 'group'),
    text(width - margin, top + 16, verdict, 'quiet', 'end'),
  ]
  for (const [index, { name, value, low, high, colour }] of bars.entries()) {
    const y = top + titleHeight + index * (barHeight + barGap)
    const middle = y + barHeight / 2
    parts.push(
      text(left - 8, middle + 4, name, '', 'end'),
      `<rect class="${colour}" x="${left}" y="${y}" width="${round(scale(value))}" height="${barHeight}" rx="2"/>`,
      `<line class="whisker" x1="${round(left + scale(low))}" x2="${round(left + scale(high))}" y1="${middle}" y2="${middle}"/>`,
      text(
        round(left + scale(high) + 8),
        middle + 4,
        `${short(value)} ${unit} (${short(low)} … ${short(high)})`,
        'quiet',
      ),
    )
  }
  return parts
}

function text(x: number, y: number, content: string, kind: string, anchor = 'start'): string {
  const attributes = `${kind === '' ? '' : ` class="${kind}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`
  return `<text x="${x}" y="${y}"${attributes}>${escape(content)}</text>`
}

function short(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
