import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Lab, labAddresses, labLinks, labPorts, type Namespace, type WireGuardConfs } from '@vpnext/lab'
import { expect, test } from 'vitest'
import { closeUdp, openUdp } from '../test/namespace-udp.ts'
import type { Place, TestService } from '../test/test-service.ts'
import type { Finished } from '../test/vpnext-process.ts'
import { type WireGuardSite, useWireGuardSite } from '../test/wireguard-site.ts'

const { gateway: far, internet } = labAddresses

let site: WireGuardSite
let lab: Lab
let place: Place
let service: TestService
let confs: WireGuardConfs

useWireGuardSite((opened) => {
  site = opened
  ;({ lab, place, service, confs } = opened)
})

test('an endpoint by name is found by the network’s own name server, past the tunnel', async () => {
  const [named] = confs.client.split('Endpoint = ')
  const unknown = `${named}Endpoint = nowhere.lab.test:51820\n`
  const result = await site.up(site.conf(unknown), '--wait', '0')
  expect(result).toMatchObject({ code: 0 })
  expect(result.stdout).toContain('at nowhere (nowhere.lab.test: 10.77.1.1: no such name)')
  expect((await service.run(['wg', 'show'])).stdout).toContain('endpoint: not found: nowhere.lab.test')
  await service.run(['down', 'wg0'])
  const known = await site.up(site.conf(`${named}Endpoint = www.lab.test:51820\n`), '--wait', '0')
  expect(known.stdout).toContain(`at ${internet.v4}:51820, no answer yet`)
})

type Answerer = (question: Buffer) => Buffer | Promise<Buffer>

/** A name server. */
function nameServer(host: Namespace, address: string, answer: Answerer): AsyncDisposable {
  const server = openUdp(host, address, labPorts.dns)
  server.on('message', (question, { address: from, port }) => {
    void (async () => server.send(await answer(question), port, from))()
  })
  return { [Symbol.asyncDispose]: () => closeUdp(server) }
}

/** A response with recursion (RFC 1035, 4.1.1): one address of IPv4, or "server failure". */
function answerTo(question: Buffer, address: string | undefined): Buffer {
  const answer = Buffer.from(question)
  answer.writeUInt16BE(address === undefined ? 0x8182 : 0x8180, 2)
  answer.writeUInt16BE(address === undefined ? 0 : 1, 6)
  if (address === undefined) return answer
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]
  return Buffer.concat([answer, Buffer.from(record)])
}
const isForIpv4 = (question: Buffer): boolean => question.readUInt16BE(question.length - 4) === 1

/** For IPv6 it always fails, and at first for IPv4 too. */
function hesitantNameServer(address: string): AsyncDisposable {
  let asked = 0
  return nameServer(lab.internet, internet.v4, (question) =>
    answerTo(question, isForIpv4(question) && asked++ > 0 ? address : undefined),
  )
}

/** Brings a profile up that names its endpoint, where `server` is the name server. */
async function upByName(name: string, server: string, wait = '60'): Promise<Finished> {
  const [named = ''] = confs.client.split('Endpoint = ')
  const lines = readFileSync(place.resolvConf, 'utf8')
  writeFileSync(place.resolvConf, `nameserver ${server}\n`)
  try {
    return await site.up(site.conf(`${named}Endpoint = ${name}:51820\n`), '--wait', wait)
  } finally {
    await service.run(['down', 'wg0'])
    writeFileSync(place.resolvConf, lines)
  }
}

test('a name that is found late, and only for IPv4, is where the peer then is asked', async () => {
  await using _server = hesitantNameServer(far.v4)
  const result = await upByName('gateway.lab.test', internet.v4)
  expect(result).toMatchObject({ code: 0 })
  expect(result.stdout).toContain('at 10.77.2.2:51820, answers in')
})

test('a name server of this machine, which the tunnel would keep from asking its own, is asked before there is one', async () => {
  await using _server = nameServer(lab.internet, internet.v4, (question) => answerTo(question, far.v4))
  // As systemd-resolved and dnsmasq do it.
  const forward: Answerer = async (question) => {
    const socket = openUdp(lab.client, '0.0.0.0')
    try {
      for (let left = 40; left > 0; left--) {
        socket.send(question, labPorts.dns, internet.v4)
        const answer = await Promise.race([once(socket, 'message'), sleep(250)])
        if (answer !== undefined) return answer[0] as Buffer
      }
      return answerTo(question, undefined)
    } finally {
      await closeUdp(socket)
    }
  }
  await using _forwarder = nameServer(lab.client, '127.0.0.53', forward)
  const result = await upByName('gateway.lab.test', '127.0.0.53')
  expect(result).toMatchObject({ code: 0 })
  expect(result.stdout).toContain('at 10.77.2.2:51820, answers in')
})

test('of a name server of this machine that does not know how to help itself, up says what does', async () => {
  await using _server = nameServer(lab.client, '127.0.0.1', (question) => answerTo(question, undefined))
  const result = await upByName('gateway.lab.test', '127.0.0.1', '0')
  expect(result.stdout).toMatch(
    /at nowhere \(gateway\.lab\.test: 127\.0\.0\.1: the name server failed \(2\) \(.*: an Endpoint by address, or a line for the name in \/etc\/hosts, .*\)\), no answer yet/,
  )
})

test('a name that the first network does not know is asked for in the one that comes after it', async () => {
  await using _server = nameServer(lab.internet, internet.v4, (question) => answerTo(question, far.v4))
  const coming = upByName('gateway.lab.test', labAddresses.router.v4)
  // The tunnel's own: the network's was read before.
  while (!readFileSync(place.resolvConf, 'utf8').includes('nameserver 10.9.0.1')) await sleep(10)
  // As NetworkManager and dhclient do it.
  writeFileSync(place.resolvConf, `nameserver ${internet.v4}\n`)
  expect((await coming).stdout).toContain('at 10.77.2.2:51820, answers in')
})

test('without a network up says so of a name', async () => {
  const index = lab.client.linkIndex(labLinks.client)
  const change = (op: 'addRoute' | 'deleteRoute'): void => {
    using netlink = lab.client.rtnetlink()
    const common = { table: 254, type: 'unicast', index } as const
    const { v4, v6 } = labAddresses.router
    netlink.apply([
      { op, route: { ...common, family: 4, destination: '0.0.0.0/0', gateway: v4 } },
      { op, route: { ...common, family: 6, destination: '::/0', gateway: v6 } },
    ])
  }
  change('deleteRoute')
  try {
    const result = await upByName('www.lab.test', labAddresses.router.v4, '0')
    expect(result.stdout).toContain('at nowhere (www.lab.test: there is no network), no answer yet')
  } finally {
    change('addRoute')
  }
})

test('a name without a dot is looked for in the search domains of the network', async () => {
  const result = await upByName('www', `${labAddresses.router.v4}\nsearch nowhere.test lab.test`, '0')
  expect(result.stdout).toContain(`at ${internet.v4}:51820, no answer yet`)
})

test('a name without a dot is asked for by itself where systemd-resolved says that there is no search domain', async () => {
  await using _server = nameServer(lab.internet, internet.v4, (question) => answerTo(question, far.v4))
  const result = await upByName('gateway', `${internet.v4}\nsearch .`)
  expect(result.stdout).toContain('at 10.77.2.2:51820, answers in')
})

test('a name in the hosts file needs no name server', async () => {
  const [named = ''] = confs.client.split('Endpoint = ')
  const result = await site.up(site.conf(`${named}Endpoint = localhost:51820\n`), '--wait', '0')
  expect(result.stdout).toMatch(/ at (127\.0\.0\.1|\[::1\]):51820, no answer yet/)
})
