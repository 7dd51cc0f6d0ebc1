import { setTimeout as sleep } from 'node:timers/promises'
import { round3 } from '../compare.ts'
import type { MeasuredRow, RowPlan } from '../row.ts'
import { childrenOf, formatMemory, processorMs, residentKiB } from '../site/process-facts.ts'
import { median } from '../statistics.ts'

/** Windows, and the length of each in ms. */
const windows = 4
const windowMs = 3000
/** Until the work of the start is over: the next spare host, and V8's look at the garbage after 8 s. In ms. */
const settleMs = 12_000
/** Percent of one core. */
const limit = 0.5

const plan: RowPlan = {
  id: 'idle',
  what: `service and hosts with a tunnel up and nothing to do, over ${(windows * windowMs) / 1000} s: percent of one core, together`,
  against: '–',
  aim: `< ${limit} % CPU`,
}

export const idle: MeasuredRow = {
  plan,
  async measure({ extension, service, progress }) {
    await extension.run('create')
    await sleep(settleMs)
    const host = await extension.pid()
    const others = childrenOf(service.pid).filter((pid) => pid !== host)
    const processes = new Map([
      ['service', [service.pid]],
      ['host', [host]],
      ['spare host', others],
    ])
    const all = [...processes.values()].flat()
    const start = new Map(all.map((pid) => [pid, processorMs(pid)]))
    const spent = (pids: readonly number[]): number =>
      pids.reduce((sum, pid) => sum + processorMs(pid) - (start.get(pid) ?? 0), 0)
    const shares: number[] = []
    for (let window = 0; window < windows; window += 1) {
      const before = spent(all)
      const begin = performance.now()
      await sleep(windowMs)
      shares.push(percentOf(spent(all) - before, performance.now() - begin))
      progress.part(window + 1, windows)
    }
    const whole = windows * windowMs
    const share = percentOf(spent(all), whole)
    const figures = [...processes].map(([name, pids]): [string, string] => {
      const memory = pids.map((pid) => formatMemory(residentKiB(pid))).join(' + ')
      return [
        name,
        pids.length === 0 ? 'none' : `${percentOf(spent(pids), whole).toFixed(3)} %, ${memory} resident`,
      ]
    })
    await extension.run('destroy')
    return {
      ...plan,
      ratio: round3(share),
      spread: [round3(Math.min(...shares)), round3(Math.max(...shares))],
      met: share < limit,
      figures: { ...Object.fromEntries(figures), 'median window': `${median(shares).toFixed(3)} %` },
    }
  },
}

function percentOf(part: number, whole: number): number {
  return (part / whole) * 100
}
