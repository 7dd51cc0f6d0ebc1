import type { KeyObject } from 'node:crypto'

import { parameterError } from '../parameters.ts'
import { type KeyKind, kindOf } from './asy-algorithm.ts'
import { type Curve, curveNamed } from './curves.ts'
import { derTag, numberOf, readSequence } from './der.ts'
import { rawKey } from './raw-keys.ts'

/** `cryptoFramework.AsyKeySpecItem`. */
export const asyKeySpecItem = {
  DSA_P_BN: 101,
  DSA_Q_BN: 102,
  DSA_G_BN: 103,
  DSA_SK_BN: 104,
  DSA_PK_BN: 105,
  ECC_FP_P_BN: 201,
  ECC_A_BN: 202,
  ECC_B_BN: 203,
  ECC_G_X_BN: 204,
  ECC_G_Y_BN: 205,
  ECC_N_BN: 206,
  ECC_H_NUM: 207,
  ECC_SK_BN: 208,
  ECC_PK_X_BN: 209,
  ECC_PK_Y_BN: 210,
  ECC_FIELD_TYPE_STR: 211,
  ECC_FIELD_SIZE_NUM: 212,
  ECC_CURVE_NAME_STR: 213,
  RSA_N_BN: 301,
  RSA_SK_BN: 302,
  RSA_PK_BN: 303,
  DH_P_BN: 401,
  DH_G_BN: 402,
  DH_L_NUM: 403,
  DH_SK_BN: 404,
  DH_PK_BN: 405,
  ED25519_SK_BN: 501,
  ED25519_PK_BN: 502,
  X25519_SK_BN: 601,
  X25519_PK_BN: 602,
} as const

type Item = keyof typeof asyKeySpecItem
type Items = Partial<Record<Item, () => bigint | number | string>>

/**
 * A figure of a key.
 *
 * @throws BusinessError 401 for one that a key of this kind does not have
 */
export function keyItem(key: KeyObject, item: unknown): bigint | number | string {
  const name = Object.keys(asyKeySpecItem).find((each) => Reflect.get(asyKeySpecItem, each) === item)
  const kind = kindOf(key)
  const found: unknown =
    name === undefined || kind === undefined ? undefined : Reflect.get(itemsOf[kind](key), name)
  if (typeof found !== 'function') throw parameterError('itemType', 'is nothing that this key has')
  const value: unknown = Reflect.apply(found, undefined, [])
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string') return value
  throw parameterError('itemType', 'is nothing that this key has')
}

const itemsOf: Readonly<Record<KeyKind, (key: KeyObject) => Items>> = {
  RSA: rsaItems,
  EC: curveItems,
  X25519: (key) =>
    key.type === 'public' ? { X25519_PK_BN: () => rawNumber(key) } : { X25519_SK_BN: () => rawNumber(key) },
  Ed25519: (key) =>
    key.type === 'public' ? { ED25519_PK_BN: () => rawNumber(key) } : { ED25519_SK_BN: () => rawNumber(key) },
}

/** RSAPublicKey and RSAPrivateKey of RFC 8017, A.1. */
function rsaItems(key: KeyObject): Items {
  const der = key.export({ type: 'pkcs1', format: 'der' })
  const figures = readSequence(der).map(({ content }) => numberOf(content))
  const figure = (index: number) => (): bigint => figures[index] ?? 0n
  return key.type === 'public'
    ? { RSA_N_BN: figure(0), RSA_PK_BN: figure(1) }
    : { RSA_N_BN: figure(1), RSA_SK_BN: figure(3) }
}

function curveItems(key: KeyObject): Items {
  const curve = curveNamed(key.asymmetricKeyDetails?.namedCurve ?? '')
  const common: Items = {
    ECC_FP_P_BN: () => curve.p,
    ECC_A_BN: () => curve.a,
    ECC_B_BN: () => curve.b,
    ECC_G_X_BN: () => curve.gx,
    ECC_G_Y_BN: () => curve.gy,
    ECC_N_BN: () => curve.n,
    ECC_H_NUM: () => curve.h,
    ECC_FIELD_TYPE_STR: () => 'Fp',
    ECC_FIELD_SIZE_NUM: () => curve.p.toString(2).length,
    ECC_CURVE_NAME_STR: () => curve.told,
  }
  if (key.type === 'private') return { ...common, ECC_SK_BN: () => curveSecret(key) }
  const point = publicPoint(key, curve)
  return { ...common, ECC_PK_X_BN: () => point.x, ECC_PK_Y_BN: () => point.y }
}

function publicPoint(key: KeyObject, curve: Curve): { readonly x: bigint; readonly y: bigint } {
  const [, bits] = readSequence(key.export({ type: 'spki', format: 'der' }))
  // After the number of unused bits and the 4 of an uncompressed point.
  const coordinates = bits?.content.subarray(2) ?? Buffer.alloc(0)
  return {
    x: numberOf(coordinates.subarray(0, curve.bytes)),
    y: numberOf(coordinates.subarray(curve.bytes)),
  }
}

function curveSecret(key: KeyObject): bigint {
  const parts = readSequence(key.export({ type: 'sec1', format: 'der' }))
  return numberOf(parts.find(({ tag }) => tag === derTag.octets)?.content ?? Buffer.alloc(0))
}

/** The kit reads the bytes of these keys least significant first, as RFC 7748 and 8032 write their numbers. */
function rawNumber(key: KeyObject): bigint {
  return numberOf(rawKey(key).toReversed())
}

/** Bits: of the modulus, of the field of the curve, or of the 32 bytes. */
export function keyBits(key: KeyObject): number {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  return modulusLength ?? (namedCurve === undefined ? 256 : curveNamed(namedCurve).p.toString(2).length)
}
