import { processorMs } from '../../site/process-facts.ts'
import type { Contender } from '../contender.ts'
import { bareLink } from '../contenders/bare-link.ts'
import type { Ground } from '../ground.ts'
import { type Measurement, planOf, ratioRow, type RatioAim, type RatioPlan } from '../packet-row.ts'
import { interleave, type Sample, type Series } from '../rounds.ts'

/** What is measured of TCP through a tunnel. */
export interface TcpCase {
  readonly id: string
  readonly what: string
  readonly version: 'v4' | 'v6'
  readonly streams: number
  readonly bidirectional?: boolean
  /** Whether the underlay takes long UDP messages. Default true. */
  readonly segmentation?: boolean
  readonly aim: RatioAim
}

const compared = { ours: 'vpnext', theirs: 'wireguard-go', figure: 'throughput', unit: 'Gbit/s' }

const sixteen: RatioAim = { kind: 'at-least', ratio: 1.6, stretch: 2 }
const twentyFive: RatioAim = { kind: 'at-least', ratio: 2.5 }

const cases: readonly TcpCase[] = [
  { id: 'tcp-4-v4', what: 'TCP, 4 streams, IPv4 inside', version: 'v4', streams: 4, aim: sixteen },
  { id: 'tcp-1-v6', what: 'TCP, 1 stream, IPv6 inside', version: 'v6', streams: 1, aim: sixteen },
  { id: 'tcp-4-v6', what: 'TCP, 4 streams, IPv6 inside', version: 'v6', streams: 4, aim: sixteen },
  {
    id: 'tcp-both',
    what: 'TCP both directions at once, sum',
    version: 'v4',
    streams: 1,
    bidirectional: true,
    aim: { kind: 'at-least', ratio: 1.6 },
  },
  ...([1, 4] as const).map((streams) => ({
    id: `tcp-${streams}-single`,
    what: `TCP, ${streams} stream${streams === 1 ? '' : 's'}, underlay without UDP segmentation offload`,
    version: 'v4' as const,
    streams,
    segmentation: false,
    aim: twentyFive,
  })),
]

/** One iperf3 run through a tunnel: what arrived, and what the tunnel's processes took for it. */
export async function sampleTcp(
  ground: Ground,
  contender: Contender,
  { version, streams, bidirectional = false }: Pick<TcpCase, 'version' | 'streams' | 'bidirectional'>,
): Promise<Sample> {
  const { addresses, pids } = await ground.tunnel(contender)
  const spent = (): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0)
  const before = spent()
  const { seconds } = ground.settings
  const { gbitPerSecond, gbit } = await ground.iperf().tcp({
    address: addresses.b[version],
    streams,
    bidirectional,
    seconds,
  })
  return { throughput: gbitPerSecond, processor: (spent() - before) / gbit }
}

async function measureCase(ground: Ground, one: TcpCase, contenders: readonly Contender[]): Promise<Series> {
  const { link, progress, settings } = ground
  link.setSegmentation(one.segmentation ?? true)
  try {
    for (const contender of contenders) await ground.tunnel(contender)
    return await interleave(
      contenders,
      settings,
      (contender) => sampleTcp(ground, contender, one),
      (done, of) => progress.part(done, of),
    )
  } finally {
    link.setSegmentation(true)
  }
}

function caseRow(one: TcpCase): Measurement {
  const plan: RatioPlan = { ...compared, id: one.id, what: one.what, aim: one.aim }
  return {
    id: one.id,
    plans: [planOf(plan)],
    async measure(ground) {
      const { ours, wireguardGo } = ground.contenders
      return [ratioRow(plan, await measureCase(ground, one, [ours, wireguardGo]))]
    },
  }
}

const oneStream: TcpCase = {
  id: 'tcp-1-v4',
  what: 'TCP, 1 stream, IPv4 inside',
  version: 'v4',
  streams: 1,
  aim: sixteen,
}

const plans = {
  throughput: { ...compared, id: oneStream.id, what: oneStream.what, aim: oneStream.aim },
  processor: {
    ...compared,
    id: 'processor',
    what: 'processor time of both ends per Gbit of that TCP stream',
    aim: { kind: 'at-most', ratio: 0.6 },
    figure: 'processor',
    unit: 'ms/Gbit',
  },
  openvpn: {
    ...compared,
    id: 'openvpn',
    what: 'TCP, 1 stream, against openvpn in user space',
    theirs: 'openvpn',
    aim: { kind: 'at-least', ratio: 6 },
  },
} as const satisfies Record<string, RatioPlan>

/** All contenders in the same rounds; the other rows compare two. */
const firstRows: Measurement = {
  id: oneStream.id,
  plans: Object.values(plans).map(planOf),
  async measure(ground) {
    const { ours, wireguardGo, openvpn } = ground.contenders
    const series = await measureCase(ground, oneStream, [ours, wireguardGo, openvpn, bareLink])
    return [
      ratioRow(plans.throughput, series, [ours.name, wireguardGo.name, bareLink.name]),
      ratioRow(plans.processor, series, [ours.name, wireguardGo.name, openvpn.name]),
      ratioRow(plans.openvpn, series, [ours.name, openvpn.name]),
    ]
  },
}

export const tcpRows: readonly Measurement[] = [firstRows, ...cases.map(caseRow)]
