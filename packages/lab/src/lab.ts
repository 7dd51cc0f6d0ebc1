import { setTimeout as sleep } from 'node:timers/promises'

import { labAddresses, labHostName, labLinks, labPorts } from './addresses.ts'
import type { AddressPair } from './addresses.ts'
import { DnsResponder } from './dns-responder.ts'
import { EchoServer } from './echo-server.ts'
import { Namespace } from './namespace.ts'
import { PlainUdpGateway } from './plain-udp-gateway.ts'
import { udpProbe } from './probe.ts'
import { address, connectHosts } from './topology.ts'
import type { Hosts } from './topology.ts'

/** A small internet of its own. Disposing it ends its servers and programs; the namespaces go with this process anyway. */
export interface Lab extends Hosts, AsyncDisposable {
  /** On the internet host: tells its clients the address they appear with. */
  readonly echo: EchoServer
  /** On the router: what a client asks whose queries leave the tunnel. */
  readonly uplinkDns: DnsResponder
  /** On the gateway's addresses inside the tunnel. */
  readonly tunnelDns: DnsResponder
  /** On the gateway: the other end of a plain UDP tunnel. */
  readonly plainGateway: PlainUdpGateway
}

const warmUpMs = 10_000
const warmUpProbeMs = 200
const warmUpPauseMs = 10

/** What one UDP datagram of the plain tunnel may carry on an uplink of 1500 bytes, with room to spare. */
const tunnelMtu = 1400

/**
 * Builds a lab: four namespaces, their links and servers, see `labAddresses`. Every host has talked to its neighbours
 * when it returns, so captures show no first ARP or neighbour discovery. Call it on the main thread, as root or as root
 * of a user namespace (`unshare -Urn`).
 *
 * @throws SystemError EPERM without the privileges, ENOSYS without libnftables; nothing is left then
 * @throws the signal's reason when it aborts
 */
export async function createLab(options: { readonly signal?: AbortSignal } = {}): Promise<Lab> {
  const owned: AsyncDisposable[] = []
  const own = <T extends AsyncDisposable>(resource: T): T => {
    owned.push(resource)
    return resource
  }
  const dispose = async (): Promise<void> => {
    for (const resource of owned.splice(0).toReversed()) await resource[Symbol.asyncDispose]()
  }
  try {
    options.signal?.throwIfAborted()
    const hosts: Hosts = {
      client: own(Namespace.create('client')),
      router: own(Namespace.create('router')),
      gateway: own(Namespace.create('gateway')),
      internet: own(Namespace.create('internet')),
    }
    connectHosts(hosts)
    const servers = await startServers(hosts, own)
    await warmUp(hosts, options.signal)
    await waitForLinkLocals(hosts)
    return { ...hosts, ...servers, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function startServers(
  { router, gateway, internet }: Hosts,
  own: <T extends AsyncDisposable>(resource: T) => T,
): Promise<Pick<Lab, 'echo' | 'uplinkDns' | 'tunnelDns' | 'plainGateway'>> {
  const names = new Map<string, AddressPair>([[labHostName, labAddresses.internet]])
  const echo = own(await EchoServer.open(internet, labAddresses.internet, labPorts.echo))
  const uplinkDns = own(new DnsResponder(router, labAddresses.router, labPorts.dns, names))
  const plainGateway = own(
    new PlainUdpGateway(gateway, {
      address: labAddresses.gateway.v4,
      port: labPorts.plainGateway,
      tunName: labLinks.gatewayTunnel,
    }),
  )
  using rtnetlink = gateway.rtnetlink()
  const index = gateway.linkIndex(labLinks.gatewayTunnel)
  rtnetlink.apply([{ op: 'setLink', index, mtu: tunnelMtu }])
  address(gateway, labLinks.gatewayTunnel, labAddresses.tunnelGateway)
  const tunnelDns = own(new DnsResponder(gateway, labAddresses.tunnelGateway, labPorts.dns, names))
  return { echo, uplinkDns, tunnelDns, plainGateway }
}

/** Lets every pair of neighbours find each other, and shows that the lab carries packets at all. */
async function warmUp({ client, gateway }: Hosts, signal: AbortSignal | undefined): Promise<void> {
  const expectations: [Namespace, AddressPair][] = [
    [client, labAddresses.client],
    [gateway, labAddresses.gateway],
  ]
  for (const [host, own] of expectations) {
    for (const version of ['v4', 'v6'] as const) await warmUpPath(host, version, own[version], signal)
  }
}

/** The loopback interface of every namespace, which has no link-local address. */
const loopbackIndex = 1

/** Probes until it works: the kernel takes up to a second to notice that links run (net/core/link_watch.c). */
async function warmUpPath(
  host: Namespace,
  version: 'v4' | 'v6',
  own: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = performance.now() + warmUpMs
  const options = { timeoutMs: warmUpProbeMs, ...(signal === undefined ? {} : { signal }) }
  for (;;) {
    const seen = await udpProbe(host, labAddresses.internet[version], options)
    if (seen === own) return
    if (performance.now() > end) throw new Error(`lab: ${host.name} appears as ${seen}, not as ${own}`)
    await sleep(warmUpPauseMs)
  }
}

/**
 * The kernel gives each link its IPv6 link-local address a moment after the link runs, and puts the address's route in
 * after it shows the address (net/ipv6/addrconf.c). A lab is ready with the routes: of two snapshots of an unchanged
 * network only the later one would show them, and while they are put in, a packet may miss a route that is there
 * (one in a thousand labs sent its first packet to its own address out on the TUN device).
 */
async function waitForLinkLocals(hosts: Hosts): Promise<void> {
  const end = performance.now() + warmUpMs
  for (;;) {
    const missing = Object.values<Namespace>({ ...hosts }).flatMap(linksWithoutLinkLocal)
    if (missing.length === 0) return
    if (performance.now() > end) throw new Error(`lab: no link-local address on ${missing.join(', ')}`)
    await sleep(warmUpPauseMs)
  }
}

function linksWithoutLinkLocal(host: Namespace): string[] {
  using rtnetlink = host.rtnetlink()
  const routed = new Set(
    rtnetlink
      .routes()
      .filter((one) => one.type === 'local' && one.destination.startsWith('fe80:'))
      .map(({ index }) => index),
  )
  const links = rtnetlink.links().filter(({ index }) => index !== loopbackIndex && !routed.has(index))
  return links.map(({ name }) => `${host.name} ${name}`)
}
