import { type AddressInfo, type Server, type Socket as NodeSocket, createServer } from 'node:net'
import dns from 'node:dns'
import { type Socket as NodeUdp, createSocket } from 'node:dgram'
import { fstatSync, readlinkSync } from 'node:fs'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { TcpSocket } from './tcp-socket.ts'
import { UdpSocket } from './udp-socket.ts'

const code = (number: number): unknown => expect.objectContaining({ code: number })
const text = (buffer: ArrayBuffer): string => Buffer.from(buffer).toString()
const freely = (): Promise<void> => Promise.resolve()
const isSocket = (fd: number): boolean => readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')
const sockets = (): number =>
  Array.from({ length: 64 }, (_, fd) => fd).filter((fd) => {
    try {
      return fstatSync(fd).isSocket()
    } catch {
      return false
    }
  }).length

interface Received {
  message: ArrayBuffer
  remoteInfo: { address: string; family: string; port: number; size: number }
}

let before: number
beforeEach(() => {
  before = sockets()
})
afterEach(() => {
  expect(sockets()).toBe(before)
})

describe.each([
  { family: 4, loopback: '127.0.0.1', familyNumber: 1 },
  { family: 6, loopback: '::1', familyNumber: 2 },
])('UDP over IPv$family', ({ family, loopback, familyNumber }) => {
  let echo: NodeUdp
  let port: number
  beforeEach(async () => {
    echo = createSocket(family === 4 ? 'udp4' : 'udp6')
    echo.on('message', (bytes, from) => echo.send(bytes, from.port, from.address))
    echo.bind(0, loopback)
    await once(echo, 'listening')
    ;({ port } = echo.address())
  })
  afterEach(async () => {
    echo.close()
    await once(echo, 'close')
  })

  test('packets go and come, and the descriptor is a socket from bind on', async () => {
    const socket = new UdpSocket(freely)
    expect(await socket.getSocketFd()).toBe(-1)
    let listening = 0
    socket.on('listening', () => listening++)
    await socket.bind({ address: loopback, family: familyNumber })
    expect(listening).toBe(1)
    expect(isSocket((await socket.getSocketFd()) ?? -1)).toBe(true)
    expect(await socket.getState()).toEqual({ isBound: true, isClose: false, isConnected: false })
    const answer = new Promise<Received>((resolve) => socket.on('message', resolve))
    await socket.send({ data: 'hello', address: { address: loopback, port } })
    const { message, remoteInfo } = await answer
    expect(text(message)).toBe('hello')
    expect(remoteInfo).toEqual({ address: loopback, family: `IPv${family}`, port, size: 5 })
    expect(await socket.getLocalAddress()).toEqual({
      address: loopback,
      family: familyNumber,
      port: expect.any(Number),
    })
    await socket.close()
    await socket.close()
    expect(await socket.getState()).toMatchObject({ isClose: true })
    await expect(socket.send({ data: 'x', address: { address: loopback, port } })).rejects.toEqual(
      code(2301009),
    )
  })
})

describe.each([
  { family: 4, loopback: '127.0.0.1', familyNumber: 1 },
  { family: 6, loopback: '::1', familyNumber: 2 },
])('TCP over IPv$family', ({ loopback, familyNumber }) => {
  let echo: Server
  let port: number
  const accepted: NodeSocket[] = []
  beforeEach(async () => {
    echo = createServer((socket) => {
      accepted.push(socket)
      socket.on('error', () => undefined)
      socket.pipe(socket)
    })
    echo.listen(0, loopback)
    await once(echo, 'listening')
    port = (echo.address() as AddressInfo).port
  })
  afterEach(async () => {
    for (const socket of accepted.splice(0)) socket.destroy()
    echo.close()
    await once(echo, 'close')
  })

  test('the descriptor exists before anything is sent, and is the one that connects', async () => {
    const socket = new TcpSocket(freely)
    await socket.bind({ address: loopback, family: familyNumber })
    const fd = (await socket.getSocketFd()) ?? -1
    expect(isSocket(fd)).toBe(true)
    const { ino } = fstatSync(fd)
    // Long enough for a read of an unconnected socket to have failed.
    await new Promise((resolve) => setTimeout(resolve, 20))
    await socket.connect({ address: { address: loopback, port } })
    expect(await socket.getSocketFd()).toBe(fd)
    expect(fstatSync(fd).ino).toBe(ino)
    expect(await socket.getRemoteAddress()).toEqual({ address: loopback, family: familyNumber, port })
    const answer = new Promise<Received>((resolve) => socket.on('message', resolve))
    await socket.send({ data: new TextEncoder().encode('hello').buffer })
    expect(text((await answer).message)).toBe('hello')
    const closed = new Promise((resolve) => socket.on('close', () => resolve(true)))
    await socket.close()
    expect(await closed).toBe(true)
  })

  test('a name that takes long to look up', async () => {
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
      const answer = args.at(-1) as (error: null, address: string, family: number) => void
      setTimeout(() => answer(null, loopback, familyNumber === 1 ? 4 : 6), 20)
    })
    const socket = new TcpSocket(freely)
    await socket.connect({ address: { address: 'slow.example', family: familyNumber, port } })
    expect(lookup).toHaveBeenCalledOnce()
    lookup.mockRestore()
    const answer = new Promise<Received>((resolve) => socket.on('message', resolve))
    await socket.send({ data: 'hello' })
    expect(text((await answer).message)).toBe('hello')
    await socket.close()
  })

  test('bind chooses the local port', async () => {
    const [first, second] = [new TcpSocket(freely), new TcpSocket(freely)]
    await first.connect({ address: { address: loopback, port } })
    const { port: free } = await first.getLocalAddress()
    await first.close()
    await second.bind({ address: loopback, family: familyNumber, port: (free % 60_000) + 1025 })
    await second.connect({ address: { address: loopback, port } })
    expect(await second.getLocalAddress()).toMatchObject({ port: (free % 60_000) + 1025 })
    await second.close()
  })

  test('nobody listening: 2301111, through the promise and through the callback', async () => {
    echo.close()
    const socket = new TcpSocket(freely)
    await expect(socket.connect({ address: { address: loopback, port } })).rejects.toEqual(code(2301111))
    const other = new TcpSocket(freely)
    const error = await new Promise(
      (resolve) => void other.connect({ address: { address: loopback, port } }, resolve),
    )
    expect(error).toEqual(code(2301111))
    echo.listen(0, loopback)
  })

  test('closing while it connects ends the connect', async () => {
    const socket = new TcpSocket(freely)
    const connecting = socket.connect({ address: { address: loopback, port } })
    const closing = socket.close()
    await Promise.allSettled([connecting, closing])
    expect(await socket.getState()).toMatchObject({ isClose: true })
  })

  test('a bound socket that never connects is closed', async () => {
    const socket = new TcpSocket(freely)
    await socket.bind({ address: loopback, family: familyNumber })
    await socket.close()
    expect(await socket.getState()).toEqual({ isBound: false, isClose: true, isConnected: false })
  })
})

test.each([
  ['no address', (socket: UdpSocket): unknown => socket.bind({})],
  ['a port out of range', (socket: UdpSocket): unknown => socket.bind({ address: '::', port: 65_536 })],
  ['a family that is none', (socket: UdpSocket): unknown => socket.bind({ address: '::', family: 10 })],
  ['an unknown event', (socket: UdpSocket): unknown => socket.on('nonsense', () => undefined)],
  ['no function', (socket: UdpSocket): unknown => socket.on('message', 1)],
  ['no data', (socket: UdpSocket): unknown => socket.send({ address: { address: '::1', port: 1 } })],
])('%s throws 401 at once', (_name, use) => {
  expect(() => use(new UdpSocket(freely))).toThrow(code(401))
})

test('an option that is not provided is refused by name', () => {
  expect(() => new UdpSocket(freely).setExtraOptions({ multicastLoopback: 1 })).toThrow(
    expect.objectContaining({
      code: 801,
      data: expect.objectContaining({ field: 'options.multicastLoopback' }),
    }),
  )
})

test('an address that is not ours: 2301099, and the socket can be bound again', async () => {
  const socket = new UdpSocket(freely)
  await expect(socket.bind({ address: '192.0.2.1' })).rejects.toEqual(code(2301099))
  await socket.bind({ address: '127.0.0.1' })
  await socket.close()
})

test('of an event the listener that came last hears; off takes away that one, or whichever there is', async () => {
  const socket = new UdpSocket(freely)
  const heard: string[] = []
  const [first, second] = ['first', 'second'].map((word) => (): number => heard.push(word))
  socket.on('listening', first)
  socket.on('listening', second)
  socket.off('listening', first)
  await socket.bind({ address: '127.0.0.1' })
  expect(heard).toEqual(['second'])
  await socket.close()
  socket.off('listening', second)
  await socket.bind({ address: '127.0.0.1' })
  await socket.close()
  socket.on('listening', first)
  socket.off('listening')
  await socket.bind({ address: '127.0.0.1' })
  await socket.close()
  expect(heard).toEqual(['second'])
})
