import { setTimeout as sleep } from 'node:timers/promises'

import { labAddresses, labHostName, labLinks, labPorts } from './addresses.ts'
import type { AddressPair } from './addresses.ts'
import { DnsResponder } from './dns-responder.ts'
import { EchoServer } from './echo-server.ts'
import { Namespace } from './namespace.ts'
import { PlainUdpGateway } from './plain-udp-gateway.ts'
import { udpProbe } from './probe.ts'
import { settleAddresses } from './settle-addresses.ts'
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
    for (const host of Object.values<Namespace>({ ...hosts }))
      await settleAddresses(host, { linkLocal: true })
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
