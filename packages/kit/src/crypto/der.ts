/** One element of DER (X.690): its tag, and what it holds. */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
}

export const derTag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  name: 0x06,
  sequence: 0x30,
  /** `[0]` and `[1]`, constructed: parameters and public key of a private key of RFC 5915. */
  parameters: 0xa0,
  publicKey: 0xa1,
} as const

/**
 * @param bytes what a sequence holds, or any other run of elements; lengths of up to three bytes
 * @throws Error for what ends too early
 */
export function readDer(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length;) {
    const tag = bytes.readUInt8(at)
    const first = bytes.readUInt8(at + 1)
    const lengthBytes = first < 0x80 ? 0 : first - 0x80
    const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes)
    const start = at + 2 + lengthBytes
    if (start + length > bytes.length) throw new RangeError('DER ends too early')
    elements.push({ tag, content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return elements
}

/** What the sequence that `bytes` is holds. */
export function readSequence(bytes: Buffer): DerElement[] {
  const [only] = readDer(bytes)
  if (only?.tag !== derTag.sequence) throw new RangeError('DER without a sequence')
  return readDer(only.content)
}

/** One element, with its tag and length. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const wide = content.length > 0xff
  const length = Buffer.alloc(wide ? 2 : 1)
  length.writeUIntBE(content.length, 0, length.length)
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, content])
}

/** A number that is not negative, as an INTEGER. */
export function writeInteger(value: bigint): Buffer {
  const bytes = bigEndian(value)
  return writeDer(derTag.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
}

/** @param bytes most significant first, as in an INTEGER that is not negative */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

/**
 * @param length of the result, which is filled up with zeros; without it as many bytes as needed
 * @throws RangeError when they are too few, or the number is negative
 */
export function bigEndian(value: bigint, length?: number): Buffer {
  const digits = value.toString(16)
  const size = length ?? Math.max(1, Math.ceil(digits.length / 2))
  if (value < 0n || digits.length > size * 2) throw new RangeError(`a number without ${size} bytes`)
  return Buffer.from(digits.padStart(size * 2, '0'), 'hex')
}
