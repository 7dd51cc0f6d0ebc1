/**
 * ChaCha20-Poly1305 with one key and any nonce: what a backend provides. It stays inside this package, because whoever
 * chooses nonces can repeat them.
 */
export interface Cipher extends Disposable {
  /** Seals with the nonce at {@link CipherSet.nonce}. @param associated offset of additional data, only authenticated */
  seal(source: number, length: number, target: number, associated?: number, associatedLength?: number): void
  /** Opens with the nonce at {@link CipherSet.nonce}. @param length with the tag @returns whether it is authentic */
  open(
    source: number,
    length: number,
    target: number,
    associated?: number,
    associatedLength?: number,
  ): boolean
}

/** A backend on an arena. Disposing it ends all its ciphers; keys are wiped by disposing these. */
export interface CipherSet extends Disposable {
  /** Offset of the 12 bytes that all its ciphers take their nonce from. */
  readonly nonce: number
  /** See `AeadBackend`. */
  readonly oneCall: boolean
  /** A cipher for one direction. The key is copied. */
  create(key: Uint8Array, direction: 'seal' | 'open'): Cipher
}

/** Bytes of a nonce. */
export const nonceLength = 12
