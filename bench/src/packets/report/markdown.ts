import type { PacketRow } from '../packet-row.ts'
import type { Result } from './result.ts'

/** The table of docs/performance-packets.md. */
export function markdownOf({ rows }: Result): string {
  return [
    '| | what | against | ratio (spread) | aim | figures |',
    '|---|---|---|---|---|---|',
    ...rows.map(lineOf),
    '',
  ].join('\n')
}

function lineOf({ what, against, aim, met, figures, ratio, spread, unit }: PacketRow): string {
  const mark = met === 'not measured' ? '–' : met ? '✓' : '✗'
  const value =
    ratio === null
      ? 'not measured'
      : spread === null
        ? `${ratio} ${unit}`
        : `${ratio} (${spread[0]} … ${spread[1]})`
  const said = Object.entries(figures).map(([name, figure]) => `${name}: ${figure}`)
  return `| ${mark} | ${what} | ${against} | ${value} | ${aim} | ${said.join('<br>').replaceAll('|', '\\|')} |`
}
