import { Fd, socketPair } from '@vpnext/native'
import { hostInterface } from '@vpnext/service/protocol'
import { createPeer, withFds } from '@vpnext/varlink'
import { closeSync, openSync } from 'node:fs'

import { serviceCalls } from '../service-calls.ts'
import { ProcessNet } from './process-net.ts'
import { Tunnels } from './tunnels.ts'
import { VpnConnection } from './vpn-connection.ts'

/** V8 has compiled what is called that often. */
const times = 10

const address = (text: string, family: number): object => ({ address: text, family, port: 0 })

/** With every part that configs usually have; documentation addresses, which nobody has. */
const config = {
  addresses: [
    { address: address('192.0.2.1', 1), prefixLength: 24 },
    { address: address('2001:db8::1', 2), prefixLength: 64 },
  ],
  routes: [
    {
      interface: 'vpn-tun',
      destination: { address: address('198.51.100.0', 1), prefixLength: 24 },
      gateway: address('', 1),
      hasGateway: false,
      isDefaultRoute: false,
    },
  ],
  dnsAddresses: ['192.0.2.53'],
  searchDomains: ['example.com'],
  mtu: 1400,
}

/** What stands in for the service: it gives /dev/null for a TUN. */
const answers = {
  interface: hostInterface,
  handlers: new Map([
    [
      'CreateVpn',
      () => withFds({ interfaceName: 'vpn-tun', warnings: [] }, [Fd.adopt(openSync('/dev/null', 'r'))]),
    ],
    ['DestroyVpn', () => ({})],
  ]),
}

/**
 * Goes the way of `create` and `destroy` within this process, from the extension's call to its answer, so that V8 has compiled it
 * when an extension calls: the first `create` takes half a millisecond less. Nobody outside hears of it.
 *
 * @param signal looked at between two rounds; aborted, it resolves
 * @throws SystemError when no socket can be made
 */
export async function rehearseCreate(signal: AbortSignal): Promise<void> {
  const [near, far] = socketPair('seqpacket')
  await using _service = createPeer(far, { interfaces: [answers] })
  await using peer = createPeer(near, { interfaces: [] })
  const service = serviceCalls(peer)
  using tunnels = new Tunnels(service)
  const connection = new VpnConnection(tunnels, new ProcessNet(service, tunnels, () => undefined))
  for (let time = 0; time < times && !signal.aborted; time++) {
    const descriptor = await connection.create(config)
    await connection.destroy()
    // It is no TUN, so it counts as the extension's own by now.
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
