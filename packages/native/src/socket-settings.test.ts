import { expect, test } from 'vitest'

import { inetSocket } from './inet-socket.ts'
import { readFd } from './fd-io.ts'
import { bindInet } from './socket-binding.ts'
import { numberOption } from './socket-option.ts'
import {
  setLinger,
  setSocketBuffer,
  setSocketFlag,
  setSocketTimeout,
  socketBuffer,
  socketFlag,
} from './socket-settings.ts'

test.each(['reuseAddress', 'broadcast', 'keepAlive', 'outOfBandInline'] as const)(
  '%s can be set and read',
  (flag) => {
    using socket = inetSocket(4, flag === 'broadcast' ? 'dgram' : 'stream')
    expect(socketFlag(socket, flag)).toBe(false)
    setSocketFlag(socket, flag, true)
    expect(socketFlag(socket, flag)).toBe(true)
  },
)

test('the kernel doubles the size of a buffer', () => {
  using socket = inetSocket(4, 'dgram')
  for (const direction of ['send', 'receive'] as const) {
    setSocketBuffer(socket, direction, 10_000)
    expect(socketBuffer(socket, direction)).toBe(20_000)
  }
})

test('linger has a time, or none', () => {
  using socket = inetSocket(4, 'stream')
  setLinger(socket, 5)
  expect(numberOption(socket, 13)).toBe(1)
  setLinger(socket, undefined)
  expect(numberOption(socket, 13)).toBe(0)
})

test('a blocking receive ends after the time-out', () => {
  using socket = inetSocket(4, 'dgram')
  bindInet(socket, '127.0.0.1', 0)
  setSocketTimeout(socket, 30)
  const start = performance.now()
  expect(readFd(socket, Buffer.alloc(1))).toBe('again')
  expect(performance.now() - start).toBeGreaterThan(20)
})
