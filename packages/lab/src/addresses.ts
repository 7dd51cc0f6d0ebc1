/** One host's address of each family. */
export interface AddressPair {
  readonly v4: string
  readonly v6: string
}

/**
 * Who has which address. Only documentation, private and unique-local ranges, so that nothing real is ever meant.
 *
 * ```
 *  client c0 ── r-client router r-gateway ── g0 gateway (g-tun: inside of the tunnel)
 *                          r-internet ── i0 internet (echo server)
 * ```
 */
export const labAddresses = {
  client: { v4: '10.77.1.2', v6: 'fd77:1::2' },
  /** The router as the client sees it; also the resolver of the uplink. */
  router: { v4: '10.77.1.1', v6: 'fd77:1::1' },
  routerAtGateway: { v4: '10.77.2.1', v6: 'fd77:2::1' },
  routerAtInternet: { v4: '203.0.113.1', v6: '2001:db8:113::1' },
  /** The VPN server from outside; tunnelled traffic leaves with these addresses. */
  gateway: { v4: '10.77.2.2', v6: 'fd77:2::2' },
  internet: { v4: '203.0.113.80', v6: '2001:db8:113::80' },
  /** The VPN server from inside the tunnel; also the tunnel's resolver. */
  tunnelGateway: { v4: '10.8.0.1', v6: 'fd08::1' },
  /** For the client's TUN device. The lab does not make that device. */
  tunnelClient: { v4: '10.8.0.5', v6: 'fd08::5' },
  /** The same for WireGuard, which has a network of its own inside. */
  wireguardGateway: { v4: '10.9.0.1', v6: 'fd09::1' },
  wireguardClient: { v4: '10.9.0.5', v6: 'fd09::5' },
} as const

/** Prefix lengths of all networks of the lab, the tunnel's included. */
export const labPrefixLengths = { v4: 24, v6: 64 } as const

/** Interface names. */
export const labLinks = {
  client: 'c0',
  routerToClient: 'r-client',
  routerToGateway: 'r-gateway',
  routerToInternet: 'r-internet',
  gateway: 'g0',
  gatewayTunnel: 'g-tun',
  gatewayWireGuard: 'g-wg',
  internet: 'i0',
} as const

export const labPorts = { echo: 7, dns: 53, plainGateway: 4400, wireguard: 51820 } as const

/** The one name that both resolvers know; its addresses are the internet host's. */
export const labHostName = 'www.lab.test'
