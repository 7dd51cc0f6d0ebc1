import { once } from 'node:events'
import { expect, test } from 'vitest'

import { labAddresses, labHostName, labLinks, labPorts } from './addresses.ts'
import { closeUdp, udpSocketInside } from './inside-socket.ts'
import { createLab } from './lab.ts'
import type { Lab } from './lab.ts'

/** A query as a stub resolver sends it: id 0x1234, recursion desired, one question. */
function query(name: string, type: number): Buffer {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)])
  return Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1])
}

test.each([
  ['v4', labHostName, 1, 0, [203, 0, 113, 80]],
  ['v6', labHostName.toUpperCase(), 28, 0, [0x20, 1, 0x0d, 0xb8, 1, 0x13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80]],
  ['v4', labHostName, 16, 0, undefined],
  ['v4', 'elsewhere.test', 1, 3, undefined],
] as const)('answers over IP%s for %s, type %i, with code %i', async (version, name, type, code, data) => {
  await using lab: Lab = await createLab()
  const client = udpSocketInside(lab.client, labAddresses.client[version], 0)
  const answered = once(client, 'message')
  client.send(query(name, type), labPorts.dns, labAddresses.router[version])
  const answer = Buffer.from((await answered)[0])
  await closeUdp(client)
  expect(answer.readUInt16BE(0)).toBe(0x1234)
  expect(answer.readUInt16BE(2) & 0x800f).toBe(0x8000 | code)
  expect(answer.readUInt16BE(6)).toBe(data === undefined ? 0 : 1)
  expect([...answer.subarray(answer.length - (data?.length ?? 0))]).toEqual(data ?? [])
  expect(lab.uplinkDns.queries).toEqual([
    { name: name.toLowerCase(), type, from: labAddresses.client[version] },
  ])
  expect(lab.tunnelDns.queries).toEqual([])
})

test('the resolver inside the tunnel listens on the addresses of the TUN device', async () => {
  await using lab: Lab = await createLab()
  expect(labLinks.gatewayTunnel).toBe('g-tun')
  const client = udpSocketInside(lab.gateway, labAddresses.tunnelGateway.v6, 0)
  const answered = once(client, 'message')
  client.send(query(labHostName, 28), labPorts.dns, labAddresses.tunnelGateway.v6)
  await answered
  await closeUdp(client)
  expect(lab.tunnelDns.queries).toMatchObject([{ name: labHostName, type: 28 }])
})
