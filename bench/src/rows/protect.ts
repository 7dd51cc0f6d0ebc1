import { type Comparison, compare, formatMs, planOf } from '../compare.ts'
import { BareEcho } from '../echo/bare-echo.ts'
import type { MeasuredRow } from '../row.ts'
import { median, percentile } from '../statistics.ts'

/** Calls of each contender in one round; the extension logs one line for them all. */
const calls = 400

const comparison = {
  id: 'protect',
  what: '`protect(fd)` round trip in the extension, p50',
  against: 'a bare Unix-socket echo with fd passing between two Node processes, p50',
  aim: { kind: 'at-most', ratio: 2 },
  rounds: 20,
  warmUp: 5,
} as const satisfies Partial<Comparison>

export const protect: MeasuredRow = {
  plan: planOf(comparison),
  async measure(site) {
    await using echo = new BareEcho({ withSocket: true })
    const p99: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
    const row = await compare(
      {
        ...comparison,
        ours: {
          name: 'protect p50',
          async sample() {
            const times = await site.extension.run('protect', { times: calls })
            p99.ours.push(percentile(times, 0.99))
            return median(times)
          },
        },
        theirs: {
          name: 'echo p50',
          async sample() {
            const times = await echo.roundTrips(calls)
            p99.theirs.push(percentile(times, 0.99))
            return median(times)
          },
        },
      },
      (done, of) => site.progress.part(done, of),
    )
    const measured = (all: readonly number[]): string => formatMs(median(all.slice(comparison.warmUp)))
    const figures = { ...row.figures, 'protect p99': measured(p99.ours), 'echo p99': measured(p99.theirs) }
    return { ...row, figures }
  },
}
