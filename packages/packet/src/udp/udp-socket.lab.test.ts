import { runNft } from '@vpnext/native'
import { afterEach, expect, test } from 'vitest'

import { take } from '../../test/arena-bytes.ts'
import { expectNoOpenFds } from '../../test/open-fds.ts'
import { contents } from '../../test/packet-arbitraries.ts'
import { TunNetwork } from '../../test/tun-network.ts'
import { Endpoint } from './endpoint.ts'
import { UdpSocket } from './udp-socket.ts'

afterEach(expectNoOpenFds)

/** Two hosts, 10.8.0.1 and 10.8.0.2, joined by a link. */
function linkedHosts(mtu: number): [TunNetwork, TunNetwork] {
  const hosts: [TunNetwork, TunNetwork] = [new TunNetwork(), new TunNetwork()]
  hosts[0].apply([
    { op: 'addLink', kind: 'veth', name: 'link', peer: { name: 'link', netnsFd: hosts[1].namespace.number } },
  ])
  for (const [index, host] of hosts.entries()) {
    const link = host.linkIndex('link')
    host.apply([
      { op: 'setLink', index: link, mtu, up: true },
      { op: 'addAddress', index: link, address: `10.8.0.${index + 1}`, prefixLength: 24 },
    ])
  }
  return hosts
}

function send(socket: UdpSocket, bytes: Uint8Array, to: Endpoint): void {
  socket.arena.bytes.set(bytes, socket.reserve(bytes.length))
  socket.commit(bytes.length, to)
}

test('datagrams longer than the link, which cannot be cut from one message, still arrive', async () => {
  const [near, far] = linkedHosts(1400)
  {
    using sender = near.run(() => UdpSocket.open({ address: '10.8.0.1' }))
    using receiver = far.run(() => UdpSocket.open({ address: '10.8.0.2' }))
    const peer = Endpoint.from('10.8.0.2', receiver.port)
    const sizes = [1450, 1450, 1450, 700, 100, 100, 1450, 1450]
    const sent = sizes.map((size, index) => Buffer.from(contents(size, index)))
    const received: Buffer[] = []
    for (let round = 0; round < 2; round++) {
      for (const datagram of sent) send(sender, datagram, peer)
      expect(sender.flush()).toBe('done')
    }
    for await (const batch of receiver.batches()) {
      while (batch.next()) received.push(take(batch.arena, batch.offset, batch.length))
      if (received.length === 16) break
    }
    expect(received).toEqual([...sent, ...sent])
    const { packets, drops } = sender.counters().sent
    expect([packets, Object.values(drops).some((count) => count > 0)]).toEqual([16, false])
    expect(sender.abilities.segmentation).toBe(true)
  }
  near[Symbol.dispose]()
  far[Symbol.dispose]()
})

test('what the kernel refuses is dropped with its reason, and the rest goes on', () => {
  using host = new TunNetwork()
  using socket = host.run(() => UdpSocket.open())
  const here = Endpoint.from('127.0.0.1', socket.port)
  host.run(() => runNft('table ip t { chain c { type filter hook output priority 0; udp dport 9 drop; }; }'))
  for (const to of [Endpoint.from('192.0.2.1', 1), here, Endpoint.from('127.0.0.1', 9), here]) {
    for (const size of [100, 100, 50]) send(socket, contents(size, 0), to)
  }
  expect(socket.flush()).toBe('done')
  expect(socket.counters().sent).toMatchObject({
    packets: 6,
    bytes: 500,
    drops: { unreachable: 3, denied: 3, refused: 0, full: 0 },
  })
})

test.each([
  ['::1', 6, 'icmpv6 admin-prohibited'],
  ['127.0.0.1', 4, 'icmp prot-unreachable'],
] as const)('an ICMP error from %s ends nothing: over IPv%i, %s', async (address, family, error) => {
  const host = new TunNetwork()
  host.apply([{ op: 'setLink', index: host.linkIndex('lo'), up: true }])
  {
    using far = host.run(() => UdpSocket.open({ family, address }))
    using near = host.run(() => UdpSocket.open({ family, address }))
    far.connect(Endpoint.from(address, near.port))
    near.connect(Endpoint.from(address, far.port))
    const put = (socket: UdpSocket): void => {
      socket.arena.bytes.set(contents(8, 1), socket.reserve(8))
      socket.commit(8)
      socket.flush()
    }
    host.run(() =>
      runNft(`table inet refusal {
        chain refused {
          type filter hook input priority filter;
          udp dport ${far.port} reject with ${error};
        }
      }`),
    )
    // The second one meets the answer to the first, and what is read next is the answer to the second.
    put(near)
    put(near)
    expect(near.counters().sent).toMatchObject({ packets: 2, drops: { denied: 0, refused: 0 } })
    put(far)
    for await (const batch of near.batches()) {
      batch.next()
      expect(take(batch.arena, batch.offset, batch.length)).toEqual(Buffer.from(contents(8, 1)))
      break
    }
  }
  host[Symbol.dispose]()
})

test.each([
  [4, false, ['10.8.0.2', '10.8.0.3', '10.8.0.4'], '10.8.0.1'],
  [6, false, ['fd08::2', 'fd08::3', 'fd08::4'], 'fd08::1'],
  [6, true, ['10.8.0.2', '10.8.0.3', '10.8.0.4'], '10.8.0.1'],
] as const)(
  'answers leave from the address that was asked, over IPv%i (both families: %s), and from another when it is gone',
  async (family, dualStack, asked, own) => {
    const [near, far] = linkedHosts(1500)
    const address = (host: TunNetwork, op: 'addAddress' | 'deleteAddress', text: string): void =>
      host.apply([
        {
          op,
          index: host.linkIndex('link'),
          address: text,
          prefixLength: text.includes(':') ? 64 : 24,
          noDad: true,
        },
      ])
    {
      using client = near.run(() => UdpSocket.open({ family: own.includes(':') ? 6 : 4 }))
      if (own.includes(':')) address(near, 'addAddress', own)
      for (const text of asked) if (text !== '10.8.0.2') address(far, 'addAddress', text)
      using server = far.run(() => UdpSocket.open({ family, dualStack, packetInfo: true }))
      // Several, so that they are one message in both directions.
      const ask = async (): Promise<Endpoint[]> => {
        for (const text of asked)
          for (const _ of asked) send(client, contents(100, 1), Endpoint.from(text, server.port))
        client.flush()
        const sources: Endpoint[] = []
        for await (const batch of server.batches()) {
          while (batch.next()) sources.push(batch.source())
          if (sources.length === asked.length ** 2) return sources
        }
        return []
      }
      const answers = async (count: number): Promise<string[]> => {
        const from: string[] = []
        for await (const batch of client.batches()) {
          while (batch.next()) from.push(batch.source().address)
          if (from.length === count) break
        }
        return from
      }
      const sources = await ask()
      expect(new Set(sources.map(({ localAddress }) => localAddress))).toEqual(new Set(asked))
      for (const source of sources) send(server, contents(100, 2), source)
      server.flush()
      expect((await answers(sources.length)).toSorted()).toEqual(
        asked.flatMap((text) => asked.map(() => text)),
      )

      const last = asked[2]
      address(far, 'deleteAddress', last)
      for (const source of sources) send(server, contents(100, 2), source)
      server.flush()
      const later = await answers(sources.length)
      expect(later).not.toContain(last)
      expect(server.counters().sent).toMatchObject({
        packets: 2 * sources.length,
        drops: { refused: 0, unreachable: 0 },
      })
    }
    near[Symbol.dispose]()
    far[Symbol.dispose]()
  },
)
