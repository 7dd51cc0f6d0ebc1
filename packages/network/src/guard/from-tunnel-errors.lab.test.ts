import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { flushNft, type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { bindInet, type Fd, inetSocket, writeFd } from '@vpnext/native'
import { afterEach, expect, test } from 'vitest'
import { addressBytes, icmpPacket, udpPacket } from '../../test/ip-packet.ts'
import type { Machine } from '../../test/lab-tunnel.ts'
import type { ConfigInWords } from '../../test/sample-plan.ts'
import { useLab, useMachine } from '../../test/use-lab.ts'

/*
 * For the kernel an ICMP error is about the packet that it quotes, whoever it is addressed to and whatever interface it comes in by.
 */

const { client, gateway, internet, router, tunnelClient, tunnelGateway } = labAddresses
const versions = ['v4', 'v6'] as const
const split: ConfigInWords = {
  addresses: ['10.8.0.5/24', 'fd08::5/64'],
  routes: ['10.8.0.0/24', 'fd08::/64'],
}
const scopes = [
  ['of one user', { scope: { kind: 'user', uid: 4242 }, hostUid: 20_010_000 }],
  ['of the device', {}],
] as const
const cases = scopes.flatMap(([whose, request]) =>
  versions.map((version) => [whose, version, request] as const),
)
/** Type and code, of RFC 792 and RFC 4443. */
const portUnreachable = { v4: [3, 3], v6: [1, 4] } as const
const tooBig = { v4: [3, 4], v6: [2, 0] } as const
const smallMtu = { v4: 600, v6: 1280 } as const
const echoReply = { v4: 0, v6: 129 } as const
const DISCARD = 9

let lab: Lab
let machine: Machine

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)

afterEach(() => {
  for (const family of ['-4', '-6']) ip(family, 'route', 'flush', 'cache')
})

test.each(cases)(
  'what the extension of a tunnel %s says of connections counts for the tunnel’s alone (%s)',
  async (_whose, version, request) => {
    const tunnel = await machine.create(split, request)
    using tun = tunnel.handOver()
    await using foreign = await Connected.open(client[version], internet[version])
    await using own = await Connected.open(tunnelClient[version], tunnelGateway[version])
    const refuse = (connected: Connected): unknown =>
      writeError(tun, version, portUnreachable[version], 0, connected.packet())
    refuse(foreign)
    // What the kernel takes of a tunnel it takes in order. An error of the tunnel's own packets counts.
    refuse(own)
    await expect.poll(() => own.errors, { timeout: 10_000 }).toEqual(['ECONNREFUSED'])
    expect(foreign.errors).toEqual([])
    // The control: without the guard it ends what somebody else has under way past the tunnel.
    flushNft(lab.client)
    refuse(foreign)
    await expect.poll(() => foreign.errors, { timeout: 10_000 }).toEqual(['ECONNREFUSED'])
  },
)

test.each(cases)(
  'the extension of a tunnel %s does not make packets to other machines small (%s)',
  async (_whose, version, request) => {
    const tunnel = await machine.create(split, request)
    using tun = tunnel.handOver()
    await using own = await Connected.open(tunnelClient[version], tunnelGateway[version])
    // No socket is asked for an error about an answer to a ping: it counts for whatever goes there.
    const answer = (): Buffer =>
      icmpPacket(client[version], gateway[version], Buffer.of(echoReply[version], 0, 0, 0, 0, 1, 0, 1))
    const shrink = (): unknown => writeError(tun, version, tooBig[version], smallMtu[version], answer())
    shrink()
    writeError(tun, version, portUnreachable[version], 0, own.packet())
    await expect.poll(() => own.errors, { timeout: 10_000 }).toEqual(['ECONNREFUSED'])
    expect(wayTo(gateway[version])).not.toContain(' mtu ')
    flushNft(lab.client)
    shrink()
    await expect
      .poll(() => wayTo(gateway[version]), { timeout: 10_000 })
      .toContain(` mtu ${smallMtu[version]}`)
  },
)

test.each(scopes)(
  'the extension of a tunnel %s sends nobody’s packets another way',
  async (_whose, request) => {
    const neighbour = '10.77.1.77'
    ip('neigh', 'replace', neighbour, 'lladdr', '02:00:00:00:00:77', 'dev', labLinks.client)
    const tunnel = await machine.create(split, request)
    using tun = tunnel.handOver()
    await using own = await Connected.open(tunnelClient.v4, tunnelGateway.v4)
    const redirect = (): void => {
      const answer = icmpPacket(client.v4, internet.v4, Buffer.of(echoReply.v4, 0, 0, 0, 0, 1, 0, 1))
      const error = icmpBody([5, 1], addressBytes(neighbour).readUInt32BE(), answer)
      // As the router of the uplink says it.
      writeFd(tun, icmpPacket(router.v4, tunnelClient.v4, error))
    }
    redirect()
    writeError(tun, 'v4', portUnreachable.v4, 0, own.packet())
    await expect.poll(() => own.errors, { timeout: 10_000 }).toEqual(['ECONNREFUSED'])
    expect(wayTo(internet.v4)).toContain(`via ${router.v4}`)
    // The control: without the guard it goes to a neighbour of the extension's choice.
    flushNft(lab.client)
    redirect()
    await expect.poll(() => wayTo(internet.v4), { timeout: 10_000 }).toContain(`via ${neighbour}`)
  },
)

/** A UDP socket of the client that is connected, and what it has been told. */
class Connected implements AsyncDisposable {
  readonly errors: unknown[] = []
  readonly #socket
  readonly #from: string
  readonly #to: string

  private constructor(from: string, to: string) {
    const isV6 = from.includes(':')
    const fd = lab.client.run(() => inetSocket(isV6 ? 6 : 4, 'dgram'))
    bindInet(fd, from, 0)
    this.#socket = createSocket(isV6 ? 'udp6' : 'udp4').bind({ fd: fd.release() })
    this.#socket.on('error', (error) => this.errors.push('code' in error ? error.code : error))
    this.#from = from
    this.#to = to
  }

  static async open(from: string, to: string): Promise<Connected> {
    const connected = new Connected(from, to)
    const done = once(connected.#socket, 'connect')
    connected.#socket.connect(DISCARD, to)
    await done
    return connected
  }

  /** One that it may have sent. */
  packet(): Buffer {
    return udpPacket(this.#from, this.#to, this.#socket.address().port, DISCARD, 'sent')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }
}

/** Writes an error about a packet, to the address of the tunnel. */
function writeError(
  tun: Fd,
  version: 'v4' | 'v6',
  kind: readonly [number, number],
  value: number,
  about: Buffer,
): void {
  writeFd(tun, icmpPacket(tunnelGateway[version], tunnelClient[version], icmpBody(kind, value, about)))
}

function icmpBody([type, code]: readonly [number, number], value: number, about: Buffer): Buffer {
  const header = Buffer.of(type, code, 0, 0, 0, 0, 0, 0)
  header.writeUInt32BE(value, 4)
  return Buffer.concat([header, about])
}

function wayTo(address: string): string {
  return ip('route', 'get', address)
}

function ip(...command: readonly string[]): string {
  return lab.client.run(() => execFileSync('ip', command, { encoding: 'utf8' }))
}
