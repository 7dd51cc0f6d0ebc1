import { LABEL_COOKIE, LABEL_MAC1 } from '../constants.ts'
import { hash, mac } from '../crypto/blake2s.ts'
import { Initiation, type HandshakeMessageType, MessageType, Response } from '../messages/message-layout.ts'

/** The two keys that everybody can compute who knows the receiver's public key (sections 5.4.4 and 5.4.7). */
export interface CookieKeys {
  readonly mac1Key: Uint8Array
  readonly cookieKey: Uint8Array
}

/** @param publicKey of the receiver of the messages, 32 bytes */
export function cookieKeys(publicKey: Uint8Array): CookieKeys {
  return { mac1Key: hash(LABEL_MAC1, publicKey), cookieKey: hash(LABEL_COOKIE, publicKey) }
}

/** Where the macs of a handshake message begin, bytes from its own beginning. */
export function macOffsets(type: HandshakeMessageType): { readonly mac1: number; readonly mac2: number } {
  return type === MessageType.initiation ? Initiation : Response
}

/** The mac of the first `length` bytes of the message at `offset`; 16 bytes. */
export function messageMac(key: Uint8Array, bytes: Uint8Array, offset: number, length: number): Uint8Array {
  return mac(key, bytes.subarray(offset, offset + length))
}
