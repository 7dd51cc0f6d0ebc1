import { crowd, crowdAddress, crowdSize } from '../contenders/crowd.ts'
import { Streams } from '../load/streams.ts'
import { type Measurement, planOf, ratioRow, type RatioPlan } from '../packet-row.ts'
import { interleave } from '../rounds.ts'

const many = { name: `1,000 peers, ${crowdSize} active`, device: 'crowd', peers: 1000, active: crowdSize }
const one = { name: '1 peer', device: 'lone', peers: 1, active: 1 }

const plan: RatioPlan = {
  id: 'peers',
  what: `TCP, ${crowdSize} streams to as many addresses: 1,000 peers configured, ${crowdSize} of them active`,
  aim: { kind: 'at-least', ratio: 0.9 },
  ours: many.name,
  theirs: one.name,
  figure: 'throughput',
  unit: 'Gbit/s',
}

export const peers: Measurement = {
  id: plan.id,
  plans: [planOf(plan)],
  async measure({ link, nextSlot, progress, settings }) {
    const slots = new Map([one, many].map((which) => [which.name, nextSlot()]))
    const owned: AsyncDisposable[] = []
    try {
      for (const { name, device, peers: configured, active } of [one, many])
        owned.push(await crowd(name, device, configured, active).open(link, slots.get(name) ?? 0))
      const streams = await Streams.open(link)
      owned.push(streams)
      const series = await interleave(
        [many, one],
        // More than others: a hundred streams share differently each time.
        { ...settings, rounds: 2 * settings.rounds + 1, warmUp: 1 },
        async ({ name }) => {
          const addresses = Array.from({ length: crowdSize }, (_, n) => crowdAddress(slots.get(name) ?? 0, n))
          return { throughput: await streams.run(addresses, settings.seconds * 1000) }
        },
        (done, of) => progress.part(done, of),
      )
      return [ratioRow(plan, series)]
    } finally {
      for (const each of owned) await each[Symbol.asyncDispose]()
    }
  },
}
