import { openSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { Socket } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { connectInet } from '../test/connect-inet.ts'
import { childReport } from '../test/run-child.ts'
import { readFd, setNonBlocking, writeFd } from './fd-io.ts'
import { Fd } from './fd.ts'
import { inetSocket } from './inet-socket.ts'
import { isSystemError } from './system-error.ts'
import { socketPair } from './unix-socket.ts'
import { type Ready, watchFd } from './watch-fd.ts'

afterEach(expectNoOpenFds)

/** Runs the event loop until `condition` holds; the test's own time-out is the deadline. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setImmediate(done))
}

/** A few turns of the loop with real polling in between, for "nothing more happened". */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((done) => setTimeout(done, 2))
}

test('readable is reported again until the bytes are read', async () => {
  const [far, near] = socketPair('stream')
  let calls = 0
  const watch = watchFd(near, { readable: true }, (ready) => {
    expect(ready).toEqual({ readable: true, writable: false, disconnect: false })
    if (++calls === 3) readFd(near, Buffer.alloc(8))
  })
  writeFd(far, Buffer.of(1))
  await until(() => calls === 3)
  await turns()
  expect(calls).toBe(3)
  watch[Symbol.dispose]()
  near.close()
  far.close()
})

test('writable is reported when the peer has made room, and the interest can be changed', async () => {
  const [far, near] = socketPair('stream')
  setNonBlocking(near, true)
  while (writeFd(near, Buffer.alloc(65536)) !== 'again');
  const seen: Ready[] = []
  const watch = watchFd(near, { writable: true }, (ready) => {
    seen.push(ready)
    watch.update({ readable: true })
  })
  await turns()
  expect(seen).toEqual([])
  const sink = Buffer.alloc(1 << 20)
  setNonBlocking(far, true)
  while (readFd(far, sink) !== 'again');
  await until(() => seen.length > 0)
  await turns()
  expect(seen).toEqual([{ readable: false, writable: true, disconnect: false }])
  writeFd(far, Buffer.of(1))
  await until(() => seen.length === 2)
  expect(seen[1]).toMatchObject({ readable: true, writable: false })
  near.close()
  far.close()
})

test('the peer closing is a disconnect', async () => {
  const [far, near] = socketPair('seqpacket')
  const seen: Ready[] = []
  watchFd(near, { readable: true }, (ready) => {
    seen.push(ready)
    near.close()
  })
  far.close()
  await until(() => seen.length > 0)
  expect(seen).toEqual([{ readable: true, writable: false, disconnect: true }])
})

test('promises of a callback go on before the next callback', async () => {
  const [far, near] = socketPair('stream')
  const order: string[] = []
  watchFd(near, { readable: true }, () => {
    order.push('callback')
    void Promise.resolve().then(() => order.push('promise'))
    process.nextTick(() => order.push('tick'))
    if (order.length > 3) readFd(near, Buffer.alloc(8))
  })
  writeFd(far, Buffer.of(1))
  await until(() => order.length >= 6)
  expect(order.slice(0, 6)).toEqual(['callback', 'tick', 'promise', 'callback', 'tick', 'promise'])
  near.close()
  far.close()
})

test('disposing twice, disposing after close and closing after disposing are all harmless', async () => {
  const [left, right] = socketPair('stream')
  const first = watchFd(left, { readable: true }, () => {})
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  const second = watchFd(left, { readable: true }, () => {})
  left.close()
  second[Symbol.dispose]()
  second.unref()
  expect(() => second.update({ readable: true })).toThrow('after its end')
  right.close()
  await turns()
})

test('a watch ends inside its own callback, and its number can be watched anew at once', async () => {
  const [far, near] = socketPair('stream')
  let old = 0
  let renewed = 0
  const number = near.number
  watchFd(near, { readable: true }, () => {
    old++
    near.close()
    const [farther, nearer] = socketPair('stream')
    expect(nearer.number === number || farther.number === number).toBe(true)
    const same = nearer.number === number ? nearer : farther
    const other = same === nearer ? farther : nearer
    writeFd(other, Buffer.of(1))
    watchFd(same, { readable: true }, () => {
      renewed++
      same.close()
      other.close()
    })
  })
  writeFd(far, Buffer.of(1))
  await until(() => renewed > 0)
  await turns()
  expect([old, renewed]).toEqual([1, 1])
  far.close()
})

test('what cannot be watched is refused without harm to the process', () => {
  using file = Fd.adopt(openSync('/proc/self/exe', 'r'))
  using device = Fd.adopt(openSync('/dev/null', 'r'))
  const [left, right] = socketPair('stream')
  expect(() => watchFd(file, { readable: true }, () => {})).toThrow(
    expect.objectContaining({ code: 'EPERM' }),
  )
  expect(() => watchFd(device, { readable: true }, () => {})).toThrow(
    expect.objectContaining({ code: 'EPERM' }),
  )
  expect(() => watchFd(left, {}, () => {})).toThrow('interest')
  using watch = watchFd(left, { readable: true }, () => {})
  expect(() => watchFd(left, { writable: true }, () => {})).toThrow('watched already')
  expect(() => watch.update({})).toThrow('interest')
  left.close()
  right.close()
  expect(() => watchFd(left, { readable: true }, () => {})).toThrow('used after close')
})

test('a pending socket error is reported as readiness, and the watch goes on after it was read', async () => {
  // A connected UDP socket whose peer is gone gets ECONNREFUSED, for which libuv stops its poll.
  const peer = createSocket('udp4')
  await new Promise<void>((done) => peer.bind(0, '127.0.0.1', done))
  const port = peer.address().port
  using fd = inetSocket(4, 'dgram', { nonBlocking: true })
  connectInet(fd, port)
  await new Promise<void>((done) => peer.close(done))

  const outcomes: string[] = []
  const watch = watchFd(fd, { readable: true }, () => {
    try {
      outcomes.push(String(readFd(fd, Buffer.alloc(16))))
    } catch (error) {
      outcomes.push(isSystemError(error) ? error.code : String(error))
    }
  })
  writeFd(fd, Buffer.of(1))
  await until(() => outcomes.length > 0)
  await turns()
  expect(outcomes).toEqual(['ECONNREFUSED'])

  const revived = createSocket('udp4')
  await new Promise<void>((done) => revived.bind(port, '127.0.0.1', done))
  revived.on('message', (_message, from) => revived.send('hello', from.port, from.address))
  writeFd(fd, Buffer.of(2))
  await until(() => outcomes.length > 1)
  expect(outcomes).toEqual(['ECONNREFUSED', '5'])
  watch[Symbol.dispose]()
  await new Promise<void>((done) => revived.close(done))
})

test('an Fd released to node can be used by node after the watch has ended', async () => {
  const [far, near] = socketPair('stream')
  let watched = 0
  watchFd(near, { readable: true }, () => watched++)
  const socket = new Socket({ fd: near.release() })
  const data = new Promise<Buffer>((done) => socket.once('data', done))
  writeFd(far, Buffer.from('x'))
  expect((await data).toString()).toBe('x')
  expect(watched).toBe(0)
  await new Promise<void>((done) => socket.destroy().once('close', () => done()))
  far.close()
})

test('what a callback resolves goes on at once, although nothing of node itself is called', async () => {
  expect(await childReport('watch-continuation')).toEqual({ order: ['promise', 'timer'] })
})

test('a watch nobody refers to survives garbage collection', async () => {
  expect(await childReport('watch-garbage', { nodeOptions: ['--expose-gc'] })).toEqual({ received: 10 })
})

test('exceptions of a callback are uncaught exceptions, and the watch goes on', async () => {
  expect(await childReport('watch-exception')).toEqual({ caught: ['failure 0', 'failure 1', 'failure 2'] })
})

test('an unreferenced watch does not keep the process alive', async () => {
  expect(await childReport('watch-unref')).toEqual({ reached: true })
})
