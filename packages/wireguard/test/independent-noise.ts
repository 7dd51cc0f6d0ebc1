import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { blake2s } from '@noble/hashes/blake2.js'
import { hmac } from '@noble/hashes/hmac.js'

/*
 * The handshake of the paper's section 5.4 once more, in another style: BigInt arithmetic for the curve, pure JavaScript
 * for hash and cipher, one flat script of equations for both sides. Slow, straightforward, and shares no line with src.
 */

const P = 2n ** 255n - 19n
const hash = (...parts: Uint8Array[]): Uint8Array => blake2s(Buffer.concat(parts))
const mac = (key: Uint8Array, input: Uint8Array): Uint8Array => blake2s(input, { key, dkLen: 16 })
const text = (ascii: string): Uint8Array => Buffer.from(ascii, 'latin1')
const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`)
const sealed = (key: Uint8Array, plain: Uint8Array, additional: Uint8Array): Uint8Array =>
  chacha20poly1305(key, new Uint8Array(12), additional).encrypt(plain)

function kdf(key: Uint8Array, input: Uint8Array, count: number): Uint8Array[] {
  const t0 = hmac(blake2s, key, input)
  const t = [new Uint8Array(0)]
  for (let i = 1; i <= count; i += 1) t.push(hmac(blake2s, t0, Buffer.concat([t[i - 1]!, Buffer.of(i)])))
  return t.slice(1)
}

/** The Montgomery ladder of RFC 7748 section 5, with a modular inverse by Fermat. */
export function x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  const k = (number(scalar) & ((1n << 254n) - 8n)) | (1n << 254n)
  const x1 = number(point) % 2n ** 255n
  let [x2, z2, x3, z3] = [1n, 0n, x1, 1n]
  for (let t = 254n; t >= 0n; t -= 1n) {
    const bit = (k >> t) & 1n
    if (bit === 1n) [x2, z2, x3, z3] = [x3, z3, x2, z2]
    const [a, b, c, d] = [x2 + z2, x2 - z2, x3 + z3, x3 - z3]
    const [aa, bb, da, cb] = [a * a, b * b, d * a, c * b]
    ;[x3, z3] = [(da + cb) ** 2n % P, (x1 * (da - cb) ** 2n) % P]
    ;[x2, z2] = [(aa * bb) % P, ((aa - bb) * (aa + 121665n * (aa - bb))) % P]
    if (bit === 1n) [x2, z2, x3, z3] = [x3, z3, x2, z2]
  }
  const u = (((x2 * power(z2, P - 2n)) % P) + P) % P
  return Uint8Array.from({ length: 32 }, (_, i) => Number((u >> BigInt(8 * i)) & 255n))
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = ((base % P) + P) % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) {
    if ((e & 1n) === 1n) result = (result * b) % P
  }
  return result
}

const basePoint = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0))

/** All that goes into a handshake. */
export interface Ingredients {
  readonly initiatorStatic: Uint8Array
  readonly initiatorEphemeral: Uint8Array
  readonly responderStatic: Uint8Array
  readonly responderEphemeral: Uint8Array
  readonly presharedKey: Uint8Array
  readonly timestamp: Uint8Array
  readonly initiatorIndex: number
  readonly responderIndex: number
}

/** Both messages with mac1 and no mac2, and the keys from the initiator to the responder and back. */
export interface Transcript {
  readonly initiation: Uint8Array
  readonly response: Uint8Array
  readonly toResponder: Uint8Array
  readonly toInitiator: Uint8Array
}

export function computeTranscript(given: Ingredients): Transcript {
  const index = (value: number): Uint8Array => Uint8Array.of(value, value >> 8, value >> 16, value >> 24)
  const dh = x25519
  const Si = dh(given.initiatorStatic, basePoint)
  const Sr = dh(given.responderStatic, basePoint)
  const Ei = dh(given.initiatorEphemeral, basePoint)
  const Er = dh(given.responderEphemeral, basePoint)

  // 5.4.2
  const C0 = hash(text('Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s'))
  const H0 = hash(hash(C0, text('WireGuard v1 zx2c4 Jason@zx2c4.com')), Sr)
  const C1 = kdf(C0, Ei, 1)[0]!
  const H1 = hash(H0, Ei)
  const [C2, k2] = kdf(C1, dh(given.initiatorEphemeral, Sr), 2)
  const msgStatic = sealed(k2!, Si, H1)
  const H2 = hash(H1, msgStatic)
  const [C3, k3] = kdf(C2!, dh(given.initiatorStatic, Sr), 2)
  const msgTimestamp = sealed(k3!, given.timestamp, H2)
  const H3 = hash(H2, msgTimestamp)
  const first = Buffer.concat([
    Buffer.of(1, 0, 0, 0),
    index(given.initiatorIndex),
    Ei,
    msgStatic,
    msgTimestamp,
  ])
  const initiation = Buffer.concat([first, mac(hash(text('mac1----'), Sr), first), Buffer.alloc(16)])

  // 5.4.3
  const C4 = kdf(C3!, Er, 1)[0]!
  const H4 = hash(H3, Er)
  const C5 = kdf(C4, dh(given.responderEphemeral, Ei), 1)[0]!
  const C6 = kdf(C5, dh(given.responderEphemeral, Si), 1)[0]!
  const [C7, tau, k7] = kdf(C6, given.presharedKey, 3)
  const H5 = hash(H4, tau!)
  const msgEmpty = sealed(k7!, new Uint8Array(0), H5)
  const second = Buffer.concat([
    Buffer.of(2, 0, 0, 0),
    index(given.responderIndex),
    index(given.initiatorIndex),
    Er,
    msgEmpty,
  ])
  const response = Buffer.concat([second, mac(hash(text('mac1----'), Si), second), Buffer.alloc(16)])

  // 5.4.5
  const [toResponder, toInitiator] = kdf(C7!, new Uint8Array(0), 2)
  return { initiation, response, toResponder: toResponder!, toInitiator: toInitiator! }
}
