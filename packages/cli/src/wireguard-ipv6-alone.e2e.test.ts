import { readFileSync, writeFileSync } from 'node:fs'
import { addressToBytes, parseAddress } from '@vpnext/ip'
import { addRoute, type Lab, labAddresses, labLinks, labPorts, tcpProbe } from '@vpnext/lab'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeUdp, openUdp } from '../test/namespace-udp.ts'
import { type WireGuardSite, useWireGuardSite } from '../test/wireguard-site.ts'

let site: WireGuardSite
let lab: Lab

useWireGuardSite((opened) => {
  site = opened
  lab = opened.lab
})

/** In loopback, which needs no way to anywhere. */
const nameServer = '127.0.0.9'
/** What 10.77.2.2, the gateway, is translated to. */
const translated = '64:ff9b::a4d:202'

/** Takes the client's way to IPv4, but for its own network, or gives it back. */
function changeWay(op: 'addRoute' | 'deleteRoute'): void {
  const index = lab.client.linkIndex(labLinks.client)
  using netlink = lab.client.rtnetlink()
  const route = { table: 254, type: 'unicast', family: 4, destination: '0.0.0.0/0' } as const
  netlink.apply([{ op, route: { ...route, index, gateway: labAddresses.router.v4 } }])
}

let resolver: string
beforeEach(() => {
  changeWay('deleteRoute')
  resolver = readFileSync(site.place.resolvConf, 'utf8')
  writeFileSync(site.place.resolvConf, `nameserver ${nameServer}\n`)
})
afterEach(async () => {
  await site.service.run(['down', 'wg0'])
  changeWay('addRoute')
  writeFileSync(site.place.resolvConf, resolver)
})

/** Says of each name that it has this one address of IPv6, and none of IPv4 (RFC 1035, 4.1). */
function answersWith(address: string | undefined): AsyncDisposable {
  const server = openUdp(lab.client, nameServer, labPorts.dns)
  const parsed = address === undefined ? undefined : parseAddress(address)
  server.on('message', (question, { address: from, port }) => {
    const answer = Buffer.from(question)
    const isForIpv6 = question.readUInt16BE(question.length - 4) === 28
    const found = isForIpv6 && parsed !== undefined
    answer.writeUInt16BE(0x8180, 2)
    answer.writeUInt16BE(found ? 1 : 0, 6)
    const record = found ? [0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 1, 0, 16, ...addressToBytes(parsed)] : []
    server.send(Buffer.concat([answer, Buffer.from(record)]), port, from)
  })
  return { [Symbol.asyncDispose]: () => closeUdp(server) }
}

test('in a network of IPv6 alone an endpoint of IPv4 is found by what its name server says of NAT64', async () => {
  await using _server = answersWith('64:ff9b::c000:aa')
  const index = lab.gateway.linkIndex(labLinks.gateway)
  {
    // Of the translator the gateway is the only part that is needed.
    using netlink = lab.gateway.rtnetlink()
    netlink.apply([{ op: 'addAddress', index, address: translated, prefixLength: 128, noDad: true }])
  }
  using _way = addRoute(lab.router, {
    table: 254,
    type: 'unicast',
    family: 6,
    destination: '64:ff9b::/96',
    index: lab.router.linkIndex(labLinks.routerToGateway),
    gateway: labAddresses.gateway.v6,
  })
  const result = await site.up(site.conf(site.confs.client), '--wait', '60')
  expect(result).toMatchObject({ code: 0 })
  expect(result.stdout).toContain(`at [${translated}]:51820, answers in`)
  expect(await tcpProbe(lab.client, labAddresses.internet.v4, { timeoutMs: 20_000 })).toBe(
    labAddresses.gateway.v4,
  )
})

test('where nothing is translated up says why the endpoint is not reached', async () => {
  await using _server = answersWith(undefined)
  const result = await site.up(site.conf(site.confs.client), '--wait', '0')
  expect(result.stdout).toContain(
    'at 10.77.2.2:51820 (10.77.2.2: no route leads there, and no way by NAT64 is known: this network has none), no answer yet',
  )
})
