import { setTimeout as sleep } from 'node:timers/promises'
import { formatMemory, processorMs, residentKiB } from '../../site/process-facts.ts'
import { statusOf, vpnext, type VpnextTunnel } from '../contenders/vpnext.ts'
import type { EndProcess } from '../end-process.ts'
import { busiestHeap, type Collection, readCollection } from '../gc-trace.ts'
import { slope } from '../../statistics.ts'
import type { Ground } from '../ground.ts'
import { formatNumber, limitRow, type Measurement } from '../packet-row.ts'

/** Bytes per packet. */
const mostGarbage = 60
/** What counts as no growth, bytes: collections of garbage end at sizes that differ by some. A byte for 160 packets is more. */
const noGrowth = 64 * 1024
/** Percent of one core, each end. */
const mostIdle = 0.3
/** Until the work of the start is over, and V8's look at the garbage after 8 s. In ms. */
const settleMs = 12_000

const garbagePlan = {
  id: 'garbage',
  what: 'garbage per packet through the busier end, TCP at full speed (as V8 counts what is allocated)',
  against: '–',
  aim: `≤ ${mostGarbage} bytes`,
}
const growthPlan = {
  id: 'heap-growth',
  what: 'growth of the heap of the thread that moves packets, after collections, at the pace of all but single jumps',
  against: '–',
  aim: '0 KiB',
}
const idlePlan = {
  id: 'idle',
  what: 'processor time of an end with a session and nothing to do, percent of one core',
  against: '–',
  aim: `< ${mostIdle} %`,
}

/** Packets that went through the device of an end, both directions. */
async function packetsOf(end: EndProcess): Promise<number> {
  const { tun } = (await statusOf(end)).traffic
  return tun.received.packets + tun.sent.packets
}

/** TCP until so many packets have passed. */
async function load(ground: Ground, tunnel: VpnextTunnel, packets: number): Promise<number> {
  let passed = 0
  while (passed < packets) {
    await ground.iperf().tcp({ address: tunnel.addresses.b.v4, seconds: ground.settings.seconds, streams: 1 })
    passed = await packetsOf(tunnel.a)
    ground.progress.part(Math.min(passed, packets), packets)
  }
  return passed
}

export const memory: Measurement = {
  id: 'memory',
  plans: [garbagePlan, growthPlan],
  async measure(ground) {
    const collections: Collection[] = []
    const contender = vpnext({
      device: 'memory',
      flags: ['--trace-gc-nvp'],
      onLine(line) {
        const collection = readCollection(line)
        if (collection !== undefined) collections.push(collection)
      },
    })
    const tunnel = await contender.open(ground.link, ground.nextSlot())
    const early = await load(ground, tunnel, ground.settings.packets / 10)
    const residentEarly = residentKiB(tunnel.a.pid)
    const packets = await load(ground, tunnel, ground.settings.packets)
    const resident = residentKiB(tunnel.a.pid)
    await tunnel[Symbol.asyncDispose]()
    const heap = busiestHeap(collections)
    const garbage = heap.reduce((sum, { allocated }) => sum + allocated, 0) / packets
    // Collections come at equal numbers of packets.
    const steady = heap.slice(Math.ceil((heap.length * early) / packets))
    const used = steady.map((collection) => collection.used)
    const change = (used.at(-1) ?? Number.NaN) - (used[0] ?? Number.NaN)
    // What packets leave behind is a slope. Jumps come with functions that V8 compiles, some of them late.
    const growth = slope(used) * heap.length
    const figures = {
      packets: formatNumber(packets),
      collections: `${heap.length}`,
      resident: `${formatMemory(residentEarly)} after ${formatNumber(early)} packets, ${formatMemory(resident)} at the end`,
    }
    return [
      limitRow(garbagePlan, garbage, garbage <= mostGarbage, 'bytes', {
        garbage: `${formatNumber(garbage)} bytes, those of the start included`,
        ...figures,
      }),
      limitRow(growthPlan, growth / 1024, growth <= noGrowth, 'KiB', {
        growth: `${(growth / 1024).toFixed(1)} KiB (up to ${noGrowth / 1024} KiB is the collector’s own play)`,
        'from a tenth of the way to the end, jumps included': `${(change / 1024).toFixed(0)} KiB`,
        ...figures,
      }),
    ]
  },
}

export const idle: Measurement = {
  id: idlePlan.id,
  plans: [idlePlan],
  async measure(ground) {
    const { ours } = ground.contenders
    const { addresses, pids } = await ground.tunnel(ours)
    await ground.iperf().tcp({ address: addresses.b.v4, seconds: 1, streams: 1 })
    await sleep(settleMs)
    const spent = (): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0)
    const before = spent()
    await sleep(ground.settings.idleMs)
    const percent = ((spent() - before) / ground.settings.idleMs / pids.length) * 100
    const figures = { idle: `${percent.toFixed(3)} % of a core, each end` }
    return [limitRow(idlePlan, percent, percent < mostIdle, '%', figures)]
  },
}
