import { createSocket } from 'node:dgram'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'

import { inetSocket, openTun, readFd, watchFd, writeFd } from '@vpnext/native'

import { labAddresses, labLinks, labPorts } from './addresses.ts'
import { capture } from './capture.ts'
import type { Capture, CapturedPacket } from './capture.ts'
import { closeUdp } from './inside-socket.ts'
import { addRoute } from './faults.ts'
import { createLab } from './lab.ts'
import type { Lab } from './lab.ts'
import type { Namespace } from './namespace.ts'
import type { TrafficCount } from './plain-udp-gateway.ts'
import { tcpProbe, udpProbe } from './probe.ts'
import { address } from './topology.ts'

/** The smallest client: a TUN device, a socket, and routes to the internet host alone. */
function plainClient(host: Namespace): AsyncDisposable & { readonly name: string } {
  const { fd: tun, name } = host.run(() => openTun({ name: 'vpn-tun' }))
  const fd = host.run(() => inetSocket(4, 'dgram')).release()
  const udp = createSocket('udp4').bind({ fd })
  const buffer = Buffer.alloc(65535)
  udp.on('message', (packet) => writeFd(tun, packet))
  watchFd(tun, { readable: true }, () => {
    for (let length = readFd(tun, buffer); length !== 'again'; length = readFd(tun, buffer)) {
      udp.send(Buffer.from(buffer.subarray(0, length)), labPorts.plainGateway, labAddresses.gateway.v4)
    }
  })
  address(host, name, labAddresses.tunnelClient)
  const common = { table: 254, type: 'unicast', index: host.linkIndex(name) } as const
  addRoute(host, { family: 4, destination: `${labAddresses.internet.v4}/32`, ...common })
  addRoute(host, { family: 6, destination: `${labAddresses.internet.v6}/128`, ...common })
  return {
    name,
    async [Symbol.asyncDispose]() {
      tun.close()
      await closeUdp(udp)
    },
  }
}

test.each(['v4', 'v6'] as const)(
  'tunnelled traffic appears with the address of the gateway (IP%s)',
  async (version) => {
    await using lab: Lab = await createLab()
    const target = labAddresses.internet[version]
    expect(await udpProbe(lab.client, target)).toBe(labAddresses.client[version])

    await using client = plainClient(lab.client)
    expect(client.name).toBe('vpn-tun')
    using uplink = capture(lab.router, labLinks.routerToClient)
    expect(await udpProbe(lab.client, target)).toBe(labAddresses.gateway[version])
    expect(await tcpProbe(lab.client, target)).toBe(labAddresses.gateway[version])

    expect(uplink.count({ destination: target })).toBe(0)
    expect(uplink.count({ protocol: 'udp', destinationPort: labPorts.plainGateway })).toBeGreaterThan(0)
    expect(uplink.count({ protocol: 'udp', sourcePort: labPorts.plainGateway })).toBeGreaterThan(0)
  },
)

test('counts what its own device carried', async () => {
  await using lab: Lab = await createLab()
  using device = capture(lab.gateway, labLinks.gatewayTunnel)
  await using client = plainClient(lab.client)
  for (const target of [labAddresses.internet.v4, labAddresses.internet.v6]) {
    expect(await tcpProbe(lab.client, target, { bindToDevice: client.name })).not.toMatch(/^E/)
  }
  // The last packets of the connections are still on their way.
  await expect.poll(() => isDeepStrictEqual(counted(lab), carried(device))).toBe(true)
  expect(lab.plainGateway.counters.fromClients.v4.packets).toBeGreaterThan(1)
  expect(lab.plainGateway.counters.toClients.v6.bytes).toBeGreaterThan(100)
})

test('drops what is no packet, and goes on', async () => {
  await using lab: Lab = await createLab()
  await using client = plainClient(lab.client)
  const before = lab.plainGateway.counters.dropped
  await udpProbe(lab.client, labAddresses.gateway.v4, { port: labPorts.plainGateway, timeoutMs: 50 })
  expect(lab.plainGateway.counters.dropped).toBeGreaterThan(before)
  const seen = await udpProbe(lab.client, labAddresses.internet.v4, { bindToDevice: client.name })
  expect(seen).toBe(labAddresses.gateway.v4)
})

/** What the gateway says that clients sent and got. */
function counted(lab: Lab): unknown {
  const { fromClients, toClients } = lab.plainGateway.counters
  return { fromClients, toClients }
}

/** The same from a capture of its TUN device; what it sent to nobody's address is left out. */
function carried(device: Capture): unknown {
  const total = (family: 4 | 6, wanted: (packet: CapturedPacket) => boolean): TrafficCount => {
    const packets = device.packets.filter((packet) => packet.family === family && wanted(packet))
    return { packets: packets.length, bytes: packets.reduce((sum, { length }) => sum + length, 0) }
  }
  const { v4, v6 } = labAddresses.tunnelClient
  return {
    fromClients: { v4: total(4, isIncoming), v6: total(6, isIncoming) },
    toClients: {
      v4: total(4, (packet) => packet.destination === v4),
      v6: total(6, (packet) => packet.destination === v6),
    },
  }
}

function isIncoming(packet: CapturedPacket): boolean {
  return packet.direction === 'in'
}
