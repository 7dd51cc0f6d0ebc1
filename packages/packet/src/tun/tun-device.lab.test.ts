import { isNonBlocking, readFd } from '@vpnext/native'
import { afterEach, describe, expect, test } from 'vitest'

import { put, take } from '../../test/arena-bytes.ts'
import { expectNoOpenFds } from '../../test/open-fds.ts'
import { contents } from '../../test/packet-arbitraries.ts'
import { slowOffloaded, slowPacket, slowSegments } from '../../test/slow-packets.ts'
import { TunNetwork } from '../../test/tun-network.ts'
import { TunnelPair } from '../../test/tunnel-pair.ts'
import { Arena } from '../arena/arena.ts'
import { Endpoint } from '../udp/endpoint.ts'
import { UdpSocket } from '../udp/udp-socket.ts'
import { TunDevice } from './tun-device.ts'

afterEach(expectNoOpenFds)

/** The relay of the README, both ways, until the signal. */
async function relay(tun: TunDevice, udp: UdpSocket, signal: AbortSignal): Promise<void> {
  const { arena } = tun
  const up = async (): Promise<void> => {
    for await (const batch of tun.batches({ signal, into: udp })) {
      while (batch.next()) {
        arena.copySum(udp.reserve(batch.length), batch.offset, batch.length)
        udp.commit(batch.length)
      }
    }
  }
  const down = async (): Promise<void> => {
    for await (const batch of udp.batches({ signal, into: tun })) {
      while (batch.next()) tun.write(batch.offset, batch.length)
    }
  }
  await Promise.all([up(), down()])
}

/** As text, in an order of their own. */
function sorted(datagrams: readonly Buffer[]): string[] {
  return datagrams.map((datagram) => datagram.toString('base64')).toSorted()
}

describe.each([
  ['a plain device', { vnetHeader: false, mtu: 1420 }],
  ['offload', { vnetHeader: true, mtu: 1420 }],
  ['a slow uplink', { vnetHeader: true, mtu: 1420, slowUplink: true }],
] as const)('with %s', (name, setup) => {
  test('datagrams pass two relays and come back', async () => {
    using pair = new TunnelPair(setup)
    const over = new AbortController()
    const reason = new Error('over')
    const ends = ([0, 1] as const).map((side) => {
      const arena = Arena.create()
      const tun = TunDevice.open(pair.tuns[side], { arena })
      const udp = UdpSocket.open({ fd: pair.sockets[side], arena })
      return { tun, udp, done: relay(tun, udp, over.signal).catch((error: unknown) => error) }
    })
    using client = pair.hosts[0].run(() => UdpSocket.open({ address: '10.9.0.1' }))
    using server = pair.hosts[1].run(() => UdpSocket.open({ address: '10.9.0.2' }))
    const peer = Endpoint.from('10.9.0.2', server.port)
    const echo = (async (): Promise<void> => {
      for await (const batch of server.batches({ signal: over.signal })) {
        while (batch.next()) {
          server.arena.copySum(server.reserve(batch.length), batch.offset, batch.length)
          server.commit(batch.length, batch.source())
        }
        await server.writable()
      }
    })().catch((error: unknown) => error)

    const returned: Buffer[] = []
    const sent: Buffer[] = []
    for await (const batch of client.batches(start())) {
      while (batch.next()) returned.push(take(batch.arena, batch.offset, batch.length))
      if (returned.length === sent.length && sent.length < 3000) start()
      if (returned.length === 3000) break
    }
    // The shaper of the slow uplink hands packets on from whichever processor its timer or a sender runs on, and two
    // processors overtake each other; which datagrams came, and that each came once and whole, is what the relay is for.
    expect(sorted(returned)).toEqual(sorted(sent))

    /** Sends the next 300; more would be too many for the device's queue of 500. */
    function start(): object {
      for (let index = 0; index < 300; index++) {
        const datagram = Buffer.from(contents(index % 5 === 0 ? 1000 + index : 1300, sent.length))
        sent.push(datagram)
        client.arena.bytes.set(datagram, client.reserve(datagram.length))
        client.commit(datagram.length, peer)
      }
      expect(client.flush()).toBe('done')
      return {}
    }

    over.abort(reason)
    const waits = ends.map(({ udp }) => udp.counters().sent.waits)
    expect(waits.some((count) => count > 0)).toBe(name === 'a slow uplink')
    for (const { tun, udp, done } of ends) {
      expect(await done).toBe(reason)
      expect(tun.counters().received.packets).toBeGreaterThanOrEqual(3000)
      expect(udp.counters().sent.packets).toBe(tun.counters().received.packets)
      tun.close()
      udp.close()
    }
    expect(await echo).toBe(reason)
  })
})

test('the given descriptor stays with its owner', async () => {
  using network = new TunNetwork()
  const fd = network.addTun({ name: 'tun', vnetHeader: false, mtu: 1400, addresses: ['10.1.0.1/24'] })
  for (const given of [fd, fd.number]) {
    const tun = TunDevice.open(given)
    tun.close()
    tun.close()
    expect(() => tun.flush()).not.toThrow()
    expect(() => tun.write(0, 20)).toThrow('after close')
  }
  expect(isNonBlocking(fd)).toBe(true)
  while (readFd(fd, Buffer.alloc(2000)) !== 'again');
})

test('what is no TUN is refused', () => {
  using socket = UdpSocket.open({ address: '127.0.0.1' })
  expect(() => TunDevice.open(socket.descriptor)).toThrow('TUNGETIFF')
  expect(() => TunDevice.open(-1)).toThrow(RangeError)
})

test('an iteration ends when the device is deleted, and when the device object is closed', async () => {
  using network = new TunNetwork()
  const fd = network.addTun({ name: 'tun', vnetHeader: true, mtu: 1400, addresses: ['10.1.0.1/24'] })
  using tun = TunDevice.open(fd)
  const closed = TunDevice.open(fd)
  const waiting = closed.batches().next()
  closed.close()
  await expect(waiting).rejects.toThrow('after close')
  const drained = (async (): Promise<void> => {
    for await (const batch of tun.batches()) while (batch.next());
  })()
  await expect(tun.batches().next()).rejects.toThrow('iterated already')
  network.apply([{ op: 'deleteLink', index: network.linkIndex('tun') }])
  await expect(drained).rejects.toMatchObject({ code: 'EBADFD' })
  expect(() => tun.write(0, 100)).toThrow('EBADFD')
})

test('a device that is down, and packets that are none, are counted as drops', () => {
  using network = new TunNetwork()
  const fd = network.addTun({ name: 'tun', vnetHeader: true, mtu: 1400, addresses: ['10.1.0.1/24'] })
  using tun = TunDevice.open(fd)
  const packet = slowPacket({ family: 4, protocol: 'udp', payload: contents(10, 1) })
  tun.write(put(tun.arena, Buffer.alloc(40, 0xf0)), 40)
  expect(tun.counters().sent).toMatchObject({ packets: 0, drops: { refused: 1 } })
  network.apply([{ op: 'setLink', index: network.linkIndex('tun'), up: false }])
  tun.write(put(tun.arena, packet), packet.length)
  tun.flush()
  expect(tun.counters().sent).toMatchObject({ packets: 0, drops: { refused: 1, interfaceDown: 1 } })
})

test.each([true, false])('what is not in the arena is not written, virtio-net header: %s', (vnetHeader) => {
  using network = new TunNetwork()
  const fd = network.addTun({ name: 'tun', vnetHeader, mtu: 1400, addresses: ['10.1.0.1/24'] })
  using tun = TunDevice.open(fd)
  const size = tun.arena.bytes.length
  for (const [offset, length] of [
    [-4096, 40],
    [size - 20, 40],
    [size, 40],
    [0, -1],
    [0, 0],
    [Number.NaN, 40],
    [0, 2 ** 40],
  ] as const) {
    expect(() => tun.write(offset, length)).toThrow(RangeError)
  }
  tun.flush()
  expect(tun.counters().sent).toMatchObject({ packets: 0, drops: { refused: 0 } })
})

test('padding is zeros, and takes nothing from the next piece of a long packet', async () => {
  using network = new TunNetwork()
  network.forward()
  const fd = network.addTun({ name: 'in', vnetHeader: true, mtu: 9000, addresses: ['10.1.0.254/16'] })
  const out = network.addTun({ name: 'out', vnetHeader: true, mtu: 1400, addresses: ['10.2.0.254/16'] })
  using writer = TunDevice.open(fd)
  using reader = TunDevice.open(out)
  const packet = { family: 4, protocol: 'udp', payload: contents(5000, 9), hopLimit: 9 } as const
  const size = 1001
  for (const piece of slowSegments(packet, size)) writer.write(put(writer.arena, piece), piece.length)
  writer.flush()
  // One long packet, or else there is nothing behind a piece that could be spoilt.
  expect(slowOffloaded(packet, size).length - 10).toBe(writer.counters().sent.bytes)
  const pieces: Buffer[] = []
  for await (const batch of reader.batches()) {
    while (batch.next()) {
      if (batch.arena.bytes[batch.offset] !== 0x45) continue
      const padded = batch.pad(16)
      expect(padded).toBe(Math.ceil(batch.length / 16) * 16)
      expect(
        take(batch.arena, batch.offset + batch.length, padded - batch.length).every((byte) => byte === 0),
      ).toBe(true)
      pieces.push(take(batch.arena, batch.offset, batch.length))
    }
    if (pieces.length >= 5) break
  }
  expect(pieces).toEqual(slowSegments({ ...packet, hopLimit: 8 }, size))
})
