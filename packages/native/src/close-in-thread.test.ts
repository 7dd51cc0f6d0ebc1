import { existsSync, openSync, readdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { connectInet } from '../test/connect-inet.ts'
import { closeInThread } from './close-in-thread.ts'
import { setNonBlocking, writeFd } from './fd-io.ts'
import { Fd } from './fd.ts'
import { inetSocket } from './inet-socket.ts'
import { cFunction, startThread } from './native-thread.ts'
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

/** A connected socket whose close(2) waits for a peer that does not read, for a minute. */
async function lingeringSocket(port: number, isAccepted: () => boolean): Promise<Fd> {
  const fd = inetSocket(4, 'stream')
  connectInet(fd, port)
  // Accepted before the close, whose descriptor number it would else get.
  await until(isAccepted)
  setNonBlocking(fd, true)
  while (writeFd(fd, Buffer.alloc(1 << 20)) !== 'again');
  // struct linger { on, seconds }
  const linger = Buffer.alloc(8)
  linger.writeInt32LE(1, 0)
  linger.writeInt32LE(60, 4)
  writeOption(fd, 13, linger)
  setNonBlocking(fd, false)
  return fd
}

test('a socket that would wait for its peer in close(2) holds up neither the caller nor a thread', async () => {
  const accepted: Socket[] = []
  const server = createServer({ pauseOnConnect: true }, (socket) => accepted.push(socket))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  // The threads of libuv's pool begin with its first use.
  await stat('/')
  const before = new Set(readdirSync('/proc/self/task'))
  const others = (): string[] => readdirSync('/proc/self/task').filter((thread) => !before.has(thread))

  closeInThread(await lingeringSocket(address.port, () => accepted.length === 1))
  await until(() => others().length === 0)

  // The control: closed as it is, it keeps its thread until the peer has read.
  const fd = await lingeringSocket(address.port, () => accepted.length === 2)
  const number = fd.release()
  startThread(cFunction('close'), BigInt(number))?.detach()
  await until(() => !existsSync(`/proc/self/fd/${number}`))
  await new Promise((done) => setTimeout(done, 100))
  expect(others()).toHaveLength(1)
  accepted[1]?.resume()
  await until(() => others().length === 0)
  for (const socket of accepted) socket.destroy()
  await new Promise<void>((done) => server.close(() => done()))
})
