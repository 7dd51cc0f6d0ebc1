import { type Address, formatAddress, parseAddress } from '@vpnext/ip'

/** An address as sock_diag gives it. An IPv6 socket that talks IPv4 has ::ffff:192.0.2.1 (RFC 4291 section 2.5.5.2). */
export function socketAddress(text: string): Address | undefined {
  const address = parseAddress(text)
  if (address?.family === 6 && address.value >> 32n === 0xffffn) {
    return { family: 4, value: address.value & 0xffff_ffffn }
  }
  return address
}

/** The canonical text of {@link socketAddress}. */
export function plainAddress(text: string): string {
  const address = socketAddress(text)
  return address === undefined ? text : formatAddress(address)
}

export function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n
}
