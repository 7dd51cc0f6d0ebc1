/** IP version of an address or a prefix. */
export type Family = 4 | 6

/**
 * An IP address as a number. Plain data: two addresses are equal when both members are.
 *
 * `value` is the address in network order read as one unsigned integer: 0 to 2^32 - 1 for IPv4, 0 to 2^128 - 1 for IPv6.
 */
export interface Address {
  readonly family: Family
  readonly value: bigint
}

/** Number of bits of an address: 32 for IPv4, 128 for IPv6. */
export function addressWidth(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128
}

/** True when both are the same address of the same family. `::ffff:10.0.0.1` and `10.0.0.1` are not. */
export function addressEquals(a: Address, b: Address): boolean {
  return a.family === b.family && a.value === b.value
}

/** Sort order: IPv4 before IPv6, then by value. Returns a negative number, 0 or a positive number. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family
  if (a.value === b.value) return 0
  return a.value < b.value ? -1 : 1
}
