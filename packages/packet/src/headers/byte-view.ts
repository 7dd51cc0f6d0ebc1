import { addressFromBytes, addressToBytes, formatAddress, parseAddress } from '@vpnext/ip'

/** A DataView of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A copy of a part. `slice` would share memory where the bytes are a Buffer. */
export function copyOf(bytes: Uint8Array, start: number, end?: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end))
}

/** The text of a 4- or 16-byte address. */
export function addressText(bytes: Uint8Array): string {
  return formatAddress(addressFromBytes(bytes))
}

/** The bytes of an address. @throws RangeError naming `field` */
export function addressBytes(text: string, family: 4 | 6, field: string): Uint8Array {
  const address = parseAddress(text)
  if (address?.family !== family) throw new RangeError(`${field}: ${text} is not an IPv${family} address`)
  return addressToBytes(address)
}

/** Checks an unsigned field of `bits` bits. @throws RangeError naming `field` */
export function checkField(value: number, bits: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
    throw new RangeError(`${field}: ${value} does not fit ${bits} bits`)
  }
  return value
}
