import {
  Fd,
  Rtnetlink,
  createNetworkNamespace,
  describeTun,
  inetSocket,
  openFds,
  openTun,
  withNetworkNamespace,
} from '@vpnext/native'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { type PacketIo, fileIoOf, goodConfig, testKits, vpnExtensionOf } from '../../test/test-runtime.ts'
import { echoRequest, isEchoReply } from '../../test/echo.ts'
import type { Kits } from '../kits.ts'
import type { VpnConnection } from './vpn-connection.ts'

let network: Fd
let kits: Kits
let fileIo: PacketIo
let connection: VpnConnection
let protectedSockets: number[]
let created: number
let destroyed: number

beforeEach(() => {
  network = createNetworkNamespace()
  created = 0
  destroyed = 0
  protectedSockets = []
  ;({ kits } = testKits({
    createVpn: () => Promise.resolve({ fd: tun(`tun${created++}`), interfaceName: 'tun' }),
    destroyVpn: () => {
      destroyed++
      return Promise.resolve()
    },
    protect: (socket) => {
      protectedSockets.push(fstatSync(socket.number).ino)
      return Promise.resolve()
    },
  }))
  fileIo = fileIoOf(kits)
  connection = vpnExtensionOf(kits).createVpnConnection(kits.context)
})

afterEach(() => {
  kits[Symbol.dispose]()
  network.close()
  expect(openFds()).toBe(0)
})

/** A TUN that is up, has 10.0.0.5/24 and answers pings, as the service would make it. */
function tun(name: string): Fd {
  return withNetworkNamespace(network, () => {
    const { fd } = openTun({ name })
    using netlink = Rtnetlink.open()
    const index = netlink.links().find((link) => link.name === name)?.index ?? 0
    netlink.apply([
      { op: 'setLink', index, addrGenModeNone: true },
      { op: 'addAddress', index, address: '10.0.0.5', prefixLength: 24 },
      { op: 'setLink', index, up: true },
    ])
    return fd
  })
}

/** Opens another file under a number that has become free. */
function occupy(number: number): number {
  const lower: number[] = []
  let fd = openSync('/dev/null', 'r')
  for (; fd < number; fd = openSync('/dev/null', 'r')) lower.push(fd)
  for (const other of lower) closeSync(other)
  expect(fd).toBe(number)
  return fd
}

const isOpen = (fd: number): boolean => {
  try {
    fstatSync(fd)
    return true
  } catch {
    return false
  }
}

test('create gives a descriptor from which fileIo reads one packet per call', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  expect(fd).toBeGreaterThan(0)
  const buffer = new ArrayBuffer(1500)
  expect(() => fileIo.readSync(fd, buffer)).toThrow(expect.objectContaining({ code: 13900010 }))
  await expect(fileIo.read(fd, buffer)).rejects.toMatchObject({ code: 13900010, message: 'Try again' })
  for (const sequence of [1, 2]) {
    const request = echoRequest('10.0.0.9', '10.0.0.5', sequence)
    expect(fileIo.writeSync(fd, request)).toBe(request.byteLength)
  }
  for (const sequence of [1, 2]) {
    const length = fileIo.readSync(fd, buffer)
    expect(isEchoReply(new Uint8Array(buffer, 0, length), sequence)).toBe(true)
  }
})

test('destroy closes the descriptor once, and may be repeated by any connection', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  await connection.destroy()
  expect(isOpen(fd)).toBe(false)
  // The number belongs to somebody else now; a second destroy must leave it alone.
  const reused = occupy(fd)
  const other = vpnExtensionOf(kits).createVpnConnection(kits.context)
  await other.destroy()
  expect(isOpen(reused)).toBe(true)
  closeSync(reused)
})

test('a descriptor that the extension closed as a file is not closed again', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  fileIo.closeSync(fd)
  expect(isOpen(fd)).toBe(false)
  const reused = occupy(fd)
  await connection.destroy()
  expect(isOpen(reused)).toBe(true)
  closeSync(reused)
})

test('a descriptor that native code closed behind our back is not closed again', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  closeSync(fd)
  const reused = occupy(fd)
  await connection.destroy()
  expect(isOpen(reused)).toBe(true)
  closeSync(reused)
})

test('under the number of a descriptor that native code has closed, a socket is protected and the kits may open files', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  closeSync(fd)
  const others: Fd[] = []
  let socket = inetSocket(4, 'dgram')
  for (; socket.number !== fd; socket = inetSocket(4, 'dgram')) others.push(socket)
  for (const other of others) other.close()
  socket.release()
  await connection.protect(fd)
  expect(protectedSockets).toEqual([fstatSync(fd).ino])
  closeSync(fd)
  using own = Fd.adopt(occupy(fd))
  await connection.destroy()
  expect(isOpen(own.number)).toBe(true)
})

test('fileIo.dup gives a second descriptor of the tunnel, which stays when the first goes', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  const files: unknown = Reflect.get(kits.load('@kit.CoreFileKit') ?? {}, 'fileIo')
  const copy = (files as { dup(fd: number): { fd: number } }).dup(fd)
  await connection.destroy()
  expect([isOpen(fd), isOpen(copy.fd)]).toEqual([false, true])
  fileIo.closeSync(copy.fd)
})

test('the descriptor of a tunnel that is gone stays open until the next create', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  kits.tunnelGone('', 'the test says so')
  expect(isOpen(fd)).toBe(true)
  const next = (await connection.create(goodConfig)) ?? -1
  expect(isOpen(fd) && fd !== next).toBe(false)
  expect(isOpen(next)).toBe(true)
})

test('a tunnel that is gone is destroyed without the service', async () => {
  const fd = (await connection.create(goodConfig)) ?? -1
  await connection.destroy()
  expect(destroyed).toBe(1)
  const again = (await connection.create(goodConfig)) ?? -1
  kits.tunnelGone('', 'the test says so')
  await connection.destroy()
  expect([destroyed, isOpen(fd), isOpen(again)]).toEqual([1, false, false])
})

test('tunnels with different ids live side by side', async () => {
  const first = (await connection.create({ ...goodConfig, vpnId: 'a' })) ?? -1
  const second = (await connection.create({ ...goodConfig, vpnId: 'b' })) ?? -1
  await connection.destroy('a')
  expect([isOpen(first), isOpen(second)]).toEqual([false, true])
})

test('protect sends the very socket and leaves it open and usable', async () => {
  for (const family of [4, 6] as const) {
    using socket = inetSocket(family, 'dgram')
    const number = socket.release()
    await connection.protect(number)
    expect(protectedSockets.at(-1)).toBe(fstatSync(number).ino)
    closeSync(number)
  }
})

test('protect rejects 2203004 for files, tunnels and Unix sockets', async () => {
  const file = openSync('/dev/null', 'r')
  const fd = await connection.create(goodConfig)
  for (const number of [file, fd]) {
    await expect(connection.protect(number)).rejects.toMatchObject({
      code: 2203004,
      data: { field: 'socketFd' },
    })
  }
  expect(isOpen(file) && isOpen(fd ?? -1)).toBe(true)
  expect(protectedSockets).toEqual([])
  closeSync(file)
})

test('the tunnel of this test is a real one', async () => {
  const fd = tun('control')
  expect(withNetworkNamespace(network, () => describeTun(fd)).name).toBe('control')
  fd.close()
})
