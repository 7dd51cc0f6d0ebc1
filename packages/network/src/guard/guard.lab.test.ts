import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, Socket } from 'node:net'
import {
  capture,
  EchoServer,
  flushNft,
  type Lab,
  labAddresses,
  labLinks,
  probeUid,
  tcpProbe,
  udpProbe,
} from '@vpnext/lab'
import { bindInet, bindToDevice, inetSocket, setSysctl, withFileIdentity } from '@vpnext/native'
import { beforeAll, expect, test } from 'vitest'
import { carry } from '../../test/carrier.ts'
import type { Machine } from '../../test/lab-tunnel.ts'
import type { ConfigInWords } from '../../test/sample-plan.ts'
import { useLab, useMachine } from '../../test/use-lab.ts'
import { diffSnapshots } from '../index.ts'

const { internet, client, gateway, tunnelClient } = labAddresses
const versions = ['v4', 'v6'] as const
const dual: ConfigInWords = { addresses: ['10.8.0.5/24', 'fd08::5/64'] }
const quick = { timeoutMs: 400 }

let lab: Lab
let machine: Machine

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)
beforeAll(() => {
  // Answers ARP for everybody, as a hostile access point does: what leaves the client arrives.
  lab.router.run(() => {
    setSysctl('net.ipv4.conf.all.proxy_arp', 1)
    setSysctl(`net/ipv4/neigh/${labLinks.routerToClient}/proxy_delay`, 0)
  })
})

test('it is the guard that stops sockets bound to the uplink: routes alone do not', async () => {
  await machine.create(dual)
  using uplink = capture(lab.router, labLinks.routerToClient)
  const around = { ...quick, bindToDevice: labLinks.client }
  for (const version of versions) {
    await udpProbe(lab.client, internet[version], around)
    await tcpProbe(lab.client, internet[version], around)
  }
  expect(uplink.count({ destinationPort: 7 })).toBe(0)
  flushNft(lab.client)
  await udpProbe(lab.client, internet.v4, around)
  await uplink.waitFor({ destinationPort: 7 })
})

test('a marked socket of another uid than the host does not get around the tunnel', async () => {
  await machine.create(dual, { hostUid: 20_010_000 })
  using uplink = capture(lab.router, labLinks.routerToClient)
  const marked = { ...quick, mark: machine.settings.protectMark }
  expect(await tcpProbe(lab.client, internet.v4, { ...marked, uid: 0 })).not.toBe(client.v4)
  expect(uplink.count({ destinationPort: 7 })).toBe(0)
  expect(await tcpProbe(lab.client, internet.v4, { ...marked, uid: 20_010_000 })).toBe(client.v4)
  expect(uplink.count({ destinationPort: 7 })).toBeGreaterThan(0)
})

test('where servers are declared, a protected socket reaches them and nothing else', async () => {
  const hostUid = 20_010_000
  const endpoints = [
    { family: 4, address: internet.v4, port: 7, protocol: 'tcp' },
    { family: 6, address: internet.v6, port: 7, protocol: 'udp' },
  ] as const
  await machine.create(dual, { hostUid, endpoints })
  using uplink = capture(lab.router, labLinks.routerToClient)
  const marked = { ...quick, mark: machine.settings.protectMark, uid: hostUid }
  const leaked = (): number => uplink.count({ destinationPort: 7 })
  expect(await udpProbe(lab.client, internet.v4, marked)).not.toBe(client.v4)
  expect(await tcpProbe(lab.client, internet.v6, marked)).not.toBe(client.v6)
  expect(await tcpProbe(lab.client, gateway.v4, marked)).not.toBe(client.v4)
  expect(leaked()).toBe(0)
  expect(await tcpProbe(lab.client, internet.v4, marked)).toBe(client.v4)
  expect(await udpProbe(lab.client, internet.v6, marked)).toBe(client.v6)
  expect(leaked()).toBeGreaterThan(0)
})

test('the tunnel address appears nowhere but in the tunnel', async () => {
  await machine.create({ ...dual, routes: ['198.51.100.0/24', '2001:db8:5::/48'] })
  using uplink = capture(lab.router, labLinks.routerToClient)
  for (const version of versions) {
    await udpProbe(lab.client, internet[version], { ...quick, bindAddress: tunnelClient[version] })
    await udpProbe(lab.client, internet[version], quick)
    expect(uplink.count({ source: tunnelClient[version] })).toBe(0)
    expect(uplink.count({ protocol: 'udp', source: client[version], destinationPort: 7 })).toBe(1)
  }
})

test('a neighbour cannot find out the tunnel address by connecting to it (CVE-2019-14899)', async () => {
  const route = (version: 'v4' | 'v6') =>
    ({
      family: version === 'v4' ? 4 : 6,
      destination: version === 'v4' ? '10.8.0.5/32' : 'fd08::5/128',
      table: 254,
      type: 'unicast',
      index: lab.router.linkIndex(labLinks.routerToClient),
      gateway: client[version],
    }) as const
  {
    using netlink = lab.router.rtnetlink()
    netlink.apply(versions.map((version) => ({ op: 'addRoute', route: route(version) })))
  }
  const probe = async (): Promise<string[]> =>
    Promise.all(versions.map((version) => tcpProbe(lab.router, tunnelClient[version], { ...quick, uid: 0 })))
  await machine.create(dual)
  using answers = capture(lab.client, 'vpn-tun')
  using uplink = capture(lab.router, labLinks.routerToClient)
  const resets = (): number =>
    answers.count({ sourcePort: 7 }) + uplink.count({ direction: 'in', sourcePort: 7 })
  expect(await probe()).toEqual(['ETIMEDOUT', 'ETIMEDOUT'])
  expect(resets()).toBe(0)
  // The control: without the guard the client answers, into the tunnel, where the length of the packet tells.
  flushNft(lab.client)
  await probe()
  expect(resets()).toBeGreaterThan(0)
  {
    using netlink = lab.router.rtnetlink()
    netlink.apply(versions.map((version) => ({ op: 'deleteRoute', route: route(version) })))
  }
})

test('a neighbour cannot find out the tunnel address by ARP (MLLVD-CR-24-03)', async () => {
  const index = lab.router.linkIndex(labLinks.routerToClient)
  const route = { family: 4, destination: '10.8.0.5/32', table: 254, type: 'unicast', index } as const
  using netlink = lab.router.rtnetlink()
  netlink.apply([{ op: 'addRoute', route }])
  await machine.create(dual)
  using uplink = capture(lab.router, labLinks.routerToClient)
  const ask = (): Promise<string> =>
    udpProbe(lab.router, tunnelClient.v4, { timeoutMs: 1500, connect: true, uid: 0 })
  await ask()
  expect(uplink.count({ protocol: 'arp', direction: 'out' })).toBeGreaterThan(0)
  expect(uplink.count({ protocol: 'arp', direction: 'in' })).toBe(0)
  // The control: with the setting of before, the client answers.
  lab.client.run(() => setSysctl('net.ipv4.conf.all.arp_ignore', 0))
  await ask()
  expect(uplink.count({ protocol: 'arp', direction: 'in' })).toBeGreaterThan(0)
  netlink.apply([{ op: 'deleteRoute', route }])
})

test.each([
  ['loose', 0],
  ['strict', 1],
])(
  'with %s source checks, tunnel, protected sockets and connections from outside all work',
  async (_name, value) => {
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', value))
    await using _server = await EchoServer.open(lab.client, client, 80)
    const empty = machine.snapshot()
    const tunnel = await machine.create(dual)
    await using _carrier = carry(lab, tunnel.handOver(), machine.settings.protectMark)
    for (const version of versions) {
      expect(await tcpProbe(lab.client, internet[version])).toBe(gateway[version])
      expect(
        await tcpProbe(lab.client, internet[version], { uid: 0, mark: machine.settings.protectMark }),
      ).toBe(client[version])
      expect(await tcpProbe(lab.internet, client[version], { port: 80 })).toBe(internet[version])
      expect(await udpProbe(lab.internet, client[version], { port: 80 })).toBe(internet[version])
    }
    if (value === 1) {
      // The control: it is the journaled setting that lets answers to protected packets in.
      const marked = { ...quick, uid: 0, mark: machine.settings.protectMark }
      lab.client.run(() => setSysctl('net.ipv4.conf.all.src_valid_mark', 0))
      expect(await tcpProbe(lab.client, internet.v4, marked)).toBe('ETIMEDOUT')
      lab.client.run(() => setSysctl('net.ipv4.conf.all.src_valid_mark', 1))
    }
    await machine.destroy(tunnel)
    expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 0))
  },
)

test('a user tunnel works with strict source checks', async () => {
  lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 1))
  const uid = probeUid()
  const tunnel = await machine.create(dual, { scope: { kind: 'user', uid }, hostUid: 20_010_000 })
  await using _carrier = carry(lab, tunnel.handOver(), machine.settings.protectMark)
  for (const version of versions) {
    expect(await tcpProbe(lab.client, internet[version], { uid })).toBe(gateway[version])
  }
  lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 0))
})

test('connections of before: outgoing ones are closed, incoming ones to a service of root go on', async () => {
  const server = createServer((connection) => connection.on('error', () => undefined).pipe(connection))
  lab.client.run(() => server.listen(22))
  await once(server, 'listening')
  const session = connect(lab.internet, client.v4, 22)
  const own = connect(lab.client, internet.v4, 7)
  await Promise.all([once(session, 'connect'), once(own, 'connect')])
  session.write('one')
  expect(String((await once(session, 'data'))[0])).toBe('one')
  const closed = once(own, 'error')

  await machine.create(dual)
  expect((await closed)[0]).toMatchObject({ code: 'ECONNABORTED' })
  session.write('two')
  expect(String((await once(session, 'data'))[0])).toBe('two')
  session.destroy()
  server.close()
})

test('when a tunnel goes, the connections through it are closed', async () => {
  const made = await machine.create(dual)
  await using _carrier = carry(lab, made.handOver(), machine.settings.protectMark)
  const own = connect(lab.client, internet.v4, 7)
  await once(own, 'data')
  expect(own.localAddress).toBe(tunnelClient.v4)
  const closed = once(own, 'error')
  await machine.destroy(made)
  expect((await closed)[0]).toMatchObject({ code: 'ECONNABORTED' })
})

test('DHCP leaves under a full tunnel, other datagrams to the same neighbour do not', async () => {
  await machine.create(dual)
  using uplink = capture(lab.router, labLinks.routerToClient)
  await sendDatagram(67, 68)
  await sendDatagram(7, 68)
  await sendDatagram(67, 6800)
  expect(uplink.count({ destinationPort: 67, sourcePort: 68 })).toBe(1)
  expect(uplink.count({ destination: labAddresses.router.v4 })).toBe(1)
})

test('two tunnels of two users share the table, and each goes alone', async () => {
  const uid = probeUid()
  const empty = machine.snapshot()
  const tunnel = await machine.create(dual, { scope: { kind: 'user', uid }, hostUid: 20_010_000 })
  const one = machine.snapshot()
  const second = await machine.create(
    { addresses: ['10.9.0.5/24'] },
    { slot: 1, interfaceName: 'vpn-tun1', scope: { kind: 'user', uid: 4242 }, hostUid: 20_010_001 },
  )
  using uplink = capture(lab.router, labLinks.routerToClient)
  const both = async (): Promise<void> => {
    for (const each of [uid, 4242]) {
      await udpProbe(lab.client, internet.v4, { ...quick, uid: each, bindToDevice: labLinks.client })
    }
  }
  await both()
  expect(uplink.count({ protocol: 'udp', destinationPort: 7 })).toBe(0)
  await machine.destroy(second)
  expect(diffSnapshots(one, machine.snapshot())).toEqual([])
  await both()
  expect(uplink.count({ protocol: 'udp', destinationPort: 7 })).toBe(1)
  await machine.destroy(tunnel)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

/** A TCP connection from inside a namespace. */
function connect(from: Lab['client'], host: string, port: number): Socket {
  const fd = from.run(() =>
    withFileIdentity({ uid: probeUid(), gid: probeUid() }, () => inetSocket(4, 'stream')),
  )
  const socket = new Socket({ fd: fd.release() })
  socket.on('error', () => undefined)
  return socket.connect({ host, port })
}

/** One datagram from the client to the router, bound to the uplink. */
async function sendDatagram(port: number, ownPort: number): Promise<void> {
  const fd = lab.client.run(() => inetSocket(4, 'dgram'))
  bindToDevice(fd, labLinks.client)
  bindInet(fd, '0.0.0.0', ownPort)
  const socket = createSocket('udp4').bind({ fd: fd.release() })
  await new Promise((resolve) => socket.send('x', port, labAddresses.router.v4, resolve))
  const closed = once(socket, 'close')
  socket.close()
  await closed
}

test.each([
  ['without a list', {}],
  ['with blocked applications', { more: { blockedApplications: ['com.example.one'] } }],
  ['with its own bundle trusted', { more: { trustedApplications: ['com.example.vpn'] } }],
])(
  'a host that cannot be marked is left out by its uid, all sockets, and nobody else (%s)',
  async (_how, more) => {
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 1))
    const hostUid = 20_010_000
    const empty = machine.snapshot()
    const tunnel = await machine.create({ ...dual, ...more }, { hostUid })
    const isTrusted = 'more' in more && 'trustedApplications' in more.more
    using uplink = capture(lab.router, labLinks.routerToClient)
    // To where nobody listens: connections of the case before may still have something to say to the others.
    const unused = { ...quick, uid: hostUid, port: 9 }
    for (const version of versions) await tcpProbe(lab.client, internet[version], unused)
    expect(uplink.count({ destinationPort: 9 })).toBe(0)
    lab.client.run(() => tunnel.spareHost())
    // The control: it does get out where it may.
    await tcpProbe(lab.client, internet.v4, unused)
    expect(uplink.count({ destinationPort: 9 })).toBeGreaterThan(0)
    // Again: nothing more happens.
    const spared = machine.snapshot()
    lab.client.run(() => tunnel.spareHost())
    expect(diffSnapshots(spared, machine.snapshot())).toEqual([])
    for (const version of versions) {
      expect(await tcpProbe(lab.client, internet[version], { ...quick, uid: hostUid })).toBe(client[version])
      expect(await udpProbe(lab.client, internet[version], { ...quick, uid: hostUid })).toBe(client[version])
      const stranger = await tcpProbe(lab.client, internet[version], { ...quick, uid: 20_010_001 })
      if (isTrusted) expect(stranger).toBe(client[version])
      else expect(stranger).not.toBe(client[version])
    }
    await machine.destroy(tunnel)
    expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
    // The same from the beginning.
    const again = await machine.create({ ...dual, ...more }, { hostUid, spareHost: true })
    expect(diffSnapshots(spared, machine.snapshot())).toEqual([])
    await machine.destroy(again)
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 0))
  },
)

test('a host that is left out by its uid still reaches declared servers alone', async () => {
  const hostUid = 20_010_000
  const endpoints = [{ family: 4, address: internet.v4, port: 7, protocol: 'tcp' }] as const
  await machine.create(dual, { hostUid, endpoints, spareHost: true })
  const host = { ...quick, uid: hostUid }
  expect(await tcpProbe(lab.client, internet.v4, host)).toBe(client.v4)
  expect(await udpProbe(lab.client, internet.v4, host)).not.toBe(client.v4)
  expect(await tcpProbe(lab.client, internet.v6, host)).not.toBe(client.v6)
})
