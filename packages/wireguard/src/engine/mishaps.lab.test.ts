import { setTimeout as sleep } from 'node:timers/promises'
import { expectNothingLeft, type Inventory, takeInventory, tcpProbe } from '@vpnext/lab'
import { runNft, setSysctl } from '@vpnext/native'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundleEngine, OurEnd, type OurEndOptions } from '../../test/our-end.ts'
import { NarrowPath } from '../../test/narrow-path.ts'
import { TcpEcho, tcpEchoes } from '../../test/tcp-echo.ts'
import { type EndOptions, port, type TunnelEnd } from '../../test/tunnel-end.ts'
import { Tunnel } from '../../test/tunnel.ts'
import { inside, outside } from '../../test/two-networks.ts'
import { UdpCount } from '../../test/udp-count.ts'
import { seeded, UdpRelay } from '../../test/udp-relay.ts'
import { until } from '../../test/until.ts'
import { findWireGuardGo, WireGuardGoEnd } from '../../test/wireguard-go-end.ts'
import { RETIRED_SESSIONS } from '../constants.ts'

const worker = bundleEngine()
const wireguardGo = findWireGuardGo()
afterAll(() => worker[Symbol.dispose]())

let before: Inventory
beforeEach(() => {
  before = takeInventory()
})
afterEach(() => expectNothingLeft(before))

const ours = (options: Omit<OurEndOptions, 'worker'>): Promise<OurEnd> => OurEnd.start({ ...options, worker })

const programs = [
  ['ours', (options: EndOptions): Promise<TunnelEnd> => ours(options)],
  ['wireguard-go', (options: EndOptions): Promise<TunnelEnd> => WireGuardGoEnd.start(wireguardGo, options)],
] as const

const rightPlace = (family: 4 | 6): { host: string; port: number } => ({
  host: outside('right', family),
  port,
})

/** Renews sessions several times a second. */
const hasty = { rekeyAfterTime: 150, rekeyTimeout: 50, initiationInterval: 1 }

describe.each(programs)('against %s', (_name, startFar) => {
  test('sessions are renewed again and again in the midst of a flow', async () => {
    await using tunnel = new Tunnel()
    await using _right = await startFar(tunnel.end('right'))
    await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace(4), timings: hasty })
    const { left: here, right: there } = tunnel.networks
    await using echo = await TcpEcho.open(here, there, inside('right', 4))
    const sessions = (): number => left.events.filter(({ kind }) => kind === 'session').length
    while (sessions() < 10) expect(await echo.echoes(500_009)).toBe(true)
    const { drops } = await left.engine.status()
    expect(drops).not.toHaveProperty('forgedPacket')
    expect(drops).not.toHaveProperty('stagedOverflow')
  })

  test.each([4, 6] as const)('both ends may move in the midst of a flow, over IPv%i', async (family) => {
    await using tunnel = new Tunnel()
    const { networks } = tunnel
    await using right = await startFar(tunnel.end('right'))
    await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace(family) })
    await using echo = await TcpEcho.open(networks.left, networks.right, inside('right', 4))
    expect(await echo.echoes(300_007)).toBe(true)

    networks.addOutside('left', 1)
    networks.deleteOutside('left', 0)
    expect(await echo.echoes(300_007)).toBe(true)
    expect((await right.status()).endpoint).toContain(outside('left', family, 1))

    networks.addOutside('right', 1)
    networks.deleteOutside('right', 0)
    // Whoever moves has to speak first, or nobody knows where it is.
    await using back = await TcpEcho.open(networks.right, networks.left, inside('left', 4))
    expect(await back.echoes(300_007)).toBe(true)
    expect(await echo.echoes(300_007)).toBe(true)
    expect((await left.status()).endpoint).toContain(outside('right', family, 1))
    expect(left.events).toContainEqual(expect.objectContaining({ kind: 'roamed' }))
  })

  test('what a bad network loses, repeats and reorders, TCP inside makes good', async () => {
    await using tunnel = new Tunnel()
    const { left: here, right: there } = tunnel.networks
    await using _right = await startFar(tunnel.end('right'))
    const random = seeded(7)
    await using relay = new UdpRelay({
      host: here,
      address: outside('left', 4),
      port: 4000,
      to: { address: outside('right', 4), port },
      // The handshake of a whole second's patience aside: the other program's is not ours to shorten.
      fate(nth) {
        if (nth < 4) return [0]
        const chance = random()
        if (chance < 0.05) return []
        if (chance < 0.1) return [0, 3]
        return [chance < 0.3 ? 5 : 0]
      },
    })
    await using left = await ours({
      ...tunnel.end('left'),
      endpoint: { host: outside('left', 4), port: 4000 },
      timings: { rekeyTimeout: 100 },
    })
    expect(await tcpEchoes(here, there, inside('right', 4), 200_003)).toBe(true)
    const { lost, overtaken, repeated } = relay.counts
    for (const count of [lost, overtaken, repeated]) expect(count).toBeGreaterThan(5)
    const { drops } = await left.engine.status()
    expect(drops.replayedPacket).toBeGreaterThan(0)
    expect(drops.forgedPacket).toBeUndefined()
  })

  test('handshakes get through when every second message is lost', async () => {
    await using tunnel = new Tunnel()
    const { left: here, right: there } = tunnel.networks
    await using _right = await startFar(tunnel.end('right'))
    await using _relay = new UdpRelay({
      host: here,
      address: outside('left', 4),
      port: 4000,
      to: { address: outside('right', 4), port },
      fate: (nth) => (nth < 12 && nth % 2 === 0 ? [] : [0]),
    })
    await using left = await ours({
      ...tunnel.end('left'),
      endpoint: { host: outside('left', 4), port: 4000 },
      timings: { rekeyTimeout: 100, rekeyJitter: 1 },
    })
    expect(await tcpEchoes(here, there, inside('right', 4), 10_007)).toBe(true)
    expect(left.events).toContainEqual(expect.objectContaining({ kind: 'unanswered' }))
  })

  test('behind a NAT that forgets after a second, a keepalive keeps the way open, and only that', async () => {
    await using tunnel = new Tunnel()
    const { networks } = tunnel
    networks.left.run(() => {
      runNft(`table inet nat {
        chain out { type nat hook postrouting priority srcnat; oifname "u" masquerade random; }
        chain in { type filter hook input priority filter; iifname "u" ct state new udp dport ${port} drop; }
      }`)
      setSysctl('net.netfilter.nf_conntrack_udp_timeout', 2)
      setSysctl('net.netfilter.nf_conntrack_udp_timeout_stream', 2)
    })
    await using _right = await startFar(tunnel.end('right'))
    const start = (keepalive: number): Promise<OurEnd> =>
      ours({ ...tunnel.end('left'), endpoint: rightPlace(4), keepalive })
    const reaches = async (): Promise<boolean> => {
      const answer = await tcpProbe(networks.right, inside('left', 4), { timeoutMs: 700 })
      return answer === 'ECONNREFUSED' // nobody listens there: the answer of the kernel behind the tunnel
    }
    {
      await using _left = await start(1)
      await until('the way is open', reaches)
      await sleep(4500)
      expect(await reaches()).toBe(true)
    }
    {
      await using left = await start(0)
      expect(await tcpProbe(networks.left, inside('right', 4), { timeoutMs: 5000 })).toBe('ECONNREFUSED')
      expect(await reaches()).toBe(true)
      await sleep(4500)
      expect(await reaches()).toBe(false)
      // It speaks, and from another port now: the far end follows.
      expect(await tcpProbe(networks.left, inside('right', 4), { timeoutMs: 5000 })).toBe('ECONNREFUSED')
      expect(await reaches()).toBe(true)
      expect((await left.status()).shookHands).toBe(true)
    }
  })
})

// Against ourselves: wireguard-go under such haste loses some of its own.
test('routers may fragment what is too long for their next link: nobody has to hear of it', async () => {
  await using tunnel = new Tunnel()
  const { networks } = tunnel
  await using _path = new NarrowPath(networks)
  await using right = await ours(tunnel.end('right'))
  await using _left = await ours({
    ...tunnel.end('left'),
    endpoint: { host: NarrowPath.address('right'), port },
  })
  await using count = new UdpCount(networks.left, networks.right, inside('right', 4))
  for (const length of [100, 1392]) {
    await count.send(1, length)
    await until(`${length} bytes have arrived`, async () => count.underWay === 0)
  }
  expect(await tcpEchoes(networks.left, networks.right, inside('right', 4), 300_007)).toBe(true)
  expect((await right.status()).endpoint).toContain(NarrowPath.address('left'))
})

test('200 sessions, one after the other, and not one datagram is lost', async () => {
  await using tunnel = new Tunnel()
  const { left: here, right: there } = tunnel.networks
  await using right = await ours(tunnel.end('right'))
  const timings = { rekeyAfterTime: 25, rekeyTimeout: 20, rekeyJitter: 1, initiationInterval: 1 }
  await using left = await ours({ ...tunnel.end('left'), endpoint: rightPlace(4), timings })
  await using datagrams = new UdpCount(here, there, inside('right', 4))
  await using replies = new UdpCount(there, here, inside('left', 4))
  const sessions = (): number => left.events.filter(({ kind }) => kind === 'session').length
  while (sessions() < 200) {
    // No more under way than the queue of the device holds, or the kernel would drop some.
    if (datagrams.underWay < 100) await datagrams.send(20)
    if (sessions() > 0 && replies.underWay < 100) await replies.send(20)
    await sleep(1)
  }
  await until('all have arrived', () => datagrams.underWay === 0, 10_000)
  await until('all answers have arrived', () => replies.underWay === 0, 10_000)
  expect(replies.sent).toBeGreaterThan(1000)
  const { drops, tables } = await left.engine.status()
  expect(drops).not.toHaveProperty('forgedPacket')
  expect(drops).not.toHaveProperty('expired')
  // A handshake, three sessions in use, and replaced ones.
  expect(tables.indices).toBeLessThanOrEqual(4 + RETIRED_SESSIONS)
  expect((await right.status()).rxBytes).toBeGreaterThan(1200 * datagrams.sent)
}, 180_000)

test('who receives and has nothing to say sends a keepalive after a while', async () => {
  await using tunnel = new Tunnel()
  const timings = { keepaliveTimeout: 200 }
  await using right = await ours({ ...tunnel.end('right'), timings })
  await using left = await ours({ ...tunnel.end('left'), timings, endpoint: rightPlace(4) })
  tunnel.networks.right.run(() =>
    runNft('table inet t { chain in { type filter hook input priority filter; iifname "wg0" drop; }; }'),
  )
  await tcpProbe(tunnel.networks.left, inside('right', 4), { timeoutMs: 10 })
  await until('a packet has arrived', async () => (await right.engine.status()).traffic.tun.sent.packets > 0)
  const { txBytes } = await right.status()
  await until('a keepalive has been sent', async () => (await right.status()).txBytes === txBytes + 32)
  await until('and has arrived', async () => (await left.status()).rxBytes >= 92 + 32)
})

test('wireguard-go may forget its sessions and ask anew in the midst of a flow', async () => {
  await using tunnel = new Tunnel()
  const { networks } = tunnel
  await using right = await ours(tunnel.end('right'))
  await using left = await WireGuardGoEnd.start(wireguardGo, {
    ...tunnel.end('left'),
    endpoint: rightPlace(4),
  })
  await using echo = await TcpEcho.open(networks.left, networks.right, inside('right', 4))
  for (let sessions = 1; sessions <= 4; sessions++) {
    expect(await echo.echoes(200_003)).toBe(true)
    expect(right.events.filter(({ kind }) => kind === 'session')).toHaveLength(sessions)
    await left.removePeer()
    await left.addPeer()
  }
})
