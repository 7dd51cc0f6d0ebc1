/**
 * `node bench/dist/packets/draw-chart.js result.json …`: draws the chart of results that `--json` has written into
 * docs/performance-packets.svg, and puts their table and circumstances into docs/performance-packets.md.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chartOf } from './report/chart-of-result.ts'
import { markdownOf } from './report/markdown.ts'
import { mergeResults } from './report/merge-results.ts'
import type { Result } from './report/result.ts'
import { drawChart } from './report/svg-chart.ts'

/** What lies between these lines of the document is written here. */
const marks = ['<!-- figures: written by draw-chart -->', '<!-- end of figures -->'] as const

const docs = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url))

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `--json` has written
const results = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Result)
const result = mergeResults(results)
writeFileSync(docs('performance-packets.svg'), drawChart(chartOf(result)))
const path = docs('performance-packets.md')
const text = readFileSync(path, 'utf8')
const [start, end] = marks.map((mark) => text.indexOf(mark))
if (start === undefined || end === undefined || start < 0 || end < start)
  throw new Error(`${path}: no place for figures`)
const { machine, run } = result
const circumstances = [
  `Measured ${run.date.slice(0, 10)} (${run.mode} run): ${machine.cpu}, ${machine.cores} cores${machine.virtual ? ' of a virtual machine' : ''},`,
  `${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}; ${Object.values(run.versions).join(', ')}.`,
  '',
  ...run.notes.map((note) => `- ${note}`),
]
writeFileSync(
  path,
  `${text.slice(0, start + marks[0].length)}\n\n${circumstances.join('\n')}\n\n${markdownOf(result)}\n${text.slice(end)}`,
)
