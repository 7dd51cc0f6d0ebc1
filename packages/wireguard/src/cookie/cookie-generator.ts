import { COOKIE_REFRESH_TIME, MAC_LENGTH } from '../constants.ts'
import { openExtended } from '../crypto/cookie-aead.ts'
import { decodeCookieReply } from '../messages/cookie-reply-message.ts'
import type { HandshakeMessageType } from '../messages/message-layout.ts'
import { type CookieKeys, cookieKeys, macOffsets, messageMac } from './cookie-keys.ts'

/** The cookie a peer gave us, and since when we have it, ms. */
type Cookie =
  { readonly kind: 'none' } | { readonly kind: 'held'; readonly value: Uint8Array; readonly at: number }

/** Fills in the macs of handshake messages to one peer (section 5.4.4), with the cookies that peer hands out. */
export class CookieGenerator {
  readonly #keys: CookieKeys
  readonly #lastMac1: Uint8Array = new Uint8Array(MAC_LENGTH)
  #awaiting: 'nothing' | 'reply' = 'nothing'
  #cookie: Cookie = { kind: 'none' }

  /** @param publicKey of the peer, 32 bytes */
  constructor(publicKey: Uint8Array) {
    this.#keys = cookieKeys(publicKey)
  }

  /** Writes mac1, and mac2 when there is a cookie younger than two minutes, into the message at the start of `bytes`. */
  addMacs(type: HandshakeMessageType, bytes: Uint8Array, now: number): void {
    const { mac1, mac2 } = macOffsets(type)
    this.#lastMac1.set(messageMac(this.#keys.mac1Key, bytes, 0, mac1))
    bytes.set(this.#lastMac1, mac1)
    this.#awaiting = 'reply'
    if (this.#cookie.kind === 'none') return
    if (now - this.#cookie.at >= COOKIE_REFRESH_TIME) this.#cookie = { kind: 'none' }
    else bytes.set(messageMac(this.#cookie.value, bytes, 0, mac2), mac2)
  }

  /**
   * Keeps the cookie of a reply (section 5.4.7). It is used from the next message on; nothing is sent because of it
   * (section 6.6).
   *
   * @returns false when it does not answer our last message
   */
  consumeReply(bytes: Uint8Array, offset: number, now: number): boolean {
    if (this.#awaiting === 'nothing') return false
    const { nonce, sealedCookie } = decodeCookieReply(bytes, offset)
    const value = openExtended(this.#keys.cookieKey, nonce, sealedCookie, this.#lastMac1)
    if (value === undefined) return false
    this.#cookie = { kind: 'held', value, at: now }
    this.#awaiting = 'nothing'
    return true
  }
}
