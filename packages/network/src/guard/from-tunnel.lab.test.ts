import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { capture, flushNft, type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { bindInet, type Fd, getSysctl, inetSocket, setSysctl, writeFd } from '@vpnext/native'
import { expect, test } from 'vitest'
import { addressBytes, icmpv6Packet, udpPacket } from '../../test/ip-packet.ts'
import type { Machine } from '../../test/lab-tunnel.ts'
import type { ConfigInWords } from '../../test/sample-plan.ts'
import { useLab, useMachine } from '../../test/use-lab.ts'

/*
 * What an extension writes into its tunnel comes to this machine as if from a network. It is the extension of one user, or for a few
 * networks; the machine is everybody's.
 */

const { client, internet, tunnelClient, tunnelGateway } = labAddresses
const versions = ['v4', 'v6'] as const
const split: ConfigInWords = {
  addresses: ['10.8.0.5/24', 'fd08::5/64'],
  routes: ['10.8.0.0/24', 'fd08::/64'],
}
const scopes = [
  ['of one user', { scope: { kind: 'user', uid: 4242 }, hostUid: 20_010_000 }],
  ['of the device', {}],
] as const
const router = 'fe80::1'
const allNodes = 'ff02::1'

let lab: Lab
let machine: Machine

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)

test.each(scopes)('the extension of a tunnel %s is no router to this machine', async (_whose, request) => {
  const tunnel = await machine.create(split, request)
  using tun = tunnel.handOver()
  const advertised = (): string[] => {
    using netlink = lab.client.rtnetlink()
    return netlink
      .routes()
      .filter(({ gateway }) => gateway === router)
      .map(({ destination }) => destination)
  }
  const advertise = (): unknown => writeFd(tun, icmpv6Packet(router, allNodes, advertisement()))
  const acceptRa = 'net/ipv6/conf/vpn-tun/accept_ra'
  expect(lab.client.run(() => getSysctl(acceptRa))).toBe('0')
  advertise()
  // What the kernel takes of a tunnel it takes in order: when this has come, so has the other.
  await arrival(tun, tunnelClient.v6)
  expect(advertised()).toEqual([])
  // Each keeps it out without the other. The control: neither.
  lab.client.run(() => setSysctl(acceptRa, 1))
  advertise()
  await arrival(tun, tunnelClient.v6)
  expect(advertised()).toEqual([])
  flushNft(lab.client)
  advertise()
  await expect.poll(advertised, { timeout: 10_000 }).toEqual(['::/0'])
})

test.each(
  scopes.flatMap(([whose, request]) => versions.map((version) => [whose, version, request] as const)),
)(
  'the extension of a tunnel %s reaches this machine at the addresses of the tunnel alone (%s)',
  async (_whose, version, request) => {
    const tunnel = await machine.create(split, request)
    using tun = tunnel.handOver()
    const texts: string[] = []
    const socket = listen(client[version], (text) => texts.push(text))
    const write = (text: string): unknown =>
      writeFd(tun, udpPacket(internet[version], client[version], 53, socket.address().port, text))
    write('refused')
    await arrival(tun, tunnelClient[version])
    expect(texts).toEqual([])
    // The control: without the guard it would be an answer to whoever has asked that server past the tunnel.
    flushNft(lab.client)
    write('taken')
    await expect.poll(() => texts, { timeout: 10_000 }).toEqual(['taken'])
    await close(socket)
  },
)

test.each([
  ['of one user', 0, scopes[0][1]],
  [
    'with servers of its own',
    0,
    { endpoints: [{ family: 4, address: internet.v4, port: 7, protocol: 'udp' }] as const },
  ],
  ['of the device', 1, {}],
] as const)(
  'where this machine forwards, what the extension of a tunnel %s writes goes on to others %d times',
  async (_whose, times, request) => {
    const forward = (on: number): void =>
      lab.client.run(() => {
        setSysctl('net.ipv4.ip_forward', on)
        setSysctl('net.ipv6.conf.all.forwarding', on)
      })
    forward(1)
    const tunnel = await machine.create(split, request)
    using tun = tunnel.handOver()
    using uplink = capture(lab.router, labLinks.routerToClient)
    const write = (port: number): void => {
      for (const version of versions) {
        writeFd(tun, udpPacket(tunnelGateway[version], internet[version], port, port, 'from nobody'))
      }
    }
    write(4001)
    await arrival(tun, tunnelClient.v6)
    // The control: without the guard this machine sends it on, whatever its source.
    flushNft(lab.client)
    write(4002)
    await uplink.waitFor({ destinationPort: 4002, destination: internet.v4 })
    await uplink.waitFor({ destinationPort: 4002, destination: internet.v6 })
    for (const version of versions) {
      expect(uplink.count({ destinationPort: 4001, destination: internet[version] })).toBe(times)
    }
    forward(0)
  },
)

/** Resolves when a packet has come out of the tunnel, at an address of it. */
async function arrival(tun: Fd, address: string): Promise<void> {
  const peer = address.includes(':') ? tunnelGateway.v6 : tunnelGateway.v4
  const socket = listen(address, () => undefined)
  const arrived = once(socket, 'message')
  writeFd(tun, udpPacket(peer, address, 9, socket.address().port, 'here'))
  expect(String((await arrived)[0])).toBe('here')
  await close(socket)
}

function listen(address: string, heard: (text: string) => void): Socket {
  const isV6 = address.includes(':')
  const fd = lab.client.run(() => inetSocket(isV6 ? 6 : 4, 'dgram'))
  bindInet(fd, address, 0)
  const socket = createSocket(isV6 ? 'udp6' : 'udp4').bind({ fd: fd.release() })
  return socket.on('message', (text) => heard(String(text)))
}

async function close(socket: Socket): Promise<void> {
  const closed = once(socket, 'close')
  socket.close()
  await closed
}

/** RFC 4861, 4.2: a router of high preference (RFC 4191) for half an hour, with a network to make addresses of. */
function advertisement(): Buffer {
  const body = Buffer.alloc(16 + 32)
  body.writeUInt8(134, 0)
  body.writeUInt8(0x08, 5)
  body.writeUInt16BE(1800, 6)
  Buffer.from([3, 4, 64, 0xc0]).copy(body, 16)
  body.writeUInt32BE(3600, 20)
  body.writeUInt32BE(3600, 24)
  addressBytes('2001:db8:bad::').copy(body, 32)
  return body
}
