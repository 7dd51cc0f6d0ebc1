import { setTimeout as sleep } from 'node:timers/promises'
import { round3 } from '../compare.ts'
import type { MeasuredRow, RowPlan } from '../row.ts'
import { processorMs, residentKiB } from '../site/process-facts.ts'
import { median } from '../statistics.ts'

/** Windows, and the length of each in ms. */
const windows = 4
const windowMs = 3000
/** Percent of one core. */
const limit = 0.5

const plan: RowPlan = {
  id: 'idle',
  what: 'service and host with a tunnel and nothing to do: percent of one core, together',
  against: '–',
  aim: `< ${limit} % CPU`,
}

export const idle: MeasuredRow = {
  plan,
  async measure({ extension, service, progress }) {
    await extension.run('create')
    const host = await extension.pid()
    // The last answers and the garbage of the start are work, not idleness.
    await sleep(1000)
    const shares: { service: number; host: number }[] = []
    for (let window = 0; window < windows; window += 1) {
      const before = { service: processorMs(service.pid), host: processorMs(host), at: performance.now() }
      await sleep(windowMs)
      const percent = (ms: number): number => (ms / (performance.now() - before.at)) * 100
      shares.push({
        service: percent(processorMs(service.pid) - before.service),
        host: percent(processorMs(host) - before.host),
      })
      progress.part(window + 1, windows)
    }
    const memory = { service: residentKiB(service.pid), host: residentKiB(host) }
    await extension.run('destroy')
    const together = shares.map((share) => share.service + share.host)
    const share = median(together)
    return {
      ...plan,
      ratio: round3(share),
      spread: [round3(Math.min(...together)), round3(Math.max(...together))],
      met: Math.max(...together) < limit,
      figures: {
        service: `${median(shares.map((one) => one.service)).toFixed(3)} %, ${mebibytes(memory.service)} resident`,
        host: `${median(shares.map((one) => one.host)).toFixed(3)} %, ${mebibytes(memory.host)} resident`,
      },
    }
  },
}

function mebibytes(kib: number): string {
  return `${(kib / 1024).toFixed(1)} MiB`
}
