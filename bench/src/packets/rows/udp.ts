import { bareLink } from '../contenders/bare-link.ts'
import { findHighestRate } from '../load/loss-search.ts'
import { type Measurement, planOf, ratioRow, type RatioPlan } from '../packet-row.ts'
import { interleave } from '../rounds.ts'

const tolerated = 0.01

/** @param size bytes of the datagram's payload */
function udpRow(size: number): Measurement {
  const plan: RatioPlan = {
    id: `udp-${size}`,
    what: `UDP, ${size}-byte datagrams delivered per second, at most ${tolerated * 100} % lost`,
    aim: { kind: 'at-least', ratio: 2.5 },
    ours: 'vpnext',
    theirs: 'wireguard-go',
    figure: 'rate',
    unit: 'packets/s',
  }
  return {
    id: plan.id,
    plans: [planOf(plan)],
    async measure(ground) {
      const { contenders, progress, settings } = ground
      const datagrams = await ground.datagrams()
      let bound = 0
      const series = await interleave(
        [contenders.ours, contenders.wireguardGo, bareLink],
        { rounds: Math.max(2, Math.ceil(settings.rounds / 2)), warmUp: settings.warmUp },
        async (contender) => {
          const { addresses } = await ground.tunnel(contender)
          const { delivered, generatorBound } = await findHighestRate(
            { start: 8000, most: 1_000_000, tolerated, precision: settings.ratePrecision },
            (rate) => datagrams.attempt(addresses.b.v4, size, rate, settings.attemptMs),
          )
          if (generatorBound && contender !== bareLink) bound += 1
          return { rate: delivered }
        },
        (done, of) => progress.part(done, of),
      )
      const row = ratioRow(plan, series)
      const generator = `sendmmsg(2) every millisecond, no segmentation; at its limit in ${bound} rounds of a tunnel`
      return [{ ...row, figures: { ...row.figures, generator } }]
    },
  }
}

export const udpRows: readonly Measurement[] = [udpRow(64), udpRow(1300)]
