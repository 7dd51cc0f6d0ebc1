import { KEY_LENGTH } from '../constants.ts'

/** 43 characters and one of padding; the last one carries 4 bits, so only 16 of the 64 characters can stand there. */
const pattern = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

/** The 32 bytes of a key in base64. Returns `undefined` for anything but the 44 characters that {@link encodeKey} writes. */
export function decodeKey(text: string): Uint8Array | undefined {
  if (!pattern.test(text)) return undefined
  const bytes = new Uint8Array(KEY_LENGTH)
  // Written in place: `Buffer.from(text)` would leave a copy of a secret in Buffer's shared pool.
  Buffer.from(bytes.buffer).write(text, 'base64')
  return bytes
}

/** @param bytes 32 bytes @returns 44 characters of base64 */
export function encodeKey(bytes: Uint8Array): string {
  if (bytes.length !== KEY_LENGTH) throw new RangeError(`key: ${bytes.length} bytes, not ${KEY_LENGTH}`)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
