import { execFileSync } from 'node:child_process'

import { afterEach, expect, test } from 'vitest'

import { errorCode } from '../test/error-code.ts'
import { expectNoOpenFds } from '../test/open-fds.ts'
import { isCloseOnExec, isNonBlocking, readFd, writeFd } from './fd-io.ts'
import type { Fd } from './fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from './namespace.ts'
import { socketPair } from './unix-socket.ts'
import { describeTun, openTun, setTunOffload, type TunOptions } from './tun.ts'
import { type Ready, watchFd } from './watch-fd.ts'

afterEach(expectNoOpenFds)

/** Opens a TUN in `namespace`. */
const tunIn = (namespace: Fd, options: TunOptions): { fd: Fd; name: string } =>
  withNetworkNamespace(namespace, () => openTun(options))

/** iproute2 as a second opinion and to configure links. */
const ip = (namespace: Fd, ...args: string[]): string =>
  withNetworkNamespace(namespace, () => execFileSync('ip', args, { encoding: 'utf8' }))

/** An IPv4 UDP packet without checksums in its UDP header: 10.9.0.2:1000 -> 10.9.0.1:2000. */
function packet(text: string): Buffer {
  const bytes = Buffer.alloc(28 + text.length)
  bytes.set([0x45, 0, 0, bytes.length, 0, 0, 0, 0, 64, 17, 0, 0, 10, 9, 0, 2, 10, 9, 0, 1])
  let sum = 0
  for (let at = 0; at < 20; at += 2) sum += bytes.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  bytes.writeUInt16BE(~sum & 0xffff, 10)
  bytes.writeUInt16BE(1000, 20)
  bytes.writeUInt16BE(2000, 22)
  bytes.writeUInt16BE(8 + text.length, 24)
  bytes.write(text, 28)
  return bytes
}

/** Reads until an IPv4 packet comes (the kernel sends IPv6 ones of its own), or undefined. */
async function nextIPv4(fd: Fd): Promise<Buffer> {
  const buffer = Buffer.alloc(2000)
  return new Promise((done) => {
    const watch = watchFd(fd, { readable: true }, () => {
      for (let length = readFd(fd, buffer); length !== 'again'; length = readFd(fd, buffer)) {
        if ((buffer[0] ?? 0) >> 4 !== 4) continue
        watch[Symbol.dispose]()
        done(Buffer.from(buffer.subarray(0, length)))
        return
      }
    })
  })
}

test('raw IP packets go in and out, without a header', async () => {
  using namespace = createNetworkNamespace()
  const opened = tunIn(namespace, { name: 'vpn%d' })
  using fd = opened.fd
  expect(opened.name).toBe('vpn0')
  expect([isCloseOnExec(fd), isNonBlocking(fd)]).toEqual([true, true])
  expect(describeTun(fd)).toEqual({ name: 'vpn0', vnetHeader: false, multiQueue: false })
  ip(namespace, 'address', 'add', '10.9.0.1/24', 'dev', 'vpn0')
  ip(namespace, 'link', 'set', 'vpn0', 'up')
  // Nobody listens on the port, so the kernel answers with ICMP "port unreachable" that quotes the packet.
  const sent = packet('hello')
  expect(writeFd(fd, sent)).toBe(sent.length)
  const answer = await nextIPv4(fd)
  expect([answer[9], answer[20], answer[21]]).toEqual([1, 3, 3])
  expect(answer.subarray(28).toString('latin1')).toContain('hello')
})

test('a name is taken once, unless both openers ask for several queues', () => {
  using namespace = createNetworkNamespace()
  using first = tunIn(namespace, { name: 'single', blocking: true }).fd
  expect(isNonBlocking(first)).toBe(false)
  expect(() => tunIn(namespace, { name: 'single' })).toThrow(
    expect.objectContaining({ code: 'EBUSY', syscall: 'TUNSETIFF', detail: 'single' }),
  )
  using queue = tunIn(namespace, { name: 'many', multiQueue: true }).fd
  using another = tunIn(namespace, { name: 'many', multiQueue: true }).fd
  expect([describeTun(queue), describeTun(another)]).toEqual(
    Array.from({ length: 2 }, () => ({ name: 'many', vnetHeader: false, multiQueue: true })),
  )
})

test('a persistent device that somebody else prepared is not taken over', () => {
  using namespace = createNetworkNamespace()
  ip(namespace, 'tuntap', 'add', 'dev', 'prepared', 'mode', 'tun')
  expect(() => tunIn(namespace, { name: 'prepared' })).toThrow(expect.objectContaining({ code: 'EBUSY' }))
})

test.each(['', 'sixteen-bytes-xx', 'a\0b'])('the name %j is refused before the kernel is asked', (name) => {
  expect(() => openTun({ name })).toThrow('name:')
})

test.each(['a/b', '..', 'a b'])('the name %j is refused by the kernel', (name) => {
  using namespace = createNetworkNamespace()
  expect(() => tunIn(namespace, { name })).toThrow(expect.objectContaining({ code: 'EINVAL' }))
})

test('offloads are accepted, unknown ones are not', () => {
  using namespace = createNetworkNamespace()
  using fd = tunIn(namespace, { name: 'fast', vnetHeader: true }).fd
  expect(describeTun(fd).vnetHeader).toBe(true)
  setTunOffload(fd, 1 | 2 | 4)
  expect(() => setTunOffload(fd, 0x40000000)).toThrow(expect.objectContaining({ code: 'EINVAL' }))
})

test('what is no TUN cannot be described', () => {
  const [left, right] = socketPair('stream')
  expect(() => describeTun(left)).toThrow(expect.objectContaining({ syscall: 'TUNGETIFF' }))
  left.close()
  right.close()
})

test('deleting the device ends the watch with a disconnect', async () => {
  using namespace = createNetworkNamespace()
  using fd = tunIn(namespace, { name: 'doomed' }).fd
  const seen: Ready[] = []
  const errors: string[] = []
  const ended = new Promise<void>((done) => {
    watchFd(fd, { readable: true }, (ready) => {
      seen.push(ready)
      if (ready.disconnect) return done()
      errors.push(errorCode(() => readFd(fd, Buffer.alloc(2000))))
    })
  })
  ip(namespace, 'link', 'delete', 'doomed')
  await ended
  await new Promise((done) => setTimeout(done, 10))
  expect(seen.at(-1)).toEqual({ readable: false, writable: false, disconnect: true })
  expect(seen.filter((ready) => ready.disconnect)).toHaveLength(1)
  expect(errors.at(-1)).toBe('EBADFD')
  expect(() => describeTun(fd)).toThrow(expect.objectContaining({ code: 'EBADFD' }))
})
