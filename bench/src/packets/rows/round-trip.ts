import { percentile } from '../../statistics.ts'
import { bareLink } from '../contenders/bare-link.ts'
import { ping } from '../load/ping.ts'
import { formatSamples, type Measurement, planOf, ratioRow, type RatioPlan } from '../packet-row.ts'
import { interleave } from '../rounds.ts'

const intervalMs = 20
/** What goes before the first round, for compilers to settle; the load before was of other packets. */
const settling = { count: 500, intervalMs: 4 }

const plan: RatioPlan = {
  id: 'round-trip',
  what: 'round trip through an idle tunnel (ping), p50',
  aim: { kind: 'at-most', ratio: 0.7 },
  ours: 'vpnext',
  theirs: 'wireguard-go',
  figure: 'p50',
  unit: 'µs',
}

export const roundTrip: Measurement = {
  id: plan.id,
  plans: [planOf(plan)],
  async measure(ground) {
    const { contenders, link, progress, settings } = ground
    const compared = [contenders.ours, contenders.wireguardGo, contenders.openvpn, bareLink]
    for (const contender of compared) {
      const { addresses } = await ground.tunnel(contender)
      await ping(link, addresses.b.v4, settling.count, settling.intervalMs)
    }
    const series = await interleave(
      compared,
      settings,
      async (contender) => {
        const { addresses } = await ground.tunnel(contender)
        const times = await ping(link, addresses.b.v4, settings.pings, intervalMs)
        return { p50: percentile(times, 0.5) * 1000, p99: percentile(times, 0.99) * 1000 }
      },
      (done, of) => progress.part(done, of),
    )
    const row = ratioRow(plan, series)
    const p99 = Object.entries(series.all('p99')).map(([name, values]) => [
      `${name}, p99`,
      formatSamples(values, plan.unit),
    ])
    return [{ ...row, figures: { ...row.figures, ...Object.fromEntries(p99) } }]
  },
}
