import { existsSync, fstatSync, openSync, readdirSync } from 'node:fs'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { isCloseOnExec, readFd, setNonBlocking, writeFd } from './fd-io.ts'
import { Fd } from './fd.ts'
import { receiveMessage, type ReceivedMessage, sendMessage } from './fd-passing.ts'
import { socketPair } from './unix-socket.ts'

afterEach(expectNoOpenFds)

const openNumbers = (): number => readdirSync('/proc/self/fd').length
const nullDevice = (): Fd => Fd.adopt(openSync('/dev/null', 'r'))

function mustReceive(fd: Fd, size = 64): ReceivedMessage {
  const message = receiveMessage(fd, Buffer.alloc(size))
  if (message === 'again') throw new Error('nothing to receive')
  return message
}

test.each(['stream', 'seqpacket'] as const)('bytes and descriptors arrive over a %s pair', (type) => {
  const [left, right] = socketPair(type)
  using first = nullDevice()
  const [second, far] = socketPair('stream')
  expect(sendMessage(left, Buffer.from('hello'), [first, second])).toBe(5)
  const buffer = Buffer.alloc(8)
  const message = receiveMessage(right, buffer)
  if (message === 'again') throw new Error('nothing to receive')
  expect(message).toMatchObject({ length: 5, truncated: false })
  expect(buffer.toString('latin1', 0, 5)).toBe('hello')
  const [gotFirst, gotSecond] = message.fds
  if (gotFirst === undefined || gotSecond === undefined) throw new Error('descriptors are missing')
  expect(fstatSync(gotFirst.number).rdev).toBe(fstatSync(first.number).rdev)
  expect(message.fds.map(isCloseOnExec)).toEqual([true, true])
  second.close()
  writeFd(far, Buffer.from('through'))
  expect(readFd(gotSecond, buffer)).toBe(7)
  for (const fd of [...message.fds, far, left, right]) fd.close()
})

test('a socket without descriptors carries bytes, then says again, then the end', () => {
  const [left, right] = socketPair('stream')
  expect(sendMessage(left, Buffer.from('abc'))).toBe(3)
  expect(mustReceive(right)).toEqual({ length: 3, fds: [], truncated: false })
  expect(receiveMessage(right, Buffer.alloc(8))).toBe('again')
  left.close()
  expect(mustReceive(right)).toEqual({ length: 0, fds: [], truncated: false })
  right.close()
})

test('253 descriptors fit into one message, 254 are refused', () => {
  const [left, right] = socketPair('seqpacket')
  using file = nullDevice()
  const many = Array.from({ length: 253 }, () => file)
  sendMessage(left, Buffer.of(1), many)
  const message = mustReceive(right)
  expect([message.fds.length, message.truncated]).toEqual([253, false])
  for (const fd of message.fds) fd.close()
  expect(() => sendMessage(left, Buffer.of(1), [...many, file])).toThrow('fds: 254')
  left.close()
  right.close()
})

test('descriptors without bytes and an empty receive buffer are refused', () => {
  const [left, right] = socketPair('stream')
  expect(() => sendMessage(left, Buffer.of(), [right])).toThrow('bytes:')
  expect(() => receiveMessage(right, Buffer.of())).toThrow(expect.objectContaining({ code: 'EINVAL' }))
  left.close()
  right.close()
})

test('a message that does not fit is truncated, and its descriptors are closed', async () => {
  const [left, right] = socketPair('seqpacket')
  using file = nullDevice()
  const before = openNumbers()
  sendMessage(left, Buffer.alloc(100), [file, file])
  expect(mustReceive(right, 10)).toEqual({ length: 10, fds: [], truncated: true })
  while (openNumbers() > before) await new Promise((done) => setTimeout(done, 1))
  expect(existsSync(`/proc/self/fd/${file.number}`)).toBe(true)
  left.close()
  right.close()
})

test('the pieces of a stream keep their order, and descriptors come no later than their bytes', () => {
  const [left, right] = socketPair('stream')
  using file = nullDevice()
  sendMessage(left, Buffer.from('A'), [file])
  sendMessage(left, Buffer.from('B'))
  sendMessage(left, Buffer.from('C'), [file, file])
  sendMessage(left, Buffer.from('D'))
  let text = ''
  const buffer = Buffer.alloc(64)
  const taken: Fd[] = []
  const enough: boolean[] = []
  for (;;) {
    const message = receiveMessage(right, buffer)
    if (message === 'again') break
    text += buffer.toString('latin1', 0, message.length)
    taken.push(...message.fds)
    // The descriptors of a letter are there when the letter is.
    enough.push(taken.length >= (text.includes('C') ? 3 : text.includes('A') ? 1 : 0))
  }
  expect(enough).not.toContain(false)
  expect([text, taken.length]).toEqual(['ABCD', 3])
  for (const fd of [...taken, left, right]) fd.close()
})

test('sending never waits, and never kills with SIGPIPE', () => {
  const [left, right] = socketPair('seqpacket')
  let result: number | 'again' = 0
  for (let count = 0; result !== 'again' && count < 10_000; count++)
    result = sendMessage(left, Buffer.alloc(4096))
  expect(result).toBe('again')
  while (receiveMessage(right, Buffer.alloc(4096)) !== 'again');
  right.close()
  expect(() => sendMessage(left, Buffer.of(1))).toThrow(expect.objectContaining({ code: 'EPIPE' }))
  left.close()
})

test('a packet above the send buffer is EMSGSIZE; a stream takes a part of it', () => {
  const [left, right] = socketPair('seqpacket')
  expect(() => sendMessage(left, Buffer.alloc(1 << 22))).toThrow(
    expect.objectContaining({ code: 'EMSGSIZE' }),
  )
  left.close()
  right.close()
  const [near, far] = socketPair('stream')
  const sent = sendMessage(near, Buffer.alloc(1 << 22))
  expect(sent).toBeGreaterThan(0)
  expect(sent).toBeLessThan(1 << 22)
  near.close()
  far.close()
})

test('a peer that closed with unread data is ECONNRESET', () => {
  const [left, right] = socketPair('stream')
  setNonBlocking(left, true)
  sendMessage(left, Buffer.of(1))
  right.close()
  expect(() => receiveMessage(left, Buffer.alloc(8))).toThrow(expect.objectContaining({ code: 'ECONNRESET' }))
  left.close()
})
