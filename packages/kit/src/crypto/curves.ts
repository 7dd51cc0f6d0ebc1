import { ECDH, type KeyObject, createPublicKey, generateKeyPairSync } from 'node:crypto'

import { bigEndian, derTag, numberOf, readDer, readSequence, writeDer, writeInteger } from './der.ts'

/** An elliptic curve over a prime field: y² = x³ + ax + b. */
export interface Curve {
  /** OpenSSL's name. */
  readonly name: string
  /** The kit's, as `ECC_CURVE_NAME_STR` tells it. */
  readonly told: string
  readonly p: bigint
  readonly a: bigint
  readonly b: bigint
  readonly gx: bigint
  readonly gy: bigint
  /** The order of the generator. */
  readonly n: bigint
  /** The cofactor. */
  readonly h: number
  /** Bytes of a coordinate. */
  readonly bytes: number
  /** The curve's object identifier, as DER. */
  readonly identifier: Buffer
}

const sizes = [160, 192, 224, 256, 320, 384, 512] as const
const brainpool = sizes.flatMap((size) => (['r1', 't1'] as const).map((kind) => ({ size, kind })))

/** The kit's names of curves after `ECC`, and OpenSSL's. */
const openSslNames: Readonly<Record<string, string>> = {
  '224': 'secp224r1',
  '256': 'prime256v1',
  '384': 'secp384r1',
  '521': 'secp521r1',
  _Secp256k1: 'secp256k1',
  ...Object.fromEntries(
    brainpool.map(({ size, kind }) => [`_BrainPoolP${size}${kind}`, `brainpoolP${size}${kind}`]),
  ),
}

const made = new Map<string, Curve>()

/** @param suffix what follows `ECC` in the name of an algorithm: `256`, `_BrainPoolP256r1` */
export function curveOf(suffix: string): Curve | undefined {
  const name = Object.hasOwn(openSslNames, suffix) ? openSslNames[suffix] : undefined
  return name === undefined ? undefined : curveNamed(name)
}

/** The curve with this prime and generator. */
export function curveWith(p: bigint, gx: bigint, gy: bigint): Curve | undefined {
  return Object.values(openSslNames)
    .map(curveNamed)
    .find((curve) => curve.p === p && curve.gx === gx && curve.gy === gy)
}

/** @param told `NID_X9_62_prime256v1`, `NID_secp384r1`, `NID_brainpoolP256r1` … */
export function curveTold(told: string): Curve | undefined {
  const name = Object.values(openSslNames).find((known) => toldName(known) === told)
  return name === undefined ? undefined : curveNamed(name)
}

function toldName(name: string): string {
  return name === 'prime256v1' ? 'NID_X9_62_prime256v1' : `NID_${name}`
}

/** OpenSSL knows the figures of a curve: a key with explicit parameters (RFC 3279, 2.3.5) has them. */
export function curveNamed(name: string): Curve {
  const known = made.get(name)
  if (known !== undefined) return known
  const encoding = { type: 'spki', format: 'der' } as const
  const keyOf = (paramEncoding: 'named' | 'explicit'): Buffer =>
    generateKeyPairSync('ec', {
      namedCurve: name,
      paramEncoding,
      publicKeyEncoding: encoding,
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    }).publicKey
  const [, parameters] = readAlgorithm(keyOf('explicit'))
  const [, field, coefficients, generator, order, cofactor] = readDer(parameters)
  const [, prime] = readDer(field?.content ?? Buffer.alloc(0))
  const [a, b] = readDer(coefficients?.content ?? Buffer.alloc(0))
  const p = numberOf(prime?.content ?? Buffer.alloc(0))
  const bytes = Math.ceil(p.toString(2).length / 8)
  const point = generator?.content ?? Buffer.alloc(0)
  const [, identifier] = readAlgorithm(keyOf('named'))
  const curve: Curve = {
    name,
    told: toldName(name),
    p,
    a: numberOf(a?.content ?? Buffer.alloc(0)),
    b: numberOf(b?.content ?? Buffer.alloc(0)),
    gx: numberOf(point.subarray(1, 1 + bytes)),
    gy: numberOf(point.subarray(1 + bytes)),
    n: numberOf(order?.content ?? Buffer.alloc(0)),
    h: Number(numberOf(cofactor?.content ?? Buffer.alloc(0))),
    bytes,
    identifier: writeDer(derTag.name, identifier),
  }
  made.set(name, curve)
  return curve
}

/** What the algorithm of a SubjectPublicKeyInfo and its parameters hold. */
function readAlgorithm(spki: Buffer): [Buffer, Buffer] {
  const [algorithm] = readSequence(spki)
  const [kind, parameters] = readDer(algorithm?.content ?? Buffer.alloc(0))
  return [kind?.content ?? Buffer.alloc(0), parameters?.content ?? Buffer.alloc(0)]
}

/** A public key as SubjectPublicKeyInfo (RFC 5480). @throws RangeError for a coordinate outside the field */
export function curvePublicKey(curve: Curve, x: bigint, y: bigint): Buffer {
  // 1.2.840.10045.2.1: a key of an elliptic curve.
  const kind = Buffer.from('06072a8648ce3d0201', 'hex')
  const point = Buffer.concat([Buffer.from([0, 4]), bigEndian(x, curve.bytes), bigEndian(y, curve.bytes)])
  return writeDer(
    derTag.sequence,
    writeDer(derTag.sequence, kind, curve.identifier),
    writeDer(derTag.bits, point),
  )
}

/** A private key as ECPrivateKey (RFC 5915), without the public one. @throws RangeError for one that is not of the curve */
export function curvePrivateKey(curve: Curve, secret: bigint): Buffer {
  if (secret <= 0n || secret >= curve.n) throw new RangeError('a private key outside the order of the curve')
  const size = Math.ceil(curve.n.toString(2).length / 8)
  return writeDer(
    derTag.sequence,
    writeInteger(1n),
    writeDer(derTag.octets, bigEndian(secret, size)),
    writeDer(derTag.parameters, curve.identifier),
  )
}

/** OpenSSL gives a point on as it came: this has both coordinates in any case. */
export function withWholePoint(key: KeyObject): KeyObject {
  const name = key.asymmetricKeyDetails?.namedCurve
  if (key.type !== 'public' || name === undefined) return key
  const [, bits] = readSequence(key.export({ type: 'spki', format: 'der' }))
  const point = bits?.content.subarray(1) ?? Buffer.alloc(0)
  if (point[0] === 4) return key
  const curve = curveNamed(name)
  const whole = Buffer.from(ECDH.convertKey(point, name, undefined, 'hex', 'uncompressed').toString(), 'hex')
  const [x, y] = [whole.subarray(1, 1 + curve.bytes), whole.subarray(1 + curve.bytes)].map(numberOf)
  return createPublicKey({ key: curvePublicKey(curve, x ?? 0n, y ?? 0n), format: 'der', type: 'spki' })
}
