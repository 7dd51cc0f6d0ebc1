import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'

import { Fd } from './fd.ts'
import { inetSocket } from './inet-socket.ts'
import { Rtnetlink } from './kernel-network/route/rtnetlink.ts'
import { createNetworkNamespace, withNetworkNamespace } from './namespace.ts'
import { packetSocket, packetStatistics, receivePacket } from './packet-socket.ts'
import { bindInet, bindToDevice } from './socket-binding.ts'
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
function udpSocket(namespace: Fd): ReturnType<typeof createSocket> {
  const fd = withNetworkNamespace(namespace, () => inetSocket(4, 'dgram'))
  bindInet(fd, '127.0.0.1', 0)
  return createSocket('udp4').bind({ fd: fd.release() })
}

describe('packetSocket', () => {
  test('sees each packet of a link, out and in, from its network header on', async () => {
    using namespace = loopbackNamespace()
    using capture = withNetworkNamespace(namespace, () => packetSocket(LOOPBACK, 1 << 20))
    const udp = udpSocket(namespace)
    const got = once(udp, 'message')
    udp.send('hello', udp.address().port, '127.0.0.1')
    await got
    const buffer = Buffer.alloc(20)
    // IPv4 header, UDP header and five bytes; the buffer takes the first twenty.
    const expected = { length: 33, etherType: 0x0800 }
    expect(receivePacket(capture, buffer)).toEqual({ ...expected, outgoing: true })
    expect(buffer[0]).toBe(0x45)
    expect(receivePacket(capture, buffer)).toEqual({ ...expected, outgoing: false })
    expect(receivePacket(capture, buffer)).toBe('again')
    udp.close()
  })

  test('counts what did not fit, and only once', async () => {
    using namespace = loopbackNamespace()
    using small = withNetworkNamespace(namespace, () => packetSocket(LOOPBACK, 4096))
    using large = withNetworkNamespace(namespace, () => packetSocket(LOOPBACK, 1 << 22))
    const udp = udpSocket(namespace)
    const packets = 200
    for (let sent = 0; sent < packets; sent++) {
      await new Promise((done) => udp.send('x', udp.address().port, '127.0.0.1', done))
    }
    expect(packetStatistics(large)).toEqual({ seen: 2 * packets, lost: 0 })
    const { seen, lost } = packetStatistics(small)
    expect(seen).toBe(2 * packets)
    expect(lost).toBeGreaterThan(0)
    expect(packetStatistics(small)).toEqual({ seen: 0, lost: 0 })
    udp.close()
  })

  test('tells once that the link went down', () => {
    using namespace = loopbackNamespace()
    using capture = withNetworkNamespace(namespace, () => packetSocket(LOOPBACK, 1 << 20))
    using rtnetlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
    rtnetlink.apply([{ op: 'setLink', index: LOOPBACK, up: false }])
    expect(receivePacket(capture, Buffer.alloc(1))).toBe('down')
    expect(receivePacket(capture, Buffer.alloc(1))).toBe('again')
  })

  test('refuses a link that is not there, and keeps no descriptor', () => {
    using namespace = createNetworkNamespace()
    const opening = (): Fd => withNetworkNamespace(namespace, () => packetSocket(4711, 1 << 20))
    expect(opening).toThrow(expect.toSatisfy((error) => isSystemError(error, 'ENODEV')))
    expect(() => packetSocket(1, 0)).toThrow(/bufferBytes/)
  })
})

describe('bindToDevice', () => {
  test('ties a socket to an interface', async () => {
    using namespace = loopbackNamespace()
    using fd = withNetworkNamespace(namespace, () => inetSocket(4, 'stream'))
    bindToDevice(fd, 'lo')
    expect(() => bindToDevice(fd, 'no-such-link')).toThrow(
      expect.toSatisfy((error) => isSystemError(error, 'ENODEV')),
    )
    expect(() => bindToDevice(fd, 'sixteen-bytes-xx')).toThrow(/interfaceName/)
  })
})
