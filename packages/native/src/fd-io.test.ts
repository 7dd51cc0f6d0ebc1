import { constants, openSync } from 'node:fs'
import { tmpdir } from 'node:os'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { fstatKind, isNonBlocking, readFd, setNonBlocking, writeFd } from './fd-io.ts'
import { Fd } from './fd.ts'
import { memfdSealed } from './memfd.ts'
import { socketPair } from './unix-socket.ts'

afterEach(expectNoOpenFds)

test('bytes written at one end are read at the other; then again, then the end', () => {
  const [left, right] = socketPair('stream')
  setNonBlocking(right, true)
  const buffer = new Uint8Array(8)
  expect(writeFd(left, Buffer.from('abc'))).toBe(3)
  expect(readFd(right, buffer)).toBe(3)
  expect(Buffer.from(buffer).toString('latin1', 0, 3)).toBe('abc')
  expect(readFd(right, buffer)).toBe('again')
  left.close()
  expect(readFd(right, buffer)).toBe(0)
  right.close()
})

test('a subarray is read into in place', () => {
  const [left, right] = socketPair('stream')
  const whole = new Uint8Array(8)
  writeFd(left, Buffer.of(7, 8, 9))
  expect(readFd(right, whole.subarray(4, 6))).toBe(2)
  expect([...whole]).toEqual([0, 0, 0, 0, 7, 8, 0, 0])
  left.close()
  right.close()
})

test('a full non-blocking socket says again', () => {
  const [left, right] = socketPair('stream')
  setNonBlocking(left, true)
  let last: number | 'again' = 0
  for (let count = 0; last !== 'again' && count < 10_000; count++) last = writeFd(left, Buffer.alloc(65536))
  expect(last).toBe('again')
  left.close()
  right.close()
})

test('reading and writing the wrong way round fails with the kernel error', () => {
  using readable = Fd.adopt(openSync('/dev/null', 'r'))
  using writable = Fd.adopt(openSync('/dev/null', 'w'))
  expect(() => writeFd(readable, Buffer.of(1))).toThrow(
    expect.objectContaining({ code: 'EBADF', syscall: 'write' }),
  )
  expect(() => readFd(writable, Buffer.alloc(1))).toThrow(
    expect.objectContaining({ code: 'EBADF', syscall: 'read' }),
  )
})

test('non-blocking belongs to the open file, so a dup shares it', () => {
  const [left, right] = socketPair('stream')
  using dup = left.dup()
  setNonBlocking(left, true)
  expect([isNonBlocking(left), isNonBlocking(dup), isNonBlocking(right)]).toEqual([true, true, false])
  setNonBlocking(dup, false)
  expect(isNonBlocking(left)).toBe(false)
  left.close()
  right.close()
})

test('the kind of a descriptor', () => {
  const [left, right] = socketPair('stream')
  const opened = [
    Fd.adopt(openSync('/dev/null', 'r')),
    Fd.adopt(openSync(tmpdir(), 'r')),
    Fd.adopt(openSync('/proc/self/exe', constants.O_RDONLY)),
    memfdSealed('kind', Buffer.of()),
    Fd.adopt(openSync('/proc/self/cwd', 0o10000000 | constants.O_NOFOLLOW)),
  ]
  expect([left, ...opened].map(fstatKind)).toEqual([
    'socket',
    'character-device',
    'directory',
    'file',
    'file',
    'symbolic-link',
  ])
  for (const fd of [left, right, ...opened]) fd.close()
})
