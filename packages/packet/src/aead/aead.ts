/** Bytes that sealing adds. */
export const tagLength = 16
/** Bytes of a key. */
export const keyLength = 32
/**
 * The highest counter. A sender at 10^7 packets a second reaches it after 28 years; WireGuard's own limits are 2^60 and
 * 2^64 - 2^13.
 */
export const lastCounter: number = Number.MAX_SAFE_INTEGER

/**
 * Seals packets with one key: ChaCha20-Poly1305 (RFC 8439), no additional data, nonce = 4 zero bytes and a 64-bit
 * little-endian counter, as in WireGuard. The counter is made inside and only goes up, so no nonce is used twice.
 */
export interface Sealer extends Disposable {
  /** The counter of the next packet: what a frame's header must hold. */
  readonly counter: number
  /**
   * Seals `length` bytes at `source` and writes `length + 16` bytes to `target`. The areas are the same or do not overlap.
   *
   * @param length 0 or more
   * @returns the counter that was used
   * @throws RangeError after counter 2^53 - 1, and for areas that are not in the arena; Error after disposal
   */
  seal(source: number, length: number, target: number): number
  /** Overwrites the key. */
  [Symbol.dispose](): void
}

/** Opens packets that a {@link Sealer} with the same key has sealed. Which counters were seen before is not its business. */
export interface Opener extends Disposable {
  /**
   * Opens `length` bytes at `source` and writes `length - 16` bytes to `target`. The areas are the same or do not overlap.
   * After a failure `target` holds garbage that must not be used.
   *
   * @param counter 0 to 2^53 - 1; anything else opens nothing
   * @returns the length of the contents, or -1 when the packet is not authentic
   * @throws RangeError for areas that are not in the arena; Error after disposal
   */
  open(source: number, length: number, target: number, counter: number): number
  /** Overwrites the key. */
  [Symbol.dispose](): void
}

/** An implementation, bound to an arena: offsets are in it. Dispose its sealers and openers first, to wipe their keys. */
export interface AeadBackend extends Disposable {
  readonly name: 'primitives' | 'openssl' | 'node-crypto'
  /** Whether a packet takes one foreign call: of `primitives`, where processor and policy let code be made at run time. */
  readonly oneCall: boolean
  /**
   * @param key 32 bytes that nobody else uses to seal. They are taken: the array is zeroed, so that no second sealer can
   * be made of it.
   * @throws RangeError when it has another length or is all zeros
   */
  sealer(key: Uint8Array): Sealer
  /** @param key 32 bytes; the array is zeroed. @throws as {@link sealer} */
  opener(key: Uint8Array): Opener
  /** Gives its memory back. Its sealers and openers must not be used any more. */
  [Symbol.dispose](): void
}
