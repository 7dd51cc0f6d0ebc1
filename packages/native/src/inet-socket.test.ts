import { constants, openSync } from 'node:fs'
import { createServer } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { connectInet } from '../test/connect-inet.ts'
import { isCloseOnExec, isNonBlocking } from './fd-io.ts'
import { Fd } from './fd.ts'
import {
  clearLinger,
  describeSocket,
  getMark,
  inetSocket,
  sameNetworkNamespace,
  setMark,
} from './inet-socket.ts'
import { readOption, writeOption } from './socket-option.ts'
import { localName, peerName } from './socket-name.ts'
import { listenUnix, socketPair } from './unix-socket.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'

afterEach(expectNoOpenFds)

test.each([
  [4, 'stream', { domain: 'inet', type: 'stream', protocol: 6 }],
  [4, 'dgram', { domain: 'inet', type: 'dgram', protocol: 17 }],
  [6, 'stream', { domain: 'inet6', type: 'stream', protocol: 6 }],
  [6, 'dgram', { domain: 'inet6', type: 'dgram', protocol: 17 }],
] as const)('an IPv%i %s socket is what it says', (family, kind, description) => {
  using fd = inetSocket(family, kind, { nonBlocking: kind === 'dgram' })
  expect(describeSocket(fd)).toEqual(description)
  expect([isCloseOnExec(fd), isNonBlocking(fd)]).toEqual([true, kind === 'dgram'])
  expect(localName(fd)).toEqual(
    family === 4
      ? { family: 4, address: '0.0.0.0', port: 0 }
      : { family: 6, address: '::', port: 0, scope: 0 },
  )
  expect(peerName(fd)).toBeUndefined()
  expect(getMark(fd)).toBe(0)
})

test('what is no socket has no description, O_PATH descriptors included', () => {
  const O_PATH = 0o10000000
  for (const flags of [constants.O_RDONLY, O_PATH]) {
    using fd = Fd.adopt(openSync('/proc/self/exe', flags))
    expect(describeSocket(fd)).toBeUndefined()
    expect(() => sameNetworkNamespace(fd)).toThrow(expect.objectContaining({ syscall: 'getsockopt' }))
  }
})

test('both ends of a connection name each other', async () => {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  using fd = inetSocket(4, 'stream')
  const connected = new Promise<number | undefined>((done) => {
    server.once('connection', (socket) => {
      done(socket.remotePort)
      socket.destroy()
    })
  })
  connectInet(fd, address.port)
  expect(localName(fd)).toEqual({ family: 4, address: '127.0.0.1', port: await connected })
  expect(peerName(fd)).toEqual({ family: 4, address: '127.0.0.1', port: address.port })
  await new Promise<void>((done) => server.close(() => done()))
})

test('unix sockets are named by path, or not at all', () => {
  using folder = temporaryFolder()
  const path = `${folder.path}/socket`
  using server = listenUnix(path, { mode: 0o600 })
  const [left, right] = socketPair('stream')
  expect([localName(server), peerName(server), localName(left), peerName(left)]).toEqual([
    { family: 'unix', path },
    undefined,
    { family: 'unix', path: '' },
    { family: 'unix', path: '' },
  ])
  left.close()
  right.close()
})

test('clearLinger undoes a linger time', () => {
  using fd = inetSocket(4, 'stream')
  const linger = Buffer.alloc(8)
  linger.writeInt32LE(1, 0)
  linger.writeInt32LE(30, 4)
  writeOption(fd, 13, linger)
  const read = (): number => {
    const value = Buffer.alloc(8)
    readOption(fd, 13, value)
    return value.readInt32LE(0)
  }
  expect(read()).toBe(1)
  clearLinger(fd)
  expect(read()).toBe(0)
})

test('one’s own sockets are in one’s own network namespace', () => {
  using fd = inetSocket(6, 'dgram')
  expect(sameNetworkNamespace(fd)).toBe(true)
})

test.each([
  [1, 0],
  [1, -1],
  [1, 2 ** 32],
  [1, 1.5],
  [4, 3],
  [-1, 3],
  [2 ** 32, 0xffffffff],
])('mark %d with mask %d is refused', (mark, mask) => {
  using fd = inetSocket(4, 'dgram')
  expect(() => setMark(fd, mark, mask)).toThrow(RangeError)
})
