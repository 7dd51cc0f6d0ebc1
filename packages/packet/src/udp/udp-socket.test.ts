import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'

import { afterEach, describe, expect, test } from 'vitest'

import { take } from '../../test/arena-bytes.ts'
import { expectNoOpenFds } from '../../test/open-fds.ts'
import { contents } from '../../test/packet-arbitraries.ts'
import { Endpoint } from './endpoint.ts'
import { openUdp } from './open-udp.ts'
import { UdpSocket, type UdpSocketOptions } from './udp-socket.ts'

afterEach(expectNoOpenFds)

/** Puts one datagram into the socket's send area. */
function send(socket: UdpSocket, bytes: Uint8Array, to?: Endpoint): void {
  const at = socket.reserve(bytes.length)
  expect(at).toBeGreaterThanOrEqual(0)
  socket.arena.bytes.set(bytes, at)
  socket.commit(bytes.length, to)
}

/** Receives `count` datagrams. */
async function receive(socket: UdpSocket, count: number): Promise<Buffer[]> {
  const datagrams: Buffer[] = []
  for await (const batch of socket.batches()) {
    while (batch.next()) datagrams.push(take(batch.arena, batch.offset, batch.length))
    if (datagrams.length >= count) return datagrams
  }
  throw new Error('the iteration ended')
}

const offloads: [string, UdpSocketOptions][] = [
  ['segmentation and receive offload', {}],
  ['segmentation', { receiveOffload: false }],
  ['receive offload', { segmentation: false }],
  ['neither', { segmentation: false, receiveOffload: false }],
]
const ways: [string, UdpSocketOptions, UdpSocketOptions, string][] = [
  ['IPv4', { family: 4, address: '127.0.0.1' }, { family: 4, address: '127.0.0.1' }, '127.0.0.1'],
  ['IPv6', { family: 6, address: '::1' }, { family: 6, address: '::1' }, '::1'],
  [
    'IPv4 through a dual-stack socket',
    { family: 6, dualStack: true },
    { family: 4, address: '127.0.0.1' },
    '127.0.0.1',
  ],
]

describe.each(ways)('%s', (_way, from, to, address) => {
  test.each(offloads)('datagrams arrive in order and unchanged with %s', async (_name, offload) => {
    using sender = UdpSocket.open({ ...from, ...offload })
    using receiver = UdpSocket.open({ ...to, ...offload })
    const peer = Endpoint.from(address, receiver.port)
    // Runs of equal sizes, a shorter end, single sizes, an almost longest one.
    const sizes = [...Array<number>(100).fill(1400), 7, 7, 7, 3, 900, 901, 1400, 60_000, 1]
    const datagrams = sizes.map((size, index) => Buffer.from(contents(size, index)))
    for (const datagram of datagrams) send(sender, datagram, peer)
    expect(sender.flush()).toBe('done')
    const received = await receive(receiver, sizes.length)
    expect(received.map(({ length }) => length)).toEqual(sizes)
    expect(Buffer.compare(Buffer.concat(received), Buffer.concat(datagrams))).toBe(0)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(sender.counters().sent).toMatchObject({ packets: sizes.length, bytes: total, batches: 1 })
    expect(receiver.counters().received).toMatchObject({ packets: sizes.length, bytes: total })
  })

  test('a datagram tells where it came from', async () => {
    using sender = UdpSocket.open(from)
    using receiver = UdpSocket.open(to)
    send(sender, Uint8Array.of(1), Endpoint.from(address, receiver.port))
    sender.flush()
    const source = Endpoint.from(address, sender.port)
    for await (const batch of receiver.batches()) {
      while (batch.next()) {
        expect(batch.source().equals(source)).toBe(true)
        expect(batch.isFrom(source)).toBe(true)
        expect(batch.isFrom(Endpoint.from(address, receiver.port))).toBe(false)
      }
      break
    }
  })
})

test('datagrams for several endpoints go to each of them, by whichever of several equal objects', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  using first = UdpSocket.open({ address: '127.0.0.1' })
  using second = UdpSocket.open({ address: '127.0.0.1' })
  for (let index = 0; index < 20; index++) {
    const { port } = index < 10 || index % 2 === 0 ? first : second
    send(sender, Uint8Array.of(index), Endpoint.from('127.0.0.1', port))
  }
  sender.flush()
  const received = [await receive(first, 15), await receive(second, 5)].map((all) =>
    all.map(([byte]) => byte),
  )
  expect(received).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18],
    [11, 13, 15, 17, 19],
  ])
})

test('what cannot be sent to an endpoint is not sent to the one before', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  using first = UdpSocket.open({ address: '127.0.0.1' })
  const there = Endpoint.from('127.0.0.1', first.port)
  const elsewhere = Endpoint.from('::1', first.port)
  send(sender, Uint8Array.of(1), there)
  for (const secret of [2, 3]) {
    expect(() => send(sender, Uint8Array.of(secret), elsewhere)).toThrow('does not fit an IPv4 socket')
  }
  send(sender, Uint8Array.of(4), there)
  sender.flush()
  expect((await receive(first, 2)).map(([byte]) => byte)).toEqual([1, 4])
  expect(first.counters().received.packets).toBe(2)
})

test('only what was reserved can be committed, and once', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  using receiver = UdpSocket.open({ address: '127.0.0.1' })
  const peer = Endpoint.from('127.0.0.1', receiver.port)
  expect(() => sender.commit(1, peer)).toThrow(RangeError)
  send(sender, Uint8Array.of(1, 2, 3), peer)
  expect(() => sender.commit(3, peer)).toThrow(RangeError)
  sender.reserve(10)
  for (const length of [11, 0, -1, Number.NaN, 2 ** 40]) {
    expect(() => sender.commit(length, peer)).toThrow('10 bytes are reserved')
  }
  sender.commit(2, peer)
  sender.flush()
  expect((await receive(receiver, 2)).map(({ length }) => length)).toEqual([3, 2])
})

test('a datagram without an endpoint is an error where the socket is not connected, and the others go', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  using receiver = UdpSocket.open({ address: '127.0.0.1' })
  const peer = Endpoint.from('127.0.0.1', receiver.port)
  send(sender, Uint8Array.of(1), peer)
  send(sender, Uint8Array.of(2))
  send(sender, Uint8Array.of(3), peer)
  expect(() => sender.flush()).toThrow(expect.objectContaining({ code: 'EDESTADDRREQ' }))
  expect(sender.flush()).toBe('done')
  expect((await receive(receiver, 2)).map(([byte]) => byte)).toEqual([1, 3])
})

test('a connected socket needs no endpoint and hears only its peer', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  using stranger = UdpSocket.open({ address: '127.0.0.1' })
  using receiver = UdpSocket.open({ address: '127.0.0.1' })
  receiver.connect(Endpoint.from('127.0.0.1', sender.port))
  sender.connect(Endpoint.from('127.0.0.1', receiver.port))
  send(stranger, Uint8Array.of(9), Endpoint.from('127.0.0.1', receiver.port))
  stranger.flush()
  send(sender, Uint8Array.of(1))
  sender.flush()
  expect(await receive(receiver, 1)).toEqual([Buffer.of(1)])
})

test('a port where nobody listens does not stop the socket, sending or receiving', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  const gone = UdpSocket.open({ address: '127.0.0.1' })
  const { port } = gone
  gone.close()
  sender.connect(Endpoint.from('127.0.0.1', port))
  for (let time = 0; time < 3; time++) {
    send(sender, Uint8Array.of(1))
    expect(sender.flush()).toBe('done')
  }
  expect(sender.counters().sent.packets).toBe(3)
  using late = UdpSocket.open({ address: '127.0.0.1', port })
  send(late, Uint8Array.of(8), Endpoint.from('127.0.0.1', sender.port))
  late.flush()
  expect(await receive(sender, 1)).toEqual([Buffer.of(8)])
})

test('the longest datagram is sent, a longer one has no room', () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  send(sender, new Uint8Array(65_507), Endpoint.from('127.0.0.1', sender.port))
  expect(sender.flush()).toBe('done')
  expect(sender.counters().sent).toMatchObject({ packets: 1, bytes: 65_507 })
  expect(() => sender.reserve(0)).toThrow('length')
  expect(() => sender.reserve(65_508)).toThrow('length')
})

test('a source of more than the send area is passed on in several flushes', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  using receiver = UdpSocket.open({ address: '127.0.0.1' })
  const peer = Endpoint.from('127.0.0.1', receiver.port)
  let received = 0
  for (let index = 0; index < 2000; index++) {
    send(sender, contents(1000, index), peer)
    if (index % 100 === 99) {
      sender.flush()
      received += (await receive(receiver, 100)).length
    }
  }
  expect(received).toBe(2000)
})

test('an iteration ends with the reason of its signal, at once and while it waits', async () => {
  using socket = UdpSocket.open({ address: '127.0.0.1' })
  const reason = new Error('enough')
  await expect(socket.batches({ signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason)
  const controller = new AbortController()
  const waiting = socket.batches({ signal: controller.signal }).next()
  await expect(socket.batches().next()).rejects.toThrow('iterated already')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  send(socket, Uint8Array.of(5), Endpoint.from('127.0.0.1', socket.port))
  socket.flush()
  expect(await receive(socket, 1)).toEqual([Buffer.of(5)])
})

test('closing ends a waiting iteration, and no other file is read in its place', async () => {
  const socket = UdpSocket.open({ address: '127.0.0.1' })
  const waiting = socket.batches().next()
  socket.close()
  socket.close()
  using other = openUdp({ address: '127.0.0.1' })
  expect(other.number).toBeGreaterThan(0)
  await expect(waiting).rejects.toThrow('after close')
  expect(() => socket.flush()).not.toThrow()
  expect(() => send(socket, Uint8Array.of(1), Endpoint.from('127.0.0.1', 9))).not.toThrow()
  expect(() => socket.flush()).toThrow('after close')
})

test('a batch that was not emptied goes on in the next one', async () => {
  using sender = UdpSocket.open({ address: '127.0.0.1' })
  using receiver = UdpSocket.open({ address: '127.0.0.1' })
  for (let index = 0; index < 10; index++)
    send(sender, Uint8Array.of(index), Endpoint.from('127.0.0.1', receiver.port))
  sender.flush()
  const seen: number[] = []
  for await (const batch of receiver.batches()) {
    batch.next()
    seen.push(batch.arena.bytes[batch.offset] ?? -1)
    if (seen.length === 10) break
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('packets can be had as views', async () => {
  using socket = UdpSocket.open({ address: '127.0.0.1' })
  for (const byte of [1, 2, 3]) send(socket, Uint8Array.of(byte), Endpoint.from('127.0.0.1', socket.port))
  socket.flush()
  for await (const batch of socket.batches()) {
    expect([...batch].map((view) => [...view])).toEqual([[1], [2], [3]])
    break
  }
})

test('a socket made elsewhere is duplicated; what is no UDP socket is refused', () => {
  using fd = openUdp({ address: '127.0.0.1' })
  const before = readdirSync('/proc/self/fd').length
  using socket = UdpSocket.open({ fd })
  expect(socket.descriptor).not.toBe(fd.number)
  socket.close()
  expect(readdirSync('/proc/self/fd').length).toBe(before)
  expect(() => UdpSocket.open({ fd: 0 })).toThrow('no UDP socket')
  expect(() => UdpSocket.open({ fd: 999_999 })).toThrow('EBADF')
})

test('empty datagrams are passed over', async () => {
  using receiver = UdpSocket.open({ address: '127.0.0.1' })
  const stranger = createSocket('udp4')
  for (const text of ['', 'a', '', '', 'b', '']) {
    await new Promise((sent) => stranger.send(text, receiver.port, '127.0.0.1', sent))
  }
  expect((await receive(receiver, 2)).map(String)).toEqual(['a', 'b'])
  expect(receiver.counters().received).toMatchObject({ packets: 2, bytes: 2 })
  stranger.close()
  await once(stranger, 'close')
})
