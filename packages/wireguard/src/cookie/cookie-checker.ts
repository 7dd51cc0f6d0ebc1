import { COOKIE_NONCE_LENGTH, COOKIE_REFRESH_TIME, KEY_LENGTH, MAC_LENGTH } from '../constants.ts'
import { mac } from '../crypto/blake2s.ts'
import { equalBytes, isZero } from '../crypto/constant-time.ts'
import { sealExtended } from '../crypto/cookie-aead.ts'
import { encodeCookieReply } from '../messages/cookie-reply-message.ts'
import { readUint32 } from '../messages/fields.ts'
import { CookieReply, type HandshakeMessageType, Initiation } from '../messages/message-layout.ts'
import { type CookieKeys, cookieKeys, macOffsets, messageMac } from './cookie-keys.ts'

/** The secret R_m of section 5.4.7, from which cookies are made. */
type Secret =
  { readonly kind: 'none' } | { readonly kind: 'made'; readonly value: Uint8Array; readonly at: number }

/** Checks the macs of handshake messages that arrive, and makes the cookies for mac2 (sections 5.3, 5.4.4 and 5.4.7). */
export class CookieChecker implements Disposable {
  readonly #keys: CookieKeys
  readonly #random: (bytes: Uint8Array) => void
  #secret: Secret = { kind: 'none' }

  /** @param publicKey ours, 32 bytes @param random fills an array with random bytes */
  constructor(publicKey: Uint8Array, random: (bytes: Uint8Array) => void) {
    this.#keys = cookieKeys(publicKey)
    this.#random = random
  }

  /** Whether the sender knows our public key. The message of this type begins at `offset`. */
  hasMac1(type: HandshakeMessageType, bytes: Uint8Array, offset: number): boolean {
    const { mac1 } = macOffsets(type)
    const given = bytes.subarray(offset + mac1, offset + mac1 + MAC_LENGTH)
    return equalBytes(messageMac(this.#keys.mac1Key, bytes, offset, mac1), given)
  }

  /**
   * Whether the sender holds a cookie of ours, so that `source` is really where it is.
   *
   * @param source address and port as bytes
   * @param now ms
   */
  hasMac2(
    type: HandshakeMessageType,
    bytes: Uint8Array,
    offset: number,
    source: Uint8Array,
    now: number,
  ): boolean {
    const secret = this.#secret
    if (secret.kind === 'none' || now - secret.at >= COOKIE_REFRESH_TIME) return false
    const { mac2 } = macOffsets(type)
    const given = bytes.subarray(offset + mac2, offset + mac2 + MAC_LENGTH)
    // Who has no cookie sends zeros (section 5.4.4), which take no time to refuse.
    if (isZero(given)) return false
    const cookie = mac(secret.value, source)
    return equalBytes(messageMac(cookie, bytes, offset, mac2), given)
  }

  /** Makes the cookie reply, 64 bytes, to the handshake message at `offset`, whose mac1 is right. */
  createReply(
    type: HandshakeMessageType,
    bytes: Uint8Array,
    offset: number,
    source: Uint8Array,
    now: number,
  ): Uint8Array {
    const { mac1 } = macOffsets(type)
    const additional = bytes.subarray(offset + mac1, offset + mac1 + MAC_LENGTH)
    const nonce = new Uint8Array(COOKIE_NONCE_LENGTH)
    this.#random(nonce)
    const cookie = mac(this.#freshSecret(now), source)
    const reply = new Uint8Array(CookieReply.length)
    encodeCookieReply(reply, 0, {
      receiver: readUint32(bytes, offset + Initiation.sender),
      nonce,
      sealedCookie: sealExtended(this.#keys.cookieKey, nonce, cookie, additional),
    })
    return reply
  }

  [Symbol.dispose](): void {
    if (this.#secret.kind === 'made') this.#secret.value.fill(0)
    this.#secret = { kind: 'none' }
  }

  #freshSecret(now: number): Uint8Array {
    const old = this.#secret
    if (old.kind === 'made' && now - old.at < COOKIE_REFRESH_TIME) return old.value
    this[Symbol.dispose]()
    const value = new Uint8Array(KEY_LENGTH)
    this.#random(value)
    this.#secret = { kind: 'made', value, at: now }
    return value
  }
}
