import { CONSTRUCTION, IDENTIFIER } from '../constants.ts'
import { deriveKeys, hash } from '../crypto/blake2s.ts'
import { open, seal } from '../crypto/handshake-aead.ts'

const initialChainKey = hash(CONSTRUCTION)
const initialHash = hash(initialChainKey, IDENTIFIER)

/** The keys of a session as they leave the handshake (section 5.4.5). Whoever takes them wipes them. */
export interface SessionKeys {
  /** 32 bytes: seals what we send. */
  readonly sending: Uint8Array
  /** 32 bytes: opens what we receive. */
  readonly receiving: Uint8Array
}

/**
 * What a handshake knows at one moment: C (the chaining key), H (the hash of everything said) and κ (the key of the next
 * sealed field) of section 5.4. Disposing overwrites them.
 */
export class SymmetricState implements Disposable {
  #chainKey: Uint8Array
  #hash: Uint8Array
  #key: Uint8Array | undefined

  private constructor(chainKey: Uint8Array, transcript: Uint8Array) {
    this.#chainKey = chainKey
    this.#hash = transcript
  }

  /** The beginning of every handshake. @param responder the responder's public key, 32 bytes */
  static start(responder: Uint8Array): SymmetricState {
    return new SymmetricState(Uint8Array.from(initialChainKey), hash(initialHash, responder))
  }

  /** A copy, for trying a message that may be forged without spoiling the state. */
  clone(): SymmetricState {
    return new SymmetricState(Uint8Array.from(this.#chainKey), Uint8Array.from(this.#hash))
  }

  /** H := HASH(H ‖ data) */
  mixHash(data: Uint8Array): void {
    this.#hash = hash(this.#hash, data)
  }

  /** C := KDF1(C, input) */
  mixChainKey(input: Uint8Array): void {
    const [chainKey] = deriveKeys(this.#chainKey, input, 1)
    this.#advance(chainKey, undefined)
  }

  /** (C, κ) := KDF2(C, secret) */
  mixKey(secret: Uint8Array): void {
    const [chainKey, key] = deriveKeys(this.#chainKey, secret, 2)
    this.#advance(chainKey, key)
  }

  /** (C, τ, κ) := KDF3(C, Q); H := HASH(H ‖ τ) (section 5.2) */
  mixPresharedKey(presharedKey: Uint8Array): void {
    const [chainKey, extra, key] = deriveKeys(this.#chainKey, presharedKey, 3)
    if (extra !== undefined) this.mixHash(extra)
    extra?.fill(0)
    this.#advance(chainKey, key)
  }

  /** Seals a field under κ and mixes it in. */
  sealAndMix(plaintext: Uint8Array): Uint8Array {
    const sealed = seal(this.#requireKey(), plaintext, this.#hash)
    this.mixHash(sealed)
    return sealed
  }

  /** Opens a field under κ and mixes it in. Returns `undefined`, and mixes nothing, when it is forged. */
  openAndMix(sealed: Uint8Array): Uint8Array | undefined {
    const plaintext = open(this.#requireKey(), sealed, this.#hash)
    if (plaintext !== undefined) this.mixHash(sealed)
    return plaintext
  }

  /** (T_send, T_recv) := KDF2(C, ε), the other way round for the responder (section 5.4.5). Ends this state. */
  split(role: 'initiator' | 'responder'): SessionKeys {
    const [first, second] = deriveKeys(this.#chainKey, new Uint8Array(0), 2)
    this[Symbol.dispose]()
    if (first === undefined || second === undefined) throw new Error('unreachable: KDF2 gives two keys')
    return role === 'initiator'
      ? { sending: first, receiving: second }
      : { sending: second, receiving: first }
  }

  [Symbol.dispose](): void {
    this.#chainKey.fill(0)
    this.#hash.fill(0)
    this.#key?.fill(0)
  }

  #advance(chainKey: Uint8Array | undefined, key: Uint8Array | undefined): void {
    if (chainKey === undefined) throw new Error('unreachable: a KDF gives at least one key')
    this.#chainKey.fill(0)
    this.#key?.fill(0)
    this.#chainKey = chainKey
    this.#key = key
  }

  #requireKey(): Uint8Array {
    if (this.#key === undefined) throw new Error('handshake: no key was mixed in yet')
    return this.#key
  }
}
