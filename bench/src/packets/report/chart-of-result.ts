import { median } from '../../statistics.ts'
import { bareLink } from '../contenders/bare-link.ts'
import type { PacketRow } from '../packet-row.ts'
import type { Result } from './result.ts'
import type { Bar, BarGroup, Chart } from './svg-chart.ts'

/** Rows that are shown, and what is left out of their bars because it would dwarf the others. */
const shown = [
  'tcp-1-v4',
  'tcp-4-v4',
  'tcp-both',
  'tcp-1-single',
  'openvpn',
  'udp-64',
  'udp-1300',
  'round-trip',
  'processor',
  'relay-pump',
]

/** The chart of the comparisons. */
export function chartOf({ machine, run, rows }: Result): Chart {
  const { cpu, cores, kernel, node } = machine
  const groups = shown.flatMap((id) => rows.filter((row) => row.id === id && row.ratio !== null).map(groupOf))
  return {
    title: 'Packets through a tunnel: vpnext in TypeScript and others',
    groups,
    notes: [
      `Both ends of every tunnel and the load generators share ${cores} cores of ${machine.virtual ? 'a virtual machine' : 'one machine'}: ${cpu}.`,
      `Linux ${kernel}, Node ${node}, ${Object.values(run.versions).join(', ')}; ${run.date.slice(0, 10)}.`,
      `Offloads of the veth between them: ${Object.entries(run.offloads)
        .map(([name, state]) => `${name} ${state}`)
        .join(', ')}.`,
      'Bars: medians of interleaved rounds; lines: lowest to highest; ratio: median of the ratios within a round.',
    ],
  }
}

function groupOf({ what, unit, ratio, aim, against, samples, id }: PacketRow): BarGroup {
  const bars = Object.entries(samples)
    .filter(([name]) => id.startsWith('relay') || name !== bareLink.name)
    .map(([name, values]) => barOf(name, values, against))
  return {
    title: what,
    unit,
    verdict: `${ratio?.toFixed(2)}× ${against.replaceAll('`', '')} (aim ${aim})`,
    bars,
  }
}

function barOf(name: string, values: readonly number[], against: string): Bar {
  const colour =
    name === 'vpnext' || name.startsWith('pump')
      ? 'ours'
      : name === against
        ? 'theirs'
        : name === bareLink.name
          ? 'bare'
          : 'other'
  return {
    name: name.replaceAll('`', ''),
    value: median(values),
    low: Math.min(...values),
    high: Math.max(...values),
    colour,
  }
}
