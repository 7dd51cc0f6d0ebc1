import { Rtnetlink, openFds, openTun, unshare } from '@vpnext/native'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { Owned } from '../owned.ts'
import { socketNamespace } from '../socket/socket-namespace.ts'
import { AppNet } from './app-net.ts'
import { connectionNamespace } from './connection-namespace.ts'
import { statisticsNamespace } from './statistics.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const code = (number: number): unknown => expect.objectContaining({ code: number })

// The test has a network of its own: nothing here touches the machine's.
beforeAll(() => unshare({ network: true }))

let owned: Owned
let appNet: AppNet
let connection: Namespace & { NetBearType: Record<string, number>; NetCap: Record<string, number> }
beforeEach(() => {
  owned = new Owned()
  appNet = new AppNet()
  connection = connectionNamespace(owned, appNet) as typeof connection
})
afterEach(() => {
  owned[Symbol.dispose]()
  for (const index of ['worse0', 'better0', 'first0', 'second0', 'eth0'].map(indexOf)) {
    using netlink = Rtnetlink.open()
    if (index !== 0) netlink.apply([{ op: 'deleteLink', index }])
  }
  expect(openFds()).toBe(0)
})

/** Makes an interface with an address, and a default route through it. */
function uplink(name: string, address: string, metric: number): number {
  using netlink = Rtnetlink.open()
  // The other end has the name with an x before it.
  netlink.apply([{ op: 'addLink', kind: 'veth', name, peer: { name: `x${name}` } }])
  const index = indexOf(name)
  netlink.apply([
    { op: 'setLink', index: indexOf(`x${name}`), up: true },
    { op: 'setLink', index, up: true, mtu: 1400 },
    { op: 'addAddress', index, address, prefixLength: 24 },
    {
      op: 'addRoute',
      route: { family: 4, destination: '0.0.0.0/0', table: 254, type: 'unicast', index, metric },
    },
  ])
  return index
}

function indexOf(name: string): number {
  using netlink = Rtnetlink.open()
  return netlink.links().find((link) => link.name === name)?.index ?? 0
}

function bringUpLoopback(): void {
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'setLink', index: indexOf('lo'), up: true }])
}

function takeDown(index: number): void {
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'setLink', index, up: false }])
}

test('without an uplink there is no default network', async () => {
  expect(await connection['getDefaultNet']?.()).toMatchObject({ netId: 0 })
  expect(connection['hasDefaultNetSync']?.()).toBe(false)
  expect(connection['getAllNetsSync']?.()).toEqual([])
  expect(() => connection['getConnectionPropertiesSync']?.({ netId: 100 })).toThrow(code(2100001))
  expect(() => connection['getConnectionPropertiesSync']?.('eth0')).toThrow(code(401))
})

test('the default network is the best route, and tells what it is', async () => {
  const worse = uplink('worse0', '10.1.0.2', 200)
  const better = uplink('better0', '10.2.0.2', 100)
  const net = (await connection['getDefaultNet']?.()) as { netId: number }
  expect(net.netId).toBe(100 + better)
  expect(connection['getAllNetsSync']?.()).toMatchObject([{ netId: 100 + better }, { netId: 100 + worse }])
  expect(await connection['getConnectionProperties']?.(net)).toMatchObject({
    interfaceName: 'better0',
    mtu: 1400,
    linkAddresses: expect.arrayContaining([
      { address: { address: '10.2.0.2', family: 1, port: 0 }, prefixLength: 24 },
    ]),
    routes: expect.arrayContaining([expect.objectContaining({ interface: 'better0', isDefaultRoute: true })]),
  })
  const { NetBearType, NetCap } = connection
  expect(connection['getNetCapabilitiesSync']?.(net)).toMatchObject({
    bearerTypes: [NetBearType['BEARER_ETHERNET']],
    networkCap: expect.arrayContaining([NetCap['NET_CAPABILITY_INTERNET'], NetCap['NET_CAPABILITY_NOT_VPN']]),
  })
  expect(connection['isDefaultNetMeteredSync']?.()).toBe(false)
})

test('a VPN is a network, and never the default one', () => {
  const real = uplink('eth0', '10.1.0.2', 100)
  using tun = openTun({ name: 'vpn-tun' }).fd
  expect(tun.closed).toBe(false)
  const index = indexOf('vpn-tun')
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'setLink', index, up: true }])
  const nets = connection['getAllNetsSync']?.() as { netId: number }[]
  expect(nets.map(({ netId }) => netId)).toEqual([100 + real, 100 + index])
  expect(connection['getNetCapabilitiesSync']?.(nets[1])).toMatchObject({
    bearerTypes: [connection.NetBearType['BEARER_VPN']],
  })
})

test('changes of the uplink are told as they happen', async () => {
  const first = uplink('first0', '10.1.0.2', 100)
  const net = connection['createNetConnection']?.() as Namespace
  const heard: [string, number | undefined][] = []
  for (const event of ['netAvailable', 'netCapabilitiesChange', 'netConnectionPropertiesChange', 'netLost']) {
    net['on']?.(event, (value: { netId?: number; netHandle?: { netId: number } }) =>
      heard.push([event, value.netId ?? value.netHandle?.netId]),
    )
  }
  await new Promise((resolve) => net['register']?.(resolve))
  await vi.waitFor(() => expect(heard).toHaveLength(3))
  expect(heard.splice(0)).toEqual([
    ['netAvailable', 100 + first],
    ['netCapabilitiesChange', 100 + first],
    ['netConnectionPropertiesChange', 100 + first],
  ])
  const second = uplink('second0', '10.2.0.2', 50)
  await vi.waitFor(() => expect(heard).toContainEqual(['netConnectionPropertiesChange', 100 + second]))
  expect(heard.splice(0).slice(0, 2)).toEqual([
    ['netLost', 100 + first],
    ['netAvailable', 100 + second],
  ])
  takeDown(second)
  await vi.waitFor(() => expect(heard).toContainEqual(['netAvailable', 100 + first]))
  takeDown(first)
  await vi.waitFor(() => expect(heard.at(-1)).toEqual(['netLost', 100 + first]))
  await expect(net['register']?.()).rejects.toEqual(code(2101008))
  await net['unregister']?.()
  await expect(net['unregister']?.()).rejects.toEqual(code(2101007))
})

test('a connection may want a certain kind of network, and hears when there is none in time', async () => {
  const wifi = { netCapabilities: { bearerTypes: [connection.NetBearType['BEARER_WIFI']] } }
  uplink('eth0', '10.1.0.2', 100)
  const net = connection['createNetConnection']?.(wifi, 30) as Namespace
  const available = vi.fn()
  net['on']?.('netAvailable', available)
  const unavailable = new Promise((resolve) => net['on']?.('netUnavailable', () => resolve(true)))
  await net['register']?.()
  expect(await unavailable).toBe(true)
  expect(available).not.toHaveBeenCalled()
  expect(() => connection['createNetConnection']?.({ netCapabilities: { bearerTypes: 'wifi' } })).toThrow(
    code(401),
  )
})

test('a socket is tied to a network, and leaves by no other interface', async () => {
  const index = uplink('eth0', '10.1.0.2', 100)
  bringUpLoopback()
  const { constructUDPSocketInstance } = socketNamespace(() => Promise.resolve())
  const [receiver, socket, free] = [
    constructUDPSocketInstance(),
    constructUDPSocketInstance(),
    constructUDPSocketInstance(),
  ]
  const heard: string[] = []
  receiver.on('message', ({ message }: { message: ArrayBuffer }) =>
    heard.push(Buffer.from(message).toString()),
  )
  await receiver.bind({ address: '127.0.0.1' })
  const { port } = await receiver.getLocalAddress()
  const net = (await connection['getDefaultNet']?.()) as Namespace
  expect(net['netId']).toBe(100 + index)
  await expect(net['bindSocket']?.(socket)).rejects.toEqual(code(2100001))
  await socket.bind({ address: '0.0.0.0' })
  const send = (from: typeof socket, data: string): unknown =>
    from.send({ data, address: { address: '127.0.0.1', port } })
  await send(socket, 'before')
  await vi.waitFor(() => expect(heard).toEqual(['before']))
  await net['bindSocket']?.(socket)
  await send(socket, 'tied')
  await free.bind({ address: '127.0.0.1' })
  await send(free, 'free')
  await vi.waitFor(() => expect(heard).toEqual(['before', 'free']))
  for (const each of [receiver, socket, free]) await each.close()
  expect(() => net['bindSocket']?.({})).toThrow(code(401))
})

test('names become addresses', async () => {
  expect(await connection['getAddressesByName']?.('127.0.0.1')).toEqual([
    { address: '127.0.0.1', family: 1, port: 0 },
  ])
  await expect(connection['getAddressesByName']?.('no such name')).rejects.toEqual(code(2100003))
})

test('the proxy of the bundle is kept', async () => {
  expect(await connection['getDefaultHttpProxy']?.()).toEqual({ host: '', port: 0, exclusionList: [] })
  connection['setAppHttpProxy']?.({ host: '127.0.0.1', port: 8080, exclusionList: ['a.example'] })
  expect(await connection['getDefaultHttpProxy']?.()).toMatchObject({ host: '127.0.0.1', port: 8080 })
  expect(() => connection['setAppHttpProxy']?.({ host: 'a b', port: 1 })).toThrow(code(2100001))
})

test('statistics are the counters of the kernel', async () => {
  const counts = [{ received: 0, sent: 0 }, { received: 5, sent: 7 }, new Error('no control group')]
  const count = async (): Promise<{ received: number; sent: number }> => {
    const next = counts.shift()
    if (next === undefined || next instanceof Error) throw next ?? new Error('no more')
    return next
  }
  const statistics = statisticsNamespace({ uid: 7, count }) as Namespace
  uplink('eth0', '10.1.0.2', 100)
  const before = (await statistics['getIfaceTxBytes']?.('eth0')) as number
  const { constructUDPSocketInstance } = socketNamespace(() => Promise.resolve())
  const socket = constructUDPSocketInstance()
  await socket.bind({ address: '10.1.0.2' })
  // 100 bytes, 8 of UDP, 20 of IP, 14 of Ethernet.
  await socket.setExtraOptions({ broadcast: true })
  await socket.send({ data: new Uint8Array(100), address: { address: '10.1.0.255', port: 9 } })
  expect(((await statistics['getIfaceTxBytes']?.('eth0')) as number) - before).toBeGreaterThanOrEqual(142)
  // Both ends of the pair are counted, the loopback interface is not.
  const [near, far] = [
    await statistics['getIfaceTxBytes']?.('eth0'),
    await statistics['getIfaceTxBytes']?.('xeth0'),
  ]
  expect(await statistics['getAllTxBytes']?.()).toBeGreaterThanOrEqual((near as number) + (far as number))
  expect(await statistics['getCellularRxBytes']?.()).toBe(0)
  await expect(statistics['getIfaceRxBytes']?.('none')).rejects.toEqual(code(2103012))
  expect([await statistics['getUidRxBytes']?.(7), await statistics['getUidTxBytes']?.(7)]).toEqual([0, 7])
  for (const uid of [7, 8]) await expect(statistics['getUidRxBytes']?.(uid)).rejects.toEqual(code(2103005))
  const fd = await socket.getSocketFd()
  expect(await statistics['getSockfdTxBytes']?.(fd)).toBe(100)
  expect(await statistics['getSockfdRxBytes']?.(fd)).toBe(0)
  await socket.close()
  await expect(statistics['getSockfdTxBytes']?.(fd)).rejects.toEqual(code(2103005))
  expect(() => statistics['getSockfdTxBytes']?.(-1)).toThrow(code(401))
})

test('sockets of the process are tied to the network that it has chosen, until it has none', async () => {
  const index = uplink('first0', '10.1.0.2', 100)
  bringUpLoopback()
  const { constructUDPSocketInstance } = socketNamespace(async (fd) => appNet.admit(fd))
  const receiver = constructUDPSocketInstance()
  await receiver.bind({ address: '127.0.0.1' })
  const { port } = await receiver.getLocalAddress()
  const heard: string[] = []
  const arrival = new Promise<void>((resolve) => {
    receiver.on('message', ({ message }: { message: ArrayBuffer }) => {
      heard.push(Buffer.from(message).toString())
      resolve()
    })
  })
  const send = async (data: string): Promise<void> => {
    const socket = constructUDPSocketInstance()
    try {
      await socket.bind({ address: '127.0.0.1' })
      await socket.send({ data, address: { address: '127.0.0.1', port } })
    } finally {
      await socket.close()
    }
  }
  await connection['setAppNet']?.({ netId: 100 + index })
  expect(await connection['getAppNet']?.()).toMatchObject({ netId: 100 + index })
  await send('lost').catch(() => undefined)
  takeDown(index)
  await expect(send('refused')).rejects.toEqual(code(2301101))
  await connection['setAppNet']?.({ netId: 0 })
  expect(connection['getAppNetSync']?.()).toMatchObject({ netId: 0 })
  await send('heard')
  await arrival
  expect(heard).toEqual(['heard'])
  await expect(connection['setAppNet']?.({ netId: 99 })).rejects.toEqual(code(2100001))
  expect(() => connection['setAppNet']?.(5)).toThrow(code(401))
  await receiver.close()
})
