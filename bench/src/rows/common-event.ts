import { type Comparison, compare, planOf } from '../compare.ts'
import { BareEcho } from '../echo/bare-echo.ts'
import { NodeEcho } from '../echo/node-echo.ts'
import type { MeasuredRow } from '../row.ts'
import { listenerName } from '../site/extension.ts'
import { median } from '../statistics.ts'

/** Calls of each contender in one round; the extension logs one line for them all. */
const calls = 400

const comparison = {
  id: 'common-event',
  what: '`publish` of a common event to its subscriber in another host, p50 (half of there and back)',
  against: 'a Unix-socket round trip between two Node processes (`node:net`), p50',
  aim: { kind: 'at-most', ratio: 3 },
  rounds: 20,
  warmUp: 5,
} as const satisfies Partial<Comparison>

export const commonEvent: MeasuredRow = {
  plan: planOf(comparison),
  async measure({ extension, progress }) {
    await using node = await NodeEcho.open()
    await using bare = new BareEcho({ withSocket: false })
    await extension.start({}, listenerName)
    const row = await compare(
      {
        ...comparison,
        ours: {
          name: 'publish → subscribe p50',
          sample: async () => median(await extension.run('events', { times: calls })),
        },
        theirs: { name: 'node:net round trip p50', sample: async () => median(await node.roundTrips(calls)) },
        beside: [
          {
            name: 'bare seqpacket round trip p50',
            sample: async () => median(await bare.roundTrips(calls)),
          },
        ],
      },
      (done, of) => progress.part(done, of),
    )
    await extension.stop(listenerName)
    return row
  },
}
