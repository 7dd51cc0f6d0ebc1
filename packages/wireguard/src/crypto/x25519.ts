import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { KEY_LENGTH } from '../constants.ts'
import { isZero } from './constant-time.ts'

/** PKCS#8 of an X25519 private key up to its 32 bytes (RFC 8410 section 7). */
const pkcs8 = Uint8Array.from(Buffer.from('302e020100300506032b656e04220420', 'hex'))

/** An X25519 public key (RFC 7748), parsed once and used often. */
export class X25519PublicKey {
  /** The key's 32 bytes. */
  readonly bytes: Uint8Array
  /** For {@link X25519PrivateKey.agree}. */
  readonly object: KeyObject

  /** @param bytes 32 bytes, copied; any value is a key, a low-order one agrees with nobody */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_LENGTH)
      throw new RangeError(`public key: ${bytes.length} bytes, not ${KEY_LENGTH}`)
    this.bytes = Uint8Array.from(bytes)
    // A raw key in DER costs 140 µs here, because OpenSSL tries one decoder after the other; a JWK goes straight in (16 µs).
    const x = Buffer.from(this.bytes).toString('base64url')
    this.object = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' })
  }
}

/** What a private key times is its public key (RFC 7748 section 4.1). */
const basePoint = new X25519PublicKey(Uint8Array.of(9, ...new Uint8Array(KEY_LENGTH - 1)))

/** An X25519 private key. Its bytes live in OpenSSL, which clears them when the key is collected. */
export class X25519PrivateKey {
  readonly publicKey: X25519PublicKey
  readonly #object: KeyObject

  private constructor(object: KeyObject) {
    // Not by export(): node holds the key's lock while that makes objects, and when garbage is collected in that moment
    // together with what is left of generateKeyPairSync(), whose destructor wants the lock too, the thread stands for ever.
    this.publicKey = new X25519PublicKey(diffieHellman({ privateKey: object, publicKey: basePoint.object }))
    this.#object = object
  }

  /** A new key, made by OpenSSL: its secret never passes through JavaScript. */
  static generate(): X25519PrivateKey {
    return new X25519PrivateKey(generateKeyPairSync('x25519').privateKey)
  }

  /** @param bytes 32 bytes, copied; the bits RFC 7748 section 5 clamps are ignored */
  static fromBytes(bytes: Uint8Array): X25519PrivateKey {
    if (bytes.length !== KEY_LENGTH)
      throw new RangeError(`private key: ${bytes.length} bytes, not ${KEY_LENGTH}`)
    const encoded = Buffer.concat([pkcs8, bytes])
    try {
      return new X25519PrivateKey(createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' }))
    } finally {
      encoded.fill(0)
    }
  }

  /**
   * DH of section 5.4: the shared secret, 32 bytes.
   *
   * @returns `undefined` for a public key of low order, whose secret would be all zeros (RFC 7748 section 6.1)
   */
  agree(other: X25519PublicKey): Uint8Array | undefined {
    try {
      const secret = diffieHellman({ privateKey: this.#object, publicKey: other.object })
      return isZero(secret) ? undefined : secret
    } catch {
      return undefined
    }
  }
}
