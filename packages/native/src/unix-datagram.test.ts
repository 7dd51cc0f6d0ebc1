import { join } from 'node:path'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { readFd } from './fd-io.ts'
import { Fd } from './fd.ts'
import { declareChecked } from './libc.ts'
import { SystemError } from './system-error.ts'
import { sendUnixDatagram } from './unix-datagram.ts'
import { unixAddress } from './unix-socket.ts'

afterEach(expectNoOpenFds)

const AF_UNIX = 1
const SOCK_DGRAM = 2
const create = declareChecked<[number, number, number]>('int socket(int, int, int)')
const bind = declareChecked<[number, Uint8Array, number]>('int bind(int, const void *, uint32_t)')

function receiver(address: Buffer): Fd {
  const fd = Fd.adopt(create(AF_UNIX, SOCK_DGRAM, 0))
  bind(fd.number, address, address.length)
  return fd
}

function received(fd: Fd): string {
  const buffer = Buffer.alloc(100)
  return buffer.toString('utf8', 0, Number(readFd(fd, buffer)))
}

test('a datagram reaches the socket at a path, whole', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'notify')
  using fd = receiver(unixAddress(path))
  sendUnixDatagram(path, Buffer.from('READY=1'))
  sendUnixDatagram(path, Buffer.from('STOPPING=1\nSTATUS=x'))
  expect([received(fd), received(fd)]).toEqual(['READY=1', 'STOPPING=1\nSTATUS=x'])
})

test('@ names a socket of the abstract namespace', () => {
  const name = `vpnext-test-${process.pid}`
  using fd = receiver(Buffer.concat([Buffer.from([AF_UNIX, 0, 0]), Buffer.from(name)]))
  sendUnixDatagram(`@${name}`, Buffer.from('READY=1'))
  expect(received(fd)).toBe('READY=1')
})

test('nobody there is an error by its name', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'nobody')
  expect(() => sendUnixDatagram(path, Buffer.from('x'))).toThrow(SystemError)
  expect(() => sendUnixDatagram(path, Buffer.from('x'))).toThrow(/sendto: ENOENT/)
  expect(() => sendUnixDatagram('', Buffer.from('x'))).toThrow(RangeError)
})
