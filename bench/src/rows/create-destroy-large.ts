import { type Comparison, compare, planOf } from '../compare.ts'
import type { MeasuredRow } from '../row.ts'
import { scriptLike } from '../script/contender.ts'

const addresses = 2000
const routes = 10_000

const comparison = {
  id: 'create-destroy-large',
  what: '`create` + `destroy` with 10,000 routes and 2,000 addresses, half IPv4, half IPv6',
  against: 'a shell script that makes the same kernel state (ip -batch, nft -f) and removes it',
  aim: { kind: 'at-most', ratio: 1.5 },
  rounds: 7,
  warmUp: 1,
} as const satisfies Partial<Comparison>

export const createDestroyLarge: MeasuredRow = {
  plan: planOf(comparison),
  async measure(site) {
    const { extension, shell } = site
    const script = await scriptLike(
      site,
      'large',
      () => extension.run('create-large', { addresses, routes }),
      () => extension.run('destroy'),
    )
    return await compare(
      {
        ...comparison,
        ours: {
          name: 'create + destroy',
          async sample() {
            const [ms] = await extension.run('create-destroy-large', { addresses, routes })
            return ms ?? Number.NaN
          },
        },
        theirs: {
          name: 'script up + down',
          sample: async () => (await shell.time(script.up)) + (await shell.time(script.down)),
        },
      },
      (done, of) => site.progress.part(done, of),
    )
  },
}
