import { bareLink } from '../contenders/bare-link.ts'
import { iterator, naive, plainIterator, plainPump, pump } from '../contenders/relay.ts'
import { type Measurement, planOf, ratioRow, type RatioPlan } from '../packet-row.ts'
import { interleave } from '../rounds.ts'
import { sampleTcp } from './tcp.ts'

const compared = { theirs: naive.name, figure: 'throughput', unit: 'Gbit/s' }

const plans: readonly RatioPlan[] = [
  {
    ...compared,
    id: 'relay-pump',
    what: 'an extension that only relays (no crypto), TCP, 1 stream: pump level',
    ours: pump.name,
    aim: { kind: 'at-least', ratio: 20 },
  },
  {
    ...compared,
    id: 'relay-iterator',
    what: 'an extension that only relays (no crypto), TCP, 1 stream: iterator level',
    ours: iterator.name,
    aim: { kind: 'at-least', ratio: 5 },
  },
]

export const relays: Measurement = {
  id: 'relay',
  plans: plans.map(planOf),
  async measure(ground) {
    const contenders = [naive, plainIterator, iterator, plainPump, pump, bareLink]
    const series = await interleave(
      contenders,
      ground.settings,
      (contender) => sampleTcp(ground, contender, { version: 'v4', streams: 1 }),
      (done, of) => ground.progress.part(done, of),
    )
    return plans.map((plan) => ratioRow(plan, series))
  },
}
