import { type Address, addressWidth } from './address.ts'

/** The address in network byte order: 4 bytes for IPv4, 16 bytes for IPv6. A fresh array at each call. */
export function addressToBytes(address: Address): Uint8Array {
  const bytes = new Uint8Array(addressWidth(address.family) / 8)
  let rest = address.value
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/**
 * The address held by `bytes`, network byte order.
 *
 * @param bytes exactly 4 bytes (IPv4) or 16 bytes (IPv6); copied, not kept
 * @throws RangeError for any other length
 */
export function addressFromBytes(bytes: Uint8Array): Address {
  if (bytes.length !== 4 && bytes.length !== 16) {
    throw new RangeError(`an address has 4 or 16 bytes, not ${bytes.length}`)
  }
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return { family: bytes.length === 4 ? 4 : 6, value }
}
