import { generatePresharedKey, generatePrivateKey, publicKeyOf } from '@vpnext/wireguard'

import { labAddresses, labPorts, labPrefixLengths } from './addresses.ts'

/** Files of wg-quick(8) for the two ends of a tunnel. They hold keys: for a test's own eyes. */
export interface WireGuardConfs {
  /** For `WireGuardGateway.start`. */
  readonly gateway: string
  /** For the client: everything goes through the tunnel, DNS is the gateway's. */
  readonly client: string
}

/**
 * Makes keys and files for a client and the lab's gateway.
 *
 * @param options.endpoint of the gateway, `address:port` or `name:port`; default: its IPv4 address
 */
export function makeWireGuardConfs(options: { readonly endpoint?: string } = {}): WireGuardConfs {
  using gatewayKey = generatePrivateKey()
  using clientKey = generatePrivateKey()
  using presharedKey = generatePresharedKey()
  const { wireguardClient: client, wireguardGateway: gateway } = labAddresses
  const lengths = labPrefixLengths
  return {
    gateway: `[Interface]
PrivateKey = ${gatewayKey.reveal()}
ListenPort = ${labPorts.wireguard}
Address = ${gateway.v4}/${lengths.v4}, ${gateway.v6}/${lengths.v6}

[Peer]
PublicKey = ${publicKeyOf(clientKey)}
PresharedKey = ${presharedKey.reveal()}
AllowedIPs = ${client.v4}/32, ${client.v6}/128
`,
    client: `[Interface]
PrivateKey = ${clientKey.reveal()}
Address = ${client.v4}/${lengths.v4}, ${client.v6}/${lengths.v6}
DNS = ${gateway.v4}, ${gateway.v6}

[Peer]
PublicKey = ${publicKeyOf(gatewayKey)}
PresharedKey = ${presharedKey.reveal()}
AllowedIPs = 0.0.0.0/0, ::/0
Endpoint = ${options.endpoint ?? `${labAddresses.gateway.v4}:${labPorts.wireguard}`}
PersistentKeepalive = 25
`,
  }
}
