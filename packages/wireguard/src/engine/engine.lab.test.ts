import { expectNothingLeft, type Inventory, takeInventory, tcpProbe } from '@vpnext/lab'
import { Rtnetlink } from '@vpnext/native'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { bundleEngine, OurEnd, type OurEndOptions, peerSettings } from '../../test/our-end.ts'
import { tcpEchoes } from '../../test/tcp-echo.ts'
import { port } from '../../test/tunnel-end.ts'
import { Tunnel } from '../../test/tunnel.ts'
import { prefix } from '../../test/two-cores.ts'
import { inside, outside } from '../../test/two-networks.ts'
import { UdpCount } from '../../test/udp-count.ts'
import { until } from '../../test/until.ts'
import { generatePrivateKey, openWireGuard, publicKeyOf } from '../index.ts'

const worker = bundleEngine()
afterAll(() => worker[Symbol.dispose]())

let before: Inventory
beforeEach(() => {
  before = takeInventory()
})
afterEach(() => expectNothingLeft(before))

const ours = (options: Omit<OurEndOptions, 'worker'>): Promise<OurEnd> => OurEnd.start({ ...options, worker })
const rightPlace = { host: outside('right', 4), port }

const ways = [
  { mtu: 1280, udp: { segmentation: true, receiveOffload: true } },
  { mtu: 1420, udp: { segmentation: false, receiveOffload: true } },
  { mtu: 1420, udp: { segmentation: true, receiveOffload: false } },
  { mtu: 9000, udp: { segmentation: false, receiveOffload: false } },
  { mtu: 9000, udp: { segmentation: true, receiveOffload: true } },
] as const

/** Left and right differ, so that each kind of traffic meets each kind of device. */
test.each([
  ['plain descriptors', false, 'best', 'none'],
  ['virtio headers only', true, 'none', 'header'],
  ['TCP offload', true, 'tcp', 'segments'],
  ['all offloads', true, 'best', 'segments'],
] as const)(
  'with %s and all of UDP’s switches, TCP passes unchanged',
  async (_name, vnetHeader, tun, kind) => {
    for (const { mtu, udp } of ways) {
      await using tunnel = new Tunnel()
      const { left: here, right: there } = tunnel.networks
      await using _right = await ours({ ...tunnel.end('right'), mtu })
      const offload = { tun, ...udp }
      await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace, vnetHeader, mtu, offload })
      for (const family of [4, 6] as const) {
        expect(await tcpEchoes(here, there, inside('right', family), 300_007)).toBe(true)
      }
      expect((await left.engine.status()).offload).toMatchObject({ tun: { kind }, udp })
    }
  },
)

test('a name is resolved again when the peer does not answer, to its next address', async () => {
  await using tunnel = new Tunnel()
  const { left: here, right: there } = tunnel.networks
  const asked: string[] = []
  await using _right = await ours(tunnel.end('right'))
  await using left = await ours({
    ...tunnel.end('left'),
    endpoint: { host: 'vpn.example', port },
    timings: { rekeyTimeout: 50 },
    async resolve(name) {
      asked.push(name)
      if (asked.length === 1) throw new Error('no such host')
      return [outside('right', 4, 7), outside('right', 6)]
    },
  })
  expect(left.events).toContainEqual({
    kind: 'unresolved',
    publicKey: tunnel.end('left').peerKey,
    name: 'vpn.example',
    reason: 'no such host',
  })
  expect(await tcpEchoes(here, there, inside('right', 4), 1000)).toBe(true)
  expect((await left.status()).endpoint).toBe(`[${outside('right', 6)}]:${port}`)
  expect(left.events).toContainEqual({
    kind: 'resolved',
    publicKey: tunnel.end('left').peerKey,
    endpoint: `[${outside('right', 6)}]:${port}`,
  })
  expect(new Set(asked)).toEqual(new Set(['vpn.example']))
  expect(asked.length).toBeGreaterThan(2)
})

test('of the addresses of a name those to which there is no route are not asked', async () => {
  await using tunnel = new Tunnel()
  const { left: here, right: there } = tunnel.networks
  await using _right = await ours(tunnel.end('right'))
  await using left = await ours({
    ...tunnel.end('left'),
    endpoint: { host: 'vpn.example', port },
    // Neither network has a default route.
    resolve: async () => ['192.0.2.1', '2001:db8::1', outside('right', 6), '198.51.100.1'],
    // Whoever is asked in vain is asked for a minute.
    timings: { rekeyTimeout: 60_000 },
  })
  expect(await tcpEchoes(here, there, inside('right', 4), 1000)).toBe(true)
  expect((await left.status()).endpoint).toBe(`[${outside('right', 6)}]:${port}`)
})

test('an endpoint of IPv4 to which no route leads is asked where it is translated to', async () => {
  await using tunnel = new Tunnel()
  const { left: here, right: there } = tunnel.networks
  await using _right = await ours(tunnel.end('right'))
  await using left = await ours({
    ...tunnel.end('left'),
    endpoint: { host: '192.0.2.1', port },
    translate: async (ipv4) => (ipv4 === '192.0.2.1' ? ['2001:db8::1', outside('right', 6)] : []),
    timings: { rekeyTimeout: 60_000 },
  })
  expect(await tcpEchoes(here, there, inside('right', 4), 1000)).toBe(true)
  expect((await left.status()).endpoint).toBe(`[${outside('right', 6)}]:${port}`)
})

test('a link-local endpoint is shown with its interface', async () => {
  await using tunnel = new Tunnel()
  await using left = await ours({ ...tunnel.end('left'), endpoint: { host: 'fe80::1%1', port } })
  // Interface 1 is the loopback interface of any network, and has no link-local address.
  expect((await left.status()).endpoint).toBe(`[fe80::1%1]:${port}`)
})

test('an abort ends the wait for a protect that never settles', async () => {
  await using tunnel = new Tunnel()
  const abort = new AbortController()
  const opening = ours({ ...tunnel.end('left'), signal: abort.signal, protect: () => new Promise(() => {}) })
  abort.abort(new Error('enough'))
  await expect(opening).rejects.toThrow('enough')
})

test('peers come and go while others talk', async () => {
  await using tunnel = new Tunnel()
  const { left: here, right: there } = tunnel.networks
  await using right = await ours(tunnel.end('right'))
  await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace })
  expect(await tcpEchoes(here, there, inside('right', 4), 1000)).toBe(true)

  const other = publicKeyOf(generatePrivateKey())
  await left.engine.setPeer({ publicKey: other, allowedIps: [prefix('10.99.0.0/16')] })
  expect((await left.engine.status()).peers).toHaveLength(2)
  expect(await left.engine.removePeer(other)).toBe(true)
  expect(await left.engine.removePeer(other)).toBe(false)
  expect(await tcpEchoes(here, there, inside('right', 4), 1000)).toBe(true)

  const { peerKey } = tunnel.end('right')
  expect(await right.engine.removePeer(peerKey)).toBe(true)
  await right.engine.setPeer(
    peerSettings({ ...tunnel.end('right'), endpoint: { host: outside('left', 4), port } }),
  )
  expect(await tcpEchoes(there, here, inside('left', 4), 1000)).toBe(true)
})

test('wrong settings are refused by name, and the engine goes on', async () => {
  await using tunnel = new Tunnel()
  const { peerKey } = tunnel.end('left')
  await using left = await ours(tunnel.end('left'))
  const own = (await left.engine.status()).publicKey
  for (const [peer, field] of [
    [{ publicKey: 'short', allowedIps: [] }, 'publicKey'],
    [{ publicKey: own, allowedIps: [] }, 'publicKey'],
    [{ publicKey: peerKey, allowedIps: [], persistentKeepalive: -1 }, 'persistentKeepalive'],
    [{ publicKey: peerKey, allowedIps: [], endpoint: { host: 'fe80::1%nowhere', port } }, 'endpoint'],
  ] as const) {
    await expect(left.engine.setPeer(peer)).rejects.toMatchObject({ name: 'SettingsError', field })
  }
  expect((await left.engine.status()).peers).toHaveLength(1)

  const peer = { publicKey: 'short', allowedIps: [] }
  const opening = ours({ ...tunnel.end('right'), peerKey: peer.publicKey })
  await expect(opening).rejects.toMatchObject({ field: 'peers[0].publicKey' })
  const named = ours({ ...tunnel.end('right'), endpoint: { host: 'vpn.example', port } })
  await expect(named).rejects.toMatchObject({ field: 'peers[0].endpoint' })
})

test('every socket is protected before anything is sent; a refusal ends the matter', async () => {
  await using tunnel = new Tunnel()
  await using left = await ours(tunnel.end('left'))
  const protectedFds: number[] = []
  const settings = {
    interface: { privateKey: generatePrivateKey(), addresses: [], dnsServers: [], searchDomains: [] },
    peers: [],
  }
  const { tun } = left
  const common = { settings, tunFd: tun.number, workerModule: worker.url }
  const engine = await openWireGuard({ ...common, protect: async (fd) => void protectedFds.push(fd) })
  expect((await engine.status()).families).toEqual([4, 6])
  await engine.close()
  expect(new Set(protectedFds).size).toBe(4)
  const refused = openWireGuard({ ...common, protect: () => Promise.reject(new Error('201')) })
  await expect(refused).rejects.toThrow('201')
})

test('when the device is gone the engine ends, says so, and closes as ever', async () => {
  await using tunnel = new Tunnel()
  const end = tunnel.end('left')
  const left = await ours(end)
  const index = end.networks.left.linkIndex('wg0')
  {
    using rtnetlink = end.networks.left.run(() => Rtnetlink.open())
    rtnetlink.apply([{ op: 'deleteLink', index }])
  }
  await expect(left.engine.ended).rejects.toMatchObject({ code: 'EBADFD' })
  await expect(left.engine.status()).rejects.toMatchObject({ code: 'EBADFD' })
  await left[Symbol.asyncDispose]()
})

test('an abort closes it, and an aborted one never opens', async () => {
  await using tunnel = new Tunnel()
  const controller = new AbortController()
  await using left = await ours({ ...tunnel.end('left'), signal: controller.signal })
  controller.abort()
  await left.engine.ended
  await expect(left.engine.status()).rejects.toThrow('closed')
  await expect(ours({ ...tunnel.end('right'), signal: controller.signal })).rejects.toThrow('aborted')
})

test('an abort ends the wait for a name that is never answered', async () => {
  await using tunnel = new Tunnel()
  const controller = new AbortController()
  const opening = ours({
    ...tunnel.end('left'),
    endpoint: { host: 'vpn.example', port },
    signal: controller.signal,
    resolve() {
      controller.abort(new Error('enough'))
      return new Promise(() => {})
    },
  })
  await expect(opening).rejects.toThrow('enough')
})

test('a signal ends the wait for an answer of the engine, and nothing else', async () => {
  await using tunnel = new Tunnel()
  const never = new Promise<readonly string[]>(() => {})
  await using left = await ours({ ...tunnel.end('left'), resolve: () => never })
  const peer = { publicKey: publicKeyOf(generatePrivateKey()), allowedIps: [] }
  const aborted = AbortSignal.abort(new Error('enough'))
  for (const call of [
    left.engine.status({ signal: aborted }),
    left.engine.setPeer(peer, { signal: aborted }),
    left.engine.greet(peer.publicKey, { signal: aborted }),
    left.engine.removePeer(peer.publicKey, { signal: aborted }),
  ]) {
    await expect(call).rejects.toThrow('enough')
  }
  expect((await left.engine.status()).peers).toHaveLength(1)

  for (const begin of [
    (signal: AbortSignal) => left.engine.status({ signal }),
    (signal: AbortSignal) =>
      left.engine.setPeer({ ...peer, endpoint: { host: 'vpn.example', port } }, { signal }),
  ]) {
    const controller = new AbortController()
    const begun = begin(controller.signal)
    controller.abort(new Error('enough'))
    await expect(begun).rejects.toThrow('enough')
  }
  expect((await left.engine.status()).peers).toHaveLength(2)
})

test('who is greeted answers, and everybody keeps their addresses', async () => {
  await using tunnel = new Tunnel()
  const { peerKey } = tunnel.end('left')
  await using _right = await ours(tunnel.end('right'))
  await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace })
  const other = publicKeyOf(generatePrivateKey())
  await left.engine.setPeer({ publicKey: other, allowedIps: [prefix(`${inside('right', 4)}/32`)] })
  expect((await left.status()).shookHands).toBe(false)
  await left.engine.greet(other) // nobody knows where that is
  await left.engine.greet(peerKey)
  await until('answered', async () => (await left.status()).shookHands)
  const { drops, peers } = await left.engine.status()
  expect(peers.map(({ allowedIps }) => allowedIps)).toEqual([
    [`${inside('right', 6)}/128`],
    [`${inside('right', 4)}/32`],
  ])
  expect(drops).toEqual({})
})

test('a packet that fits into no datagram is counted, and the engine goes on', async () => {
  await using tunnel = new Tunnel()
  const { left: here, right: there } = tunnel.networks
  const mtu = 65_535
  await using _right = await ours({ ...tunnel.end('right'), mtu })
  await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace, mtu })
  expect(await tcpEchoes(here, there, inside('right', 4), 1000)).toBe(true)
  await using datagrams = new UdpCount(here, there, inside('right', 4))
  await datagrams.send(1, mtu - 28)
  await until('counted', async () => (await left.engine.status()).drops.tooLong === 1)
  expect(await tcpEchoes(here, there, inside('right', 4), 1000)).toBe(true)
})

test('packets for nobody, and for a peer that is nowhere, are counted', async () => {
  await using tunnel = new Tunnel()
  await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace })
  const stranger = publicKeyOf(generatePrivateKey())
  await left.engine.setPeer({ publicKey: stranger, allowedIps: [prefix('10.67.0.77/32')] })
  for (const address of ['10.67.0.99', '10.67.0.77']) {
    expect(await tcpProbe(tunnel.networks.left, address, { timeoutMs: 50 })).toBe('ETIMEDOUT')
  }
  await until('counted', async () => {
    const { drops } = await left.engine.status()
    return (drops.unroutable ?? 0) > 0 && (drops.noEndpoint ?? 0) > 0
  })
})
