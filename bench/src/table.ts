import type { Machine } from './machine.ts'
import type { Row } from './row.ts'

/** The table for people. @param notes what else is to be said above it, a line each */
export function drawTable(machine: Machine, rows: readonly Row[], notes: readonly string[] = []): string {
  const { cpu, cores, memoryGiB, kernel, node, programs } = machine
  const kind = machine.virtual ? 'a virtual machine' : 'one machine'
  const lines = [
    '',
    `Both contenders of a row share the ${cores} cores of ${kind}: ${cpu}, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}.`,
    Object.entries(programs)
      .map(([name, version]) => `${name}: ${version}`)
      .join(' · '),
    ...notes,
    '',
  ]
  for (const row of rows) lines.push(...drawRow(row), '')
  return `${lines.join('\n')}\n`
}

function drawRow(row: Row): string[] {
  const width = Math.max(...Object.keys(row.figures).map((name) => name.length))
  return [
    `${markOf(row)} ${row.id}: ${ratioText(row)}, aim ${row.aim}`,
    `    ${row.what}`,
    `    against: ${row.against}`,
    ...Object.entries(row.figures).map(([name, figure]) => `      ${name.padEnd(width)}  ${figure}`),
  ]
}

function markOf({ met }: Row): string {
  if (met === 'not measured') return '–'
  return met ? '✓' : '✗'
}

function ratioText({ ratio, spread }: Row): string {
  if (ratio === null) return 'not measured'
  return spread === null ? String(ratio) : `${ratio} (${spread[0]} … ${spread[1]})`
}
