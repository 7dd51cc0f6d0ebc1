import { expectNothingLeft, type Inventory, takeInventory } from '@vpnext/lab'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { Flood } from '../../test/flood.ts'
import { bundleEngine, OurEnd } from '../../test/our-end.ts'
import { TcpEcho } from '../../test/tcp-echo.ts'
import { type EndOptions, port, type TunnelEnd } from '../../test/tunnel-end.ts'
import { Tunnel } from '../../test/tunnel.ts'
import { inside, outside } from '../../test/two-networks.ts'
import { until } from '../../test/until.ts'
import { findWireGuardGo, WireGuardGoEnd } from '../../test/wireguard-go-end.ts'

const worker = bundleEngine()
const wireguardGo = findWireGuardGo()
afterAll(() => worker[Symbol.dispose]())

let inventory: Inventory
beforeEach(() => {
  inventory = takeInventory()
})
afterEach(() => expectNothingLeft(inventory))

test.each([
  ['ours', (options: EndOptions): Promise<TunnelEnd> => OurEnd.start({ ...options, worker })],
  ['wireguard-go', (options: EndOptions): Promise<TunnelEnd> => WireGuardGoEnd.start(wireguardGo, options)],
] as const)(
  'under a flood of strangers %s gets through with a cookie, and packets go on',
  async (_name, startLeft) => {
    await using tunnel = new Tunnel()
    const { left: here, right: there } = tunnel.networks
    await using right = await OurEnd.start({ ...tunnel.end('right'), worker })
    await using _flood = new Flood(here, tunnel.end('left').peerKey, outside('right', 4), port)
    const refused = async (): Promise<number> => (await right.engine.status()).drops.cookieRequired ?? 0
    await until('strangers are asked for cookies', async () => (await refused()) > 0)

    await using left = await startLeft({
      ...tunnel.end('left'),
      endpoint: { host: outside('right', 4), port },
      keepalive: 1,
    })
    await until('it has got through', async () => (await left.status()).shookHands)
    await using echo = await TcpEcho.open(here, there, inside('right', 4))
    const before = await refused()
    expect(await echo.echoes(1_000_003)).toBe(true)
    await until('the flood goes on', async () => (await refused()) > before)
  },
)
