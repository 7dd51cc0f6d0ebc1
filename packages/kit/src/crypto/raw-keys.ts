import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'

import { derTag, writeDer, writeInteger } from './der.ts'

/** A kind of keys that are 32 bytes. */
export type RawKind = 'X25519' | 'Ed25519'

/** The identifiers of RFC 8410. */
const identifiers: Readonly<Record<RawKind, Buffer>> = {
  X25519: Buffer.from('06032b656e', 'hex'),
  Ed25519: Buffer.from('06032b6570', 'hex'),
}

/** @param bytes 32, as RFC 7748 and 8032 write them. @throws Error of OpenSSL */
export function rawPrivateKey(kind: RawKind, bytes: Uint8Array): KeyObject {
  const key = writeDer(
    derTag.sequence,
    writeInteger(0n),
    writeDer(derTag.sequence, identifiers[kind]),
    writeDer(derTag.octets, writeDer(derTag.octets, bytes)),
  )
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

/** @param bytes 32, as RFC 7748 and 8032 write them. @throws Error of OpenSSL */
export function rawPublicKey(kind: RawKind, bytes: Uint8Array): KeyObject {
  const key = writeDer(
    derTag.sequence,
    writeDer(derTag.sequence, identifiers[kind]),
    writeDer(derTag.bits, Buffer.alloc(1), bytes),
  )
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

/** The 32 bytes of such a key: they end both encodings. */
export function rawKey(key: KeyObject): Buffer {
  const der =
    key.type === 'public'
      ? key.export({ type: 'spki', format: 'der' })
      : key.export({ type: 'pkcs8', format: 'der' })
  return Buffer.from(der.subarray(-32))
}
