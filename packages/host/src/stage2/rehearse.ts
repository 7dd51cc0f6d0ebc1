import { checkVpnConfig, snapshotVpnConfig } from '@vpnext/api'

/** Time for the service to answer a host that it wants now, in ms. */
const patienceMs = 50

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
 * Calls what the first `create` of an extension will call, so that V8 has compiled it: that takes a millisecond and more.
 * A host that was started ahead has the time; one that is wanted now is left alone.
 *
 * @param answered settles when the service wants the host
 */
export function rehearse(answered: Promise<unknown>): void {
  const timer = setTimeout(() => checkVpnConfig(snapshotVpnConfig(config)), patienceMs)
  const stop = (): void => clearTimeout(timer)
  answered.then(stop, stop)
}
