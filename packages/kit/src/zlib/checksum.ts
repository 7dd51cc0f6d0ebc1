import { crc32, crcTable } from '@vpnext/arkts/zip'
import { types } from 'node:util'

import { asyncForm } from '../call-forms.ts'
import { integerParameter, parameterError } from '../parameters.ts'
import { missingMembers } from '../provided.ts'

/** Largest prime below 65536 (RFC 1950, section 9). */
const adlerBase = 65521

const read = ([before, data]: readonly unknown[]): { before: number; bytes: Uint8Array } => ({
  before: integerParameter(before, 'checksum'),
  bytes: bufferParameter(data),
})

/** `zlib.Checksum`: numbers of 32 bits; each call goes on from the checksum of what came before. */
export class Checksum {
  /** Begins with 1 (RFC 1950, section 8.2). */
  readonly adler32: (...args: unknown[]) => Promise<number> | undefined = asyncForm(
    read,
    async ({ before, bytes }) => adler32(before, bytes),
  )
  /** Begins with 0. */
  readonly crc32: (...args: unknown[]) => Promise<number> | undefined = asyncForm(
    read,
    async ({ before, bytes }) => crc32(bytes, before),
  )
  readonly getCrcTable: (...args: unknown[]) => Promise<number[]> | undefined = asyncForm(
    () => undefined,
    async () => [...crcTable],
  )

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('zlib.Checksum'))
  }
}

function adler32(before: number, bytes: Uint8Array): number {
  let low = before & 0xffff
  let high = (before >>> 16) & 0xffff
  for (const byte of bytes) {
    low = (low + byte) % adlerBase
    high = (high + low) % adlerBase
  }
  return ((high << 16) | low) >>> 0
}

function bufferParameter(value: unknown): Uint8Array {
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value)
  throw parameterError('buf', 'is not an ArrayBuffer')
}
