import { expectNothingLeft, type Inventory, takeInventory } from '@vpnext/lab'
import { runNft } from '@vpnext/native'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { bundleEngine, OurEnd } from '../../test/our-end.ts'
import { tcpEchoes } from '../../test/tcp-echo.ts'
import { port } from '../../test/tunnel-end.ts'
import { Tunnel } from '../../test/tunnel.ts'
import { inside, outside } from '../../test/two-networks.ts'

const worker = bundleEngine()
afterAll(() => worker[Symbol.dispose]())

let before: Inventory
beforeEach(() => {
  before = takeInventory()
})
afterEach(() => expectNothingLeft(before))

const header = { 4: 'ip', 6: 'ip6' } as const
/** What a TCP packet of the tunnel may say of congestion. */
const notes = ['not-ect', 'ect0', 'ect1', 'ce'] as const
const counters = ([4, 6] as const).flatMap((family) =>
  notes.map((note) => ({ family, note, name: `${note}-${family}` })),
)

/** Has the right side count. */
function countNotes({ networks }: Tunnel): void {
  const rules = counters.map(
    ({ family, name, note }) =>
      `iifname "wg0" meta l4proto tcp ${header[family]} ecn ${note} counter name "${name}"`,
  )
  networks.right.run(() =>
    runNft(`table inet seen {
      ${counters.map(({ name }) => `counter ${name} { }`).join('\n')}
      chain c { type filter hook input priority 0; ${rules.join('; ')}; }
    }`),
  )
}

/** The counters that are not at 0. */
function counted({ networks }: Tunnel): string[] {
  const text = networks.right.run(() => runNft('list counters table inet seen'))
  return [...text.matchAll(/counter ([\w-]+) \{\s+packets [1-9]/g)].map(([, name]) => name ?? '').toSorted()
}

test.each([
  [4, 4],
  [4, 6],
  [6, 4],
  [6, 6],
] as const)(
  'what a router marks over IPv%i is marked inside for IPv%i whose ends know of it, and for nobody else',
  async (outer, inner) => {
    await using tunnel = new Tunnel()
    const { networks } = tunnel
    networks.left.run(() =>
      runNft(`table inet congested {
        chain c {
          type filter hook output priority 0;
          oifname "wg0" ${header[inner]} ecn set ect0;
          oifname "u" udp dport ${port} ${header[outer]} ecn set ce;
        }
      }`),
    )
    await using _right = await OurEnd.start({ ...tunnel.end('right'), worker })
    const endpoint = { host: outside('right', outer), port }
    await using _left = await OurEnd.start({ ...tunnel.end('left'), endpoint, worker })
    countNotes(tunnel)
    for (const family of [4, 6] as const)
      expect(await tcpEchoes(networks.left, networks.right, inside('right', family), 300_007)).toBe(true)
    expect(counted(tunnel)).toEqual([`ce-${inner}`, `not-ect-${inner === 4 ? 6 : 4}`].toSorted())
  },
)
