import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { describe, expect, test } from 'vitest'

import { openFds } from './fd.ts'
import type { Fd } from './fd.ts'
import { inetSocket } from './inet-socket.ts'
import { Rtnetlink } from './kernel-network/route/rtnetlink.ts'
import { createNetworkNamespace, withNetworkNamespace } from './namespace.ts'
import { PacketRing } from './packet-ring.ts'
import type { LinkPacket } from './packet-ring.ts'
import { bindInet } from './socket-binding.ts'
import { isSystemError } from './system-error.ts'

const LOOPBACK = 1

/** A namespace whose loopback is up. */
function loopbackNamespace(): Fd {
  const namespace = createNetworkNamespace()
  using rtnetlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
  rtnetlink.apply([{ op: 'setLink', index: LOOPBACK, up: true }])
  return namespace
}

/** A UDP socket of the namespace; node closes the descriptor. */
function udpSocket(namespace: Fd): Socket {
  const fd = withNetworkNamespace(namespace, () => inetSocket(4, 'dgram'))
  bindInet(fd, '127.0.0.1', 0)
  return createSocket('udp4').bind({ fd: fd.release() })
}

function open(namespace: Fd, capacity: number): PacketRing {
  return withNetworkNamespace(namespace, () => PacketRing.open(LOOPBACK, capacity))
}

/** The packets that wait, with copies of their starts. */
function takeAll(ring: PacketRing): LinkPacket[] {
  const packets: LinkPacket[] = []
  ring.take(Infinity, (packet) => packets.push({ ...packet, start: Uint8Array.from(packet.start) }))
  return packets
}

async function send(udp: Socket, text: string, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    await new Promise((done) => {
      udp.send(text, udp.address().port, '127.0.0.1', done)
    })
  }
}

describe('PacketRing', () => {
  test('sees each packet of a link, out and in, from its network header on', async () => {
    using namespace = loopbackNamespace()
    using ring = open(namespace, 256)
    const udp = udpSocket(namespace)
    await send(udp, 'hello', 1)
    const packets = takeAll(ring)
    // IPv4 header, UDP header and five bytes.
    const expected = { length: 33, etherType: 0x0800 }
    expect(packets).toMatchObject([
      { ...expected, outgoing: true },
      { ...expected, outgoing: false },
    ])
    for (const { start } of packets) {
      expect(start[0]).toBe(0x45)
      expect(Buffer.from(start.subarray(28)).toString()).toBe('hello')
    }
    expect(takeAll(ring)).toEqual([])
    udp.close()
  })

  test('cuts a long packet and tells its length', async () => {
    using namespace = loopbackNamespace()
    using ring = open(namespace, 256)
    const udp = udpSocket(namespace)
    await send(udp, 'x'.repeat(9000), 1)
    const [packet] = takeAll(ring)
    expect(packet?.length).toBe(9028)
    expect(packet?.start.length).toBe(176)
    udp.close()
  })

  test('goes round many times without losing or repeating anything', async () => {
    using namespace = loopbackNamespace()
    using ring = open(namespace, 256)
    const udp = udpSocket(namespace)
    let seen = 0
    for (let round = 0; round < 30; round++) {
      await send(udp, 'x', 50)
      seen += ring.take(60, () => undefined)
      seen += ring.take(Infinity, () => undefined)
    }
    expect(seen).toBe(30 * 50 * 2)
    expect(ring.statistics()).toEqual({ seen, lost: 0 })
    udp.close()
  })

  test('counts what found no room, once', async () => {
    using namespace = loopbackNamespace()
    using ring = open(namespace, 1)
    const udp = udpSocket(namespace)
    await send(udp, 'x', 200)
    expect(ring.statistics()).toEqual({ seen: 400, lost: 400 - 256 })
    expect(ring.statistics()).toEqual({ seen: 0, lost: 0 })
    expect(takeAll(ring).length).toBe(256)
    udp.close()
  })

  test('gives a packet back to the kernel although its callback throws', async () => {
    using namespace = loopbackNamespace()
    using ring = open(namespace, 256)
    const udp = udpSocket(namespace)
    await send(udp, 'x', 1)
    const failing = (): number =>
      ring.take(1, () => {
        throw new Error('callback')
      })
    expect(failing).toThrow('callback')
    expect(takeAll(ring).length).toBe(1)
    udp.close()
  })

  test('tells once that the link went down, and goes on when it is up', async () => {
    using namespace = loopbackNamespace()
    using ring = open(namespace, 256)
    using rtnetlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
    expect(ring.wentDown()).toBe(false)
    rtnetlink.apply([{ op: 'setLink', index: LOOPBACK, up: false }])
    expect([ring.wentDown(), ring.wentDown()]).toEqual([true, false])
    rtnetlink.apply([{ op: 'setLink', index: LOOPBACK, up: true }])
    const udp = udpSocket(namespace)
    await send(udp, 'x', 1)
    expect(takeAll(ring).length).toBeGreaterThan(1)
    udp.close()
  })

  test('refuses a link that is not there, and keeps no descriptor', () => {
    using namespace = createNetworkNamespace()
    const before = openFds()
    const opening = (): PacketRing => withNetworkNamespace(namespace, () => PacketRing.open(4711, 256))
    expect(opening).toThrow(expect.toSatisfy((error) => isSystemError(error, 'ENODEV')))
    expect(() => PacketRing.open(LOOPBACK, 0)).toThrow(/capacity/)
    expect(openFds()).toBe(before)
  })

  test('cannot be used after its end, which may come twice', () => {
    using namespace = loopbackNamespace()
    const ring = open(namespace, 256)
    ring[Symbol.dispose]()
    ring[Symbol.dispose]()
    expect(() => takeAll(ring)).toThrow('used after close')
    expect(ring.fd.closed).toBe(true)
  })
})
