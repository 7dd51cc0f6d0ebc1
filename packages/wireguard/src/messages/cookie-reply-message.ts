import { COOKIE_NONCE_LENGTH, MAC_LENGTH, TAG_LENGTH } from '../constants.ts'
import { readUint32, writeUint32 } from './fields.ts'
import { CookieReply, MessageType } from './message-layout.ts'

/** What a cookie reply says (section 5.4.7). */
export interface CookieReplyFields {
  /** The sender of the message it answers. */
  readonly receiver: number
  /** 24 random bytes. */
  readonly nonce: Uint8Array
  /** The sealed cookie, 32 bytes. */
  readonly sealedCookie: Uint8Array
}

/** Writes 64 bytes at `offset`. */
export function encodeCookieReply(bytes: Uint8Array, offset: number, fields: CookieReplyFields): void {
  writeUint32(bytes, offset, MessageType.cookieReply)
  writeUint32(bytes, offset + CookieReply.receiver, fields.receiver)
  bytes.set(fields.nonce, offset + CookieReply.nonce)
  bytes.set(fields.sealedCookie, offset + CookieReply.cookie)
}

/** The fields of the 64 bytes at `offset`, whose type was found right. The arrays are views. */
export function decodeCookieReply(bytes: Uint8Array, offset: number): CookieReplyFields {
  const nonce = offset + CookieReply.nonce
  const cookie = offset + CookieReply.cookie
  return {
    receiver: readUint32(bytes, offset + CookieReply.receiver),
    nonce: bytes.subarray(nonce, nonce + COOKIE_NONCE_LENGTH),
    sealedCookie: bytes.subarray(cookie, cookie + MAC_LENGTH + TAG_LENGTH),
  }
}
