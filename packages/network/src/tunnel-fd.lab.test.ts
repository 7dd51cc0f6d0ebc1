import { type Lab, labAddresses } from '@vpnext/lab'
import { describeTun, isNonBlocking, readFd } from '@vpnext/native'
import { beforeAll, expect, test } from 'vitest'
import { type AppProgram, startProgram } from '../test/app-program.ts'
import type { Machine } from '../test/lab-tunnel.ts'
import type { ConfigInWords } from '../test/sample-plan.ts'
import { useLab, useMachine } from '../test/use-lab.ts'

const { internet, tunnelClient } = labAddresses
const dual: ConfigInWords = { addresses: ['10.8.0.5/24', 'fd08::5/64'] }
let lab: Lab
let machine: Machine
let program: AppProgram

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)
beforeAll(async () => {
  program = await startProgram(lab.client, [])
})

/** sizeof(struct virtio_net_hdr) */
const virtioHeader = 10
/** Header and payload of the datagram `?`, without anything in front. */
const lengths = { v4: 20 + 8 + 1, v6: 40 + 8 + 1 } as const

test.each([
  ['waits', true],
  ['does not wait', false],
])(
  'a read of the descriptor that %s gets one raw packet, from the first bit of its header',
  async (_name, blocking) => {
    const tunnel = await machine.create({ ...dual, more: { isBlocking: blocking } })
    using fd = tunnel.handOver()
    expect(isNonBlocking(fd)).toBe(!blocking)
    const buffer = Buffer.alloc(65_535)
    for (const version of ['v4', 'v6'] as const) {
      for (const port of [7001, 7002]) {
        await program.attempt({ protocol: 'udp', address: internet[version], port, timeoutMs: 1 })
      }
      for (const port of [7001, 7002]) {
        expect(readFd(fd, buffer)).toBe(lengths[version])
        expect(buffer.readUInt8(0) >> 4).toBe(version === 'v4' ? 4 : 6)
        expect(buffer.readUInt16BE(lengths[version] - 7)).toBe(port)
      }
    }
    if (!blocking) expect(readFd(fd, buffer)).toBe('again')
  },
)

test.each([
  ['without offload: as ever', {}, 0],
  ['with offload: behind a header of virtio', { vpnext: { offload: true } }, virtioHeader],
])('what is read of a descriptor made %s', async (_name, more, header) => {
  const tunnel = await machine.create({ ...dual, more })
  using fd = tunnel.handOver()
  expect(describeTun(fd).vnetHeader).toBe(header > 0)
  await program.attempt({ protocol: 'udp', address: internet.v4, timeoutMs: 1 })
  const buffer = Buffer.alloc(65_535)
  expect(readFd(fd, buffer)).toBe(header + lengths.v4)
  expect(buffer.readUInt8(header) >> 4).toBe(4)
})

test('given routes are installed without their host bits, and a gateway on the TUN is no obstacle', async () => {
  const route = (address: string, prefixLength: number, gateway: string, name: string): object => ({
    interface: name,
    destination: { address: { address, family: address.includes(':') ? 2 : 1 }, prefixLength },
    gateway: { address: gateway, family: gateway.includes(':') ? 2 : 1 },
    hasGateway: gateway !== '',
    isDefaultRoute: false,
  })
  await machine.create({
    ...dual,
    more: {
      routes: [
        route('198.51.100.77', 24, '10.99.0.1', 'vpn-tun'),
        route('192.0.2.0', 24, '', ''),
        route('2001:db8:a::77', 48, 'fd99::1', 'vpn-tun'),
      ],
    },
  })
  using netlink = lab.client.rtnetlink()
  const made = netlink.routes().filter(({ table, type }) => table === 52_000 && type === 'unicast')
  expect(made.map(({ destination }) => destination).toSorted()).toEqual([
    '10.8.0.0/24',
    '192.0.2.0/24',
    '198.51.100.0/24',
    '2001:db8:a::/48',
    'fd08::/64',
  ])
  expect(made.filter(({ gateway }) => gateway !== undefined)).toEqual([])
  expect(await program.attempt({ protocol: 'udp', address: '198.51.100.1', timeoutMs: 1 })).toBe('ETIMEDOUT')
})

test('given routes of a family that is not accepted are unreachable', async () => {
  await machine.create({
    addresses: ['10.8.0.5/24'],
    routes: ['198.51.100.0/24', '2001:db8:113::/48'],
    more: { isIPv6Accepted: false },
  })
  expect(await program.attempt({ protocol: 'tcp', address: internet.v6 })).toBe('EHOSTUNREACH')
  expect(await program.attempt({ protocol: 'tcp', address: internet.v4 })).toBe(labAddresses.client.v4)
})

test('the tunnel’s addresses are the source of what enters it', async () => {
  const tunnel = await machine.create(dual)
  using fd = tunnel.handOver()
  const buffer = Buffer.alloc(65_535)
  await program.attempt({ protocol: 'udp', address: internet.v4, timeoutMs: 1 })
  expect(readFd(fd, buffer)).toBe(lengths.v4)
  expect([...buffer.subarray(12, 16)].join('.')).toBe(tunnelClient.v4)
})
