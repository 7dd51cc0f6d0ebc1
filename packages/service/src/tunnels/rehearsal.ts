/** A config as most extensions have it, for a rehearsal: documentation addresses, which nobody has. */
export const usualConfig: unknown = {
  addresses: [
    { address: { address: '192.0.2.1', family: 1 }, prefixLength: 24 },
    { address: { address: '2001:db8::1', family: 2 }, prefixLength: 64 },
  ],
  dnsAddresses: ['192.0.2.53'],
  mtu: 1400,
}
