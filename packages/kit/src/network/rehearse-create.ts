import { checkVpnConfig, snapshotVpnConfig } from '@vpnext/api'

const address = (text: string, family: number): object => ({ address: text, family, port: 0 })

/** With every part that configs usually have. */
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

/**
 * Does what `create` does before it asks the service, so that V8 has compiled it and the processor's caches hold it: the
 * first time takes a millisecond and more.
 */
export function rehearseCreate(): void {
  checkVpnConfig(snapshotVpnConfig(config))
}
