import { openSync, readFileSync } from 'node:fs'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../../test/open-fds.ts'
import { readFd, setNonBlocking } from '../fd-io.ts'
import { Fd } from '../fd.ts'
import { inetSocket } from '../inet-socket.ts'
import { bindInet } from '../socket-binding.ts'
import { localName, peerName } from '../socket-name.ts'
import { errnoNumber } from '../system-error.ts'
import { socketPair } from '../unix-socket.ts'
import { readBootClockAt } from './boot-clock.ts'
import { duplicateDescriptor } from './duplicate.ts'
import { eventFd, signalEventFd } from './event-fd.ts'
import { memoryAddress } from './memory.ts'
import { receiveMessagesAt, sendMessagesAt } from './messages.ts'
import { bootTimerFd, setBootTimerAt } from './timer-fd.ts'
import { pollAt, readAt, writeAt, writeVectorAt } from './transfer.ts'
import {
  connectInet,
  hasUdpSegmentation,
  setDualStack,
  setSocketBuffers,
  setUdpReceiveOffload,
  sourceAddressTo,
} from './udp-options.ts'

afterEach(expectNoOpenFds)

const memory = Buffer.alloc(65536)
const base = memoryAddress(memory)

/** Writes pointers and lengths as the kernel's structures hold them. */
function words(at: number, ...values: number[]): void {
  for (const [index, value] of values.entries()) memory.writeBigUInt64LE(BigInt(value), at + index * 8)
}

test('bytes go from one address to another', () => {
  const [left, right] = socketPair('stream')
  setNonBlocking(right, true)
  expect(readAt(right.number, base, 10)).toBe(-errnoNumber('EAGAIN'))
  memory.write('hello, world', 1000)
  expect(writeAt(left.number, base + 1000, 5)).toBe(5)
  words(0, base + 1007, 5, base + 1000, 3)
  expect(writeVectorAt(left.number, base, 2)).toBe(8)
  expect(readAt(right.number, base + 2000, 100)).toBe(13)
  expect(memory.toString('latin1', 2000, 2013)).toBe('helloworldhel')
  left.close()
  right.close()
  expect(writeAt(-1, base, 1)).toBe(-errnoNumber('EBADF'))
  expect(writeVectorAt(-1, base, 1)).toBe(-errnoNumber('EBADF'))
})

test('poll tells who is ready, and an event descriptor wakes it', () => {
  using event = eventFd()
  const entry = (): number => {
    memory.writeInt32LE(event.number, 0)
    memory.writeInt32LE(1, 4)
    return pollAt(base, 1, 0)
  }
  expect(entry()).toBe(0)
  signalEventFd(event)
  signalEventFd(event)
  expect(entry()).toBe(1)
  expect(memory.readInt16LE(6)).toBe(1)
  const count = new Uint8Array(8)
  expect(readFd(event, count)).toBe(8)
  expect(count[0]).toBe(2)
  expect(entry()).toBe(0)
})

test('poll waits for a moment of the clock that counts while the machine sleeps', () => {
  using timer = bootTimerFd()
  memory.writeInt32LE(timer.number, 0)
  memory.writeInt32LE(1, 4)
  const set = (seconds: number): number => {
    readBootClockAt(base + 116)
    words(100, 0, 0)
    memory.writeBigUInt64LE(memory.readBigUInt64LE(116) + BigInt(seconds), 116)
    return setBootTimerAt(timer.number, base + 100)
  }
  expect([set(3600), pollAt(base, 1, 0)]).toEqual([0, 0])
  // CLOCK_BOOTTIME.
  expect(readFileSync(`/proc/self/fdinfo/${timer.number}`, 'utf8')).toMatch(/^clockid: 7$/m)
  expect([set(0), pollAt(base, 1, 10_000)]).toEqual([0, 1])
  expect([set(3600), pollAt(base, 1, 0)]).toEqual([0, 0])
  expect(setBootTimerAt(-1, base + 100)).toBe(-errnoNumber('EBADF'))
})

test('several messages are sent and received by one call each', () => {
  using sender = inetSocket(4, 'dgram')
  using receiver = inetSocket(4, 'dgram')
  bindInet(receiver, '127.0.0.1', 0)
  const name = localName(receiver)
  if (name.family !== 4) throw new Error('not IPv4')
  connectInet(sender, '127.0.0.1', name.port)
  // struct mmsghdr, 64 bytes: name, its length, vector, 1, control, its length, flags; then the length of the message.
  const prepare = (bytesAt: number, length: number): void => {
    for (let index = 0; index < 3; index++) {
      words(index * 64, 0, 0, base + 1000 + index * 16, 1, 0, 0, 0, 0)
      words(1000 + index * 16, base + bytesAt + index * 100, length)
    }
  }
  memory.fill('abc', 2000, 2300)
  prepare(2000, 9)
  expect(sendMessagesAt(sender.number, base, 3)).toBe(3)
  prepare(3000, 100)
  expect(receiveMessagesAt(receiver.number, base, 3)).toBe(3)
  for (let index = 0; index < 3; index++) {
    expect(memory.readUInt32LE(index * 64 + 56)).toBe(9)
    expect(
      memory.compare(memory, 2000 + index * 100, 2009 + index * 100, 3000 + index * 100, 3009 + index * 100),
    ).toBe(0)
  }
  expect(receiveMessagesAt(receiver.number, base, 3)).toBe(-errnoNumber('EAGAIN'))
  expect(sendMessagesAt(-1, base, 1)).toBe(-errnoNumber('EBADF'))
})

test('a number is duplicated whoever owns it', () => {
  using owned = Fd.adopt(openSync('/dev/null', 'r'))
  using copy = duplicateDescriptor(owned.number)
  expect(copy.number).not.toBe(owned.number)
  expect(() => duplicateDescriptor(999_999)).toThrow('EBADF')
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 31])
    expect(() => duplicateDescriptor(wrong)).toThrow(RangeError)
})

test('UDP offloads are found, other sockets have none', () => {
  using udp = inetSocket(4, 'dgram')
  expect([
    hasUdpSegmentation(udp),
    setUdpReceiveOffload(udp, true),
    setUdpReceiveOffload(udp, false),
  ]).toEqual([true, true, true])
  using tcp = inetSocket(4, 'stream')
  expect([hasUdpSegmentation(tcp), setUdpReceiveOffload(tcp, true)]).toEqual([false, false])
})

test('socket buffers grow, and wrong sizes are named', () => {
  using udp = inetSocket(4, 'dgram')
  const small = setSocketBuffers(udp, { receive: 20_000, send: 30_000 })
  expect(small).toEqual({ receive: 40_000, send: 60_000 })
  expect(() => setSocketBuffers(udp, { receive: 0, send: 1 })).toThrow('receive')
  expect(() => setSocketBuffers(udp, { receive: 1, send: 2 ** 31 })).toThrow('send')
})

test('an IPv6 socket is bound for both families only when asked to', () => {
  for (const both of [false, true]) {
    using six = inetSocket(6, 'dgram')
    setDualStack(six, both)
    bindInet(six, '::', 0)
    const name = localName(six)
    if (name.family !== 6) throw new Error('not IPv6')
    using four = inetSocket(4, 'dgram')
    const bind = (): void => bindInet(four, '127.0.0.1', name.port)
    if (both) expect(bind).toThrow('EADDRINUSE')
    else expect(bind).not.toThrow()
  }
})

test('a route is found without a peer being fixed', () => {
  using near = inetSocket(4, 'dgram', { nonBlocking: true })
  bindInet(near, '127.0.0.1', 0)
  expect(sourceAddressTo(near, '127.0.0.2')).toBe('127.0.0.1')
  // From an address of the loopback interface nothing else can be reached, and the source is fixed.
  expect(sourceAddressTo(near, '192.0.2.1')).toBeUndefined()
  expect(peerName(near)).toBeUndefined()
  expect(() => sourceAddressTo(near, '127.1')).toThrow('address')
  using free = inetSocket(4, 'dgram')
  bindInet(free, '0.0.0.0', 0)
  for (const address of ['127.0.0.9', '127.0.0.8']) expect(sourceAddressTo(free, address)).toBe('127.0.0.1')
})

test('a link-local peer has an interface', () => {
  using udp = inetSocket(6, 'dgram')
  const connect = (scope?: number): void => connectInet(udp, 'fe80::1', 9, scope)
  expect(() => connect()).toThrow('EINVAL')
  // Interface 1 is the loopback interface, which may have no such network.
  expect(() => connect(1)).not.toThrow('EINVAL')
})

test('wrong peers are named', () => {
  using udp = inetSocket(4, 'dgram')
  expect(() => connectInet(udp, '127.1', 1)).toThrow('address')
  expect(() => connectInet(udp, '127.0.0.1', 0)).toThrow('port')
})
