import { setTimeout as sleep } from 'node:timers/promises'
import { type Comparison, compare, planOf } from '../compare.ts'
import type { MeasuredRow } from '../row.ts'
import { scriptLike } from '../script/contender.ts'
import { openWgQuick } from '../wireguard/wg-quick.ts'

/** Before each sample, in ms. As in life, nothing was done a moment ago: the next host is ready, and the caches are cold. */
const restMs = 1000

const comparison = {
  id: 'create-to-fd',
  what: '`create` with one address, default routes and DNS, until the fd is in the extension',
  against: 'a shell script that makes the same kernel state (nft -f, ip -batch, resolv.conf)',
  aim: { kind: 'faster', ratio: 3 },
  rounds: 20,
  warmUp: 3,
} as const satisfies Partial<Comparison>

export const createToFd: MeasuredRow = {
  plan: planOf(comparison),
  async measure(site) {
    const { extension, shell } = site
    const create = async (): Promise<number> => {
      const [ms] = await extension.run('create')
      await extension.run('destroy')
      return ms ?? Number.NaN
    }
    const script = await scriptLike(
      site,
      'small',
      () => extension.run('create'),
      () => extension.run('destroy'),
    )
    await using wgQuick = openWgQuick(site.folder)
    return await compare(
      {
        ...comparison,
        ours: {
          name: 'create, the first of a new host',
          async sample() {
            await extension.stop()
            await sleep(restMs)
            return await create()
          },
        },
        theirs: {
          name: 'script',
          async sample() {
            await sleep(restMs)
            const ms = await shell.time(script.up)
            await shell.time(script.down)
            return ms
          },
        },
        beside: [
          {
            name: 'create, again in the same host',
            async sample() {
              await sleep(restMs)
              return await create()
            },
          },
          wgQuick.contender,
        ],
      },
      (done, of) => site.progress.part(done, of),
    )
  },
}
