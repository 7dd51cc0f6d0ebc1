import { join } from 'node:path'

import { type Fd, openTun } from '@vpnext/native'
import { openWireGuard, parseWgQuick, type WireGuardEngine } from '@vpnext/wireguard'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'

import { bundleWorker } from '../../packet/test/bundle-worker.ts'
import { labAddresses } from './addresses.ts'
import { createLab, type Lab } from './lab.ts'
import { expectNothingLeft, type Inventory, takeInventory } from './leaks.ts'
import { tcpProbe, udpProbe } from './probe.ts'
import { makeWireGuardConfs } from './wireguard-confs.ts'
import { WireGuardGateway } from './wireguard-gateway.ts'

const worker = bundleWorker(join(import.meta.dirname, '../../wireguard/src/engine/engine-worker.ts'))
afterAll(() => worker[Symbol.dispose]())

let before: Inventory
beforeEach(() => {
  before = takeInventory()
})
afterEach(() => expectNothingLeft(before))

/** The client's end: what vpnext would set up. */
async function openClient(lab: Lab, conf: string, tun: Fd): Promise<WireGuardEngine> {
  const { internet, wireguardClient } = labAddresses
  using rtnetlink = lab.client.rtnetlink()
  const index = lab.client.linkIndex('wg0')
  rtnetlink.apply([
    { op: 'setLink', index, mtu: 1420, up: true },
    { op: 'addAddress', index, address: wireguardClient.v4, prefixLength: 24 },
    { op: 'addAddress', index, address: wireguardClient.v6, prefixLength: 64, noDad: true },
    ...([4, 6] as const).map((family) => ({
      op: 'addRoute' as const,
      route: {
        family,
        destination: family === 4 ? `${internet.v4}/32` : `${internet.v6}/128`,
        table: 254,
        type: 'unicast' as const,
        index,
      },
    })),
  ])
  const settings = parseWgQuick(conf, 'client.conf')
  const [engine] = lab.client.run(() => [
    openWireGuard({ settings, tunFd: tun.number, protect: async () => {}, workerModule: worker.url }),
  ])
  if (engine === undefined) throw new Error('no engine')
  return engine
}

test.each(['10.77.2.2:51820', '[fd77:2::2]:51820'])(
  'a client reaches the internet by %s',
  async (endpoint) => {
    await using lab = await createLab()
    const confs = makeWireGuardConfs({ endpoint })
    await using gateway = await WireGuardGateway.start(lab.gateway, { conf: confs.gateway })
    using tun = lab.client.run(() => openTun({ name: 'wg0', vnetHeader: true })).fd
    await using client = await openClient(lab, confs.client, tun)

    const { gateway: far, internet } = labAddresses
    expect(await udpProbe(lab.client, internet.v4)).toBe(far.v4)
    expect(await udpProbe(lab.client, internet.v6)).toBe(far.v6)
    expect(await tcpProbe(lab.client, internet.v4)).toBe(far.v4)

    const [peer] = (await gateway.status()).peers
    const [mine] = (await client.status()).peers
    expect(peer?.rxBytes).toBeGreaterThan(300)
    expect(peer?.handshakeAge).toBeGreaterThan(0)
    expect(mine?.endpoint).toBe(endpoint)
  },
)

test('a gateway that cannot start says why, and not its key', async () => {
  await using lab = await createLab()
  const conf = makeWireGuardConfs().gateway
  await using _first = await WireGuardGateway.start(lab.gateway, { conf })
  const second = WireGuardGateway.start(lab.gateway, { conf, tunName: 'other' })
  await expect(second).rejects.toThrow('interface.listenPort: 51820: somebody has this port already')
  const [, key = ''] = /PrivateKey = (.*)/.exec(conf) ?? []
  await expect(second).rejects.not.toThrow(key)
})
