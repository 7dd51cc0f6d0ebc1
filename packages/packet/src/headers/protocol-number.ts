/** Protocol numbers of IANA that this package reads. Extension headers of IPv6 are among them. */
export const protocolNumber = {
  hopByHop: 0,
  icmp: 1,
  tcp: 6,
  udp: 17,
  routing: 43,
  fragment: 44,
  authentication: 51,
  icmpv6: 58,
  noNextHeader: 59,
  destinationOptions: 60,
} as const
