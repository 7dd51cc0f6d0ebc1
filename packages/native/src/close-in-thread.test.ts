import { existsSync, openSync, readdirSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { connectInet } from '../test/connect-inet.ts'
import { closeInThread } from './close-in-thread.ts'
import { setNonBlocking, writeFd } from './fd-io.ts'
import { Fd } from './fd.ts'
import { inetSocket } from './inet-socket.ts'
import { writeOption } from './socket-option.ts'

afterEach(expectNoOpenFds)

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 1))
}

test('an ordinary descriptor is closed soon, from the caller’s view at once', async () => {
  const fd = Fd.adopt(openSync('/dev/null', 'r'))
  const number = fd.number
  closeInThread(fd)
  expect(fd.closed).toBe(true)
  closeInThread(fd)
  await until(() => !existsSync(`/proc/self/fd/${number}`))
})

test('a socket that waits for its peer in close(2) does not hold up the caller', async () => {
  const accepted: Socket[] = []
  const server = createServer({ pauseOnConnect: true }, (socket) => accepted.push(socket))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const fd = inetSocket(4, 'stream')
  connectInet(fd, address.port)
  // Accepted before the close, whose descriptor number it would else get.
  await until(() => accepted.length > 0)
  setNonBlocking(fd, true)
  while (writeFd(fd, Buffer.alloc(1 << 20)) !== 'again');
  // struct linger { on, seconds }
  const linger = Buffer.alloc(8)
  linger.writeInt32LE(1, 0)
  linger.writeInt32LE(60, 4)
  writeOption(fd, 13, linger)
  setNonBlocking(fd, false)
  const number = fd.number
  const before = new Set(readdirSync('/proc/self/task'))

  closeInThread(fd)
  await until(() => !existsSync(`/proc/self/fd/${number}`))
  const waiting = readdirSync('/proc/self/task').filter((thread) => !before.has(thread))
  expect(waiting).toHaveLength(1)

  accepted[0]?.resume()
  await until(() => !existsSync(`/proc/self/task/${waiting[0]}`))
  accepted[0]?.destroy()
  await new Promise<void>((done) => server.close(() => done()))
})
