import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { isCloseOnExec, isNonBlocking, readFd, writeFd } from './fd-io.ts'
import { describeSocket } from './inet-socket.ts'
import { acceptUnix, connectUnix, listenUnix, socketPair } from './unix-socket.ts'

afterEach(expectNoOpenFds)

test.each(['stream', 'seqpacket'] as const)('a %s pair is connected, close-on-exec and blocking', (type) => {
  const pair = socketPair(type)
  for (const fd of pair) {
    expect(describeSocket(fd)).toEqual({ domain: 'unix', type, protocol: 0 })
    expect([isCloseOnExec(fd), isNonBlocking(fd)]).toEqual([true, false])
  }
  writeFd(pair[0], Buffer.of(1, 2))
  writeFd(pair[0], Buffer.of(3))
  // Only seqpacket keeps the two apart.
  expect(readFd(pair[1], Buffer.alloc(9))).toBe(type === 'stream' ? 3 : 2)
  for (const fd of pair) fd.close()
})

test('listen, connect, accept, talk', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'socket')
  using server = listenUnix(path, { mode: 0o640 })
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(acceptUnix(server)).toBeUndefined()
  using client = connectUnix(path)
  using accepted = acceptUnix(server)
  if (accepted === undefined) throw new Error('no connection was waiting')
  expect(acceptUnix(server)).toBeUndefined()
  for (const fd of [server, client, accepted]) {
    expect([isCloseOnExec(fd), isNonBlocking(fd)]).toEqual([true, true])
  }
  writeFd(client, Buffer.from('hi'))
  const buffer = Buffer.alloc(8)
  expect(readFd(accepted, buffer)).toBe(2)
  expect(readFd(client, buffer)).toBe('again')
})

test('a full backlog is refused at once, not waited for', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'socket')
  using server = listenUnix(path, { mode: 0o600, backlog: 1 })
  const clients = [connectUnix(path), connectUnix(path)]
  expect(() => connectUnix(path)).toThrow(expect.objectContaining({ code: 'EAGAIN', syscall: 'connect' }))
  acceptUnix(server)?.close()
  clients.push(connectUnix(path))
  for (const client of clients) client.close()
})

test('what exists at the path is neither replaced nor removed', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'socket')
  writeFileSync(path, 'precious')
  expect(() => listenUnix(path, { mode: 0o600 })).toThrow(
    expect.objectContaining({ code: 'EADDRINUSE', syscall: 'bind', detail: path }),
  )
  expect(existsSync(path)).toBe(true)
})

test('connecting to nothing, or to a socket nobody listens on, fails', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'socket')
  expect(() => connectUnix(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  listenUnix(path, { mode: 0o600 }).close()
  expect(() => connectUnix(path)).toThrow(expect.objectContaining({ code: 'ECONNREFUSED' }))
})

test('the longest path works; a longer one, an empty one and one with NUL are refused', () => {
  using folder = temporaryFolder()
  const longest = join(folder.path, 'x'.repeat(107 - folder.path.length - 1))
  listenUnix(longest, { mode: 0o600 }).close()
  for (const path of [`${longest}x`, '', 'a\0b']) {
    expect(() => listenUnix(path, { mode: 0o600 })).toThrow('path:')
    expect(() => connectUnix(path)).toThrow('path:')
  }
})
