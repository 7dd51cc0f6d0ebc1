import { setTimeout as sleep } from 'node:timers/promises'
import { residentKiB } from '../../site/process-facts.ts'
import { slope } from '../../statistics.ts'
import { statusOf, vpnext, type VpnextTunnel } from '../contenders/vpnext.ts'
import { formatNumber, limitRow, type Measurement } from '../packet-row.ts'

/** Between two sessions, ms, and the least time between two handshakes. */
const rekeyAfterTime = 100
const rekeyTimeout = 20
/** For what is under way to arrive, ms. */
const settleMs = 300
/** What the resident memory may grow by and still be that of the start, KiB. */
const mostGrowth = 4096

const plan = {
  id: 'rekeys',
  what: `packets lost in sessions renewed every ${rekeyAfterTime} ms under full TCP load, both ways, when all is still again`,
  against: '–',
  aim: '0 lost, no growth',
}

/** Packets taken from one device and not given to the other, both directions. */
async function lostIn({ a, b }: VpnextTunnel): Promise<{ readonly lost: number; readonly passed: number }> {
  const [first, second] = [(await statusOf(a)).traffic.tun, (await statusOf(b)).traffic.tun]
  const passed = first.received.packets + second.received.packets
  return { lost: passed - first.sent.packets - second.sent.packets, passed }
}

export const rekeys: Measurement = {
  id: plan.id,
  plans: [plan],
  async measure(ground) {
    const { progress, settings } = ground
    const contender = vpnext({ device: 'rekey', timings: { rekeyAfterTime, rekeyTimeout, rekeyJitter: 0 } })
    const tunnel = await contender.open(ground.link, ground.nextSlot())
    try {
      const sessions = async (): Promise<number> => Number(await tunnel.a.ask('sessions'))
      const load = (): Promise<unknown> =>
        ground.iperf().tcp({ address: tunnel.addresses.b.v4, seconds: settings.seconds, streams: 1 })
      await load()
      const first = await sessions()
      const resident = [residentKiB(tunnel.a.pid)]
      let renewed = 0
      for (let run = 0; renewed < settings.rekeys && run < settings.rekeys; run += 1) {
        await load()
        resident.push(residentKiB(tunnel.a.pid))
        renewed = (await sessions()) - first
        progress.part(Math.min(renewed, settings.rekeys), settings.rekeys)
      }
      await sleep(settleMs)
      const { lost, passed } = await lostIn(tunnel)
      // A single look at it finds up to 6 MiB more or less, for the collector comes and goes.
      const growth = Math.round(slope(resident) * (resident.length - 1))
      const [a, b] = [await statusOf(tunnel.a), await statusOf(tunnel.b)]
      const { tables } = a
      const met = lost === 0 && renewed >= settings.rekeys && growth <= mostGrowth
      return [
        limitRow(plan, lost, met, 'packets', {
          lost: `${lost} of ${formatNumber(passed)} packets`,
          renewals: `${renewed}`,
          growth: `${growth} KiB resident, at the pace of all but single jumps (up to ${mostGrowth} is the allocator’s own play)`,
          'in the tables': `${tables.indices} indices, ${tables.timers} timers`,
          'drops at each end': `${JSON.stringify(a.drops)} ${JSON.stringify(b.drops)}`,
        }),
      ]
    } finally {
      await tunnel[Symbol.asyncDispose]()
    }
  },
}
