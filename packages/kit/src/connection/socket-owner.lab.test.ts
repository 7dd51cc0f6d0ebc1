import {
  Rtnetlink,
  bindInet,
  currentUserNamespaceIsInitial,
  inetSocket,
  unshare,
  withFileIdentity,
} from '@vpnext/native'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { beforeAll, expect, test } from 'vitest'

import { Owned } from '../owned.ts'
import { permitOf } from '../permissions.ts'
import { unconnectedSocket } from '../socket/unconnected-socket.ts'
import { testAbility } from '../../test/test-runtime.ts'
import { AppNet } from './app-net.ts'
import { connectionNamespace } from './connection-namespace.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const connection = connectionNamespace(new Owned(), new AppNet()) as Namespace
const code = (number: number): object => expect.objectContaining({ code: number }) as object
const [tcp, udp] = [6, 17]
const at = (address: string, port?: number): object => ({
  address,
  family: address.includes(':') ? 2 : 1,
  port,
})
const owner = (...args: unknown[]): unknown => connection['getConnectOwnerUidSync']?.(...args)

/** Another than the test's own, where there is one. */
const user = currentUserNamespaceIsInitial() ? 61_234 : (process.getuid?.() ?? 0)
const asUser = <T>(action: () => T): T =>
  withFileIdentity({ uid: user, gid: process.getgid?.() ?? 0 }, action)

// The test has a network of its own: its sockets are all that there are.
beforeAll(() => {
  unshare({ network: true })
  using netlink = Rtnetlink.open()
  const index = netlink.links().find(({ name }) => name === 'lo')?.index ?? 0
  netlink.apply([{ op: 'setLink', index, up: true }])
})

test.each([
  ['127.0.0.1', '127.0.0.1', 4],
  ['::1', '::1', 6],
  // A socket of IPv6 with a connection of IPv4.
  ['127.0.0.1', '::ffff:127.0.0.1', 6],
] as const)(
  'a connection from %s, to %s, belongs to who made its socket',
  async (address, target, family) => {
    const server = createServer((socket) => socket.on('error', () => undefined))
    server.listen(0, address)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const client = unconnectedSocket(
      asUser(() => inetSocket(family, 'stream', { nonBlocking: true })).release(),
    )
    client.connect({ host: target, port, family })
    await once(client, 'connect')
    const ends = [at(address, client.localPort), at(address, port)]
    expect(owner(tcp, ...ends)).toBe(user)
    expect(await connection['getConnectOwnerUid']?.(tcp, ...ends)).toBe(user)
    // The other end is the test's own; any port is found when none is said.
    expect(owner(tcp, ...ends.toReversed())).toBe(process.getuid?.())
    expect(owner(tcp, at(address, client.localPort), at(address))).toBe(user)
    expect(owner(tcp, at(address, client.localPort), at(address, port === 9 ? 10 : 9))).toBe(-1)
    expect(owner(udp, ...ends)).toBe(-1)
    client.destroy()
    server.close()
    await once(server, 'close')
  },
)

test('a UDP socket that is not connected is found by its own end, also at any address', () => {
  for (const [address, own] of [
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
    ['::', '127.0.0.1'],
  ] as const) {
    using socket = asUser(() => inetSocket(address.includes(':') ? 6 : 4, 'dgram'))
    bindInet(socket, address, 5353)
    const remote = own.includes(':') ? '2001:db8::1' : '192.0.2.1'
    expect(owner(udp, at(own, 5353), at(remote, 53)), address).toBe(user)
    expect(owner(udp, at(own, 5354), at(remote, 53))).toBe(-1)
    expect(owner(tcp, at(own, 5353), at(remote, 53))).toBe(-1)
  }
})

test('what is no protocol, address or port is 2100001, in every form, and the permission is asked for', async () => {
  const good = at('127.0.0.1', 1)
  for (const wrong of [
    [1, good, good],
    ['tcp', good, good],
    [tcp, undefined, good],
    [tcp, good, { address: 'name' }],
    [tcp, { address: '127.0.0.1', port: 65_536 }, good],
    [tcp, { address: '127.0.0.1', port: '1' }, good],
    [],
  ]) {
    expect(() => owner(...wrong)).toThrow(code(2100001))
    await expect(connection['getConnectOwnerUid']?.(...wrong)).rejects.toThrow(code(2100001))
  }
  const permit = permitOf({ ...testAbility, permissions: [] })
  const refused = connectionNamespace(new Owned(), new AppNet(), permit) as Namespace
  expect(() => refused['getConnectOwnerUidSync']?.(tcp, good, good)).toThrow(code(201))
  await expect(refused['getConnectOwnerUid']?.(tcp, good, good)).rejects.toThrow(code(201))
})

test('names of other scripts are written for DNS, and read again', () => {
  const [ascii, unicode] = [connection['getDnsAscii'], connection['getDnsUnicode']]
  expect(ascii?.('www.例子.com', 0)).toBe('www.xn--fsqu00a.com')
  expect(unicode?.('www.xn--fsqu00a.com')).toBe('www.例子.com')
  expect(ascii?.('www.example.com')).toBe('www.example.com')
  expect(ascii?.('a_b.example')).toBe('a_b.example')
  expect(() => ascii?.('a_b.example', 2)).toThrow(code(2100001))
  for (const wrong of [[''], [5], ['a', 3], [`${'a'.repeat(64)}.example`], ['xn--']])
    expect(() => ascii?.(...wrong), JSON.stringify(wrong)).toThrow(code(2100001))
})

test('addresses of one family', async () => {
  const resolve = connection['getAddressesByNameWithOptions']
  expect(await resolve?.('127.0.0.1', { family: 1 })).toEqual([{ address: '127.0.0.1', family: 1, port: 0 }])
  expect(await resolve?.('::1')).toEqual([{ address: '::1', family: 2, port: 0 }])
  await expect(resolve?.('127.0.0.1', { family: 2 })).rejects.toThrow(code(2100003))
  await expect(resolve?.('127.0.0.1', { family: 3 })).rejects.toThrow(code(2100001))
  await expect(resolve?.(5)).rejects.toThrow(code(2100001))
  const handle = connection['getDefaultNetSync']?.() as Namespace
  const ofNet = await handle['getAddressesByNameWithOptions']?.('127.0.0.1', { family: 1 })
  expect(ofNet).toEqual([{ address: '127.0.0.1', family: 1, port: 0 }])
})
