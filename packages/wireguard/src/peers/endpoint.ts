import type { Endpoint } from '@vpnext/packet'

/** A_m of section 5.4.7: address and port as bytes, 18 of them. */
export function endpointToBytes(endpoint: Endpoint): Uint8Array {
  const bytes = new Uint8Array(18)
  bytes.set(endpoint.mapped)
  bytes[16] = endpoint.port >>> 8
  bytes[17] = endpoint.port
  return bytes
}

/** Who is behind an address: all of an IPv4 address, the first 64 bits of an IPv6 one, whose owner has all the others. */
export function sourceKey(endpoint: Endpoint): string {
  const owner = endpoint.family === 4 ? endpoint.mapped : endpoint.mapped.subarray(0, 8)
  return Buffer.from(owner.buffer, owner.byteOffset, owner.byteLength).toString('latin1')
}
