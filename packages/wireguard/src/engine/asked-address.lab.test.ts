import { expectNothingLeft, type Inventory, takeInventory } from '@vpnext/lab'
import { runNft } from '@vpnext/native'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { bundleEngine, OurEnd } from '../../test/our-end.ts'
import { tcpEchoes } from '../../test/tcp-echo.ts'
import { type EndOptions, port, type TunnelEnd } from '../../test/tunnel-end.ts'
import { Tunnel } from '../../test/tunnel.ts'
import { inside, outside } from '../../test/two-networks.ts'
import { until } from '../../test/until.ts'
import { findWireGuardGo, WireGuardGoEnd } from '../../test/wireguard-go-end.ts'

const worker = bundleEngine()
const wireguardGo = findWireGuardGo()
afterAll(() => worker[Symbol.dispose]())

let before: Inventory
beforeEach(() => {
  before = takeInventory()
})
afterEach(() => expectNothingLeft(before))

const ours = (options: EndOptions): Promise<OurEnd> => OurEnd.start({ ...options, worker })
const programs = [
  ['ours', (options: EndOptions): Promise<TunnelEnd> => ours(options)],
  ['wireguard-go', (options: EndOptions): Promise<TunnelEnd> => WireGuardGoEnd.start(wireguardGo, options)],
] as const

/** Drops what comes from other addresses than the one that is asked, as a firewall does that knows connections. */
function letInOnly(tunnel: Tunnel, address: string): void {
  const family = address.includes(':') ? 'ip6' : 'ip'
  tunnel.networks.left.run(() =>
    runNft(`table inet strict {
      chain c { type filter hook input priority 0; udp sport ${port} ${family} saddr != ${address} drop; }
    }`),
  )
}

test.each(programs.flatMap(([name, start]) => [[name, 4, start] as const, [name, 6, start] as const]))(
  '%s is answered from the address that it asked, one of several, over IPv%i',
  async (_name, family, start) => {
    await using tunnel = new Tunnel()
    const { networks } = tunnel
    // More than one, because the kernel takes the first or the last by itself.
    for (const nth of [1, 2]) networks.addOutside('right', nth)
    await using _right = await ours(tunnel.end('right'))
    const asked = outside('right', family, 1)
    letInOnly(tunnel, asked)
    await using left = await start({ ...tunnel.end('left'), endpoint: { host: asked, port } })
    expect(await tcpEchoes(networks.left, networks.right, inside('right', 4), 300_007)).toBe(true)
    expect((await left.status()).endpoint).toContain(asked)
  },
)

test('when that address has gone, the kernel chooses another one', async () => {
  await using tunnel = new Tunnel()
  const { networks } = tunnel
  for (const nth of [1, 2]) networks.addOutside('right', nth)
  await using _right = await ours(tunnel.end('right'))
  await using left = await ours({
    ...tunnel.end('left'),
    endpoint: { host: outside('right', 4, 1), port },
  })
  expect(await tcpEchoes(networks.left, networks.right, inside('right', 4), 1000)).toBe(true)
  networks.deleteOutside('right', 1)
  // It has to speak first: nobody knows where it is.
  expect(await tcpEchoes(networks.right, networks.left, inside('left', 4), 300_007)).toBe(true)
  await until(
    'another endpoint',
    async () => !(await left.status()).endpoint?.startsWith(`${outside('right', 4, 1)}:`),
  )
})

test('an address that the kernel would choose anyway is left to it, so that it may become another', async () => {
  await using tunnel = new Tunnel()
  const { networks } = tunnel
  await using right = await ours(tunnel.end('right'))
  await using left = await ours({ ...tunnel.end('left'), endpoint: { host: outside('right', 4), port } })
  expect(await tcpEchoes(networks.left, networks.right, inside('right', 4), 1000)).toBe(true)
  // It keeps the old address, but what it sends goes another way from now on, as with a cable that is plugged in.
  networks.addOutside('right', 1)
  networks.preferOutside('right', 1)
  expect(await tcpEchoes(networks.right, networks.left, inside('left', 4), 300_007)).toBe(true)
  expect((await left.status()).endpoint).toBe(`${outside('right', 4, 1)}:${port}`)
  expect((await right.status()).endpoint).toBe(`${outside('left', 4)}:${port}`)
})
