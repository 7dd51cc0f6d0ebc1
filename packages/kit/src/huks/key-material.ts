import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'

import { kindOf } from '../crypto/asy-algorithm.ts'
import { curveOf, curvePrivateKey } from '../crypto/curves.ts'
import { numberOf } from '../crypto/der.ts'
import { keyBits } from '../crypto/key-items.ts'
import { type RawKind, rawKey, rawPrivateKey, rawPublicKey } from '../crypto/raw-keys.ts'
import { parameterError } from '../parameters.ts'
import { huksError } from './huks-error.ts'
import { importKeyType, keyAlgorithm, keyFlag } from './huks-values.ts'
import { type KeyPlan, isElliptic, keyPlan } from './key-algorithms.ts'
import type { KeyParameters } from './key-parameters.ts'
import { type StoredKey, privateKeyOf, publicKeyOf, storedPrivate, storedPublic } from './stored-key.ts'

/** The algorithm, its bits, and the lengths of three parts, each four bytes, least significant first. */
const headBytes = 20

/**
 * Reads a key that comes in plain text.
 *
 * @param material the bytes of a secret key; of a public key SubjectPublicKeyInfo, or its 32 bytes for X25519 and Ed25519; of a private one the
 * head and the parts of "key material format" in the HarmonyOS documents
 * @throws BusinessError 401 for what is no such key, 12000001 for private keys of RSA, and what {@link keyPlan} throws
 */
export function importKey(material: Uint8Array, parameters: KeyParameters): StoredKey {
  const plan = keyPlan(parameters)
  const known = parameters.with('HUKS_TAG_KEY_FLAG', keyFlag.HUKS_KEY_FLAG_IMPORT_KEY)
  if (plan.isSecret) {
    if (material.length * 8 !== plan.bits)
      throw parameterError(
        'options.inData',
        `has ${material.length} bytes, not the ${plan.bits / 8} of the key`,
      )
    return { kind: 'secret', bytes: new Uint8Array(material), parameters: known }
  }
  const type = parameters.number('HUKS_TAG_IMPORT_KEY_TYPE') ?? importKeyType.HUKS_KEY_TYPE_PUBLIC_KEY
  if (type === importKeyType.HUKS_KEY_TYPE_PUBLIC_KEY)
    return storedPublic(readPublicKey(material, plan.algorithm, plan.bits), known)
  return storedPrivate(readPair(material, plan), known)
}

/**
 * @param bits those that the key must have; undefined for any
 * @throws BusinessError 401
 */
export function readPublicKey(material: Uint8Array, algorithm: number, bits?: number): KeyObject {
  const raw = rawKind(algorithm)
  if (raw !== undefined) {
    if (material.length !== 32) throw parameterError('options.inData', 'has not the 32 bytes of such a key')
    return rawPublicKey(raw, material)
  }
  const key = orBadKey(() => publicKeyOf(material))
  const isRsa = algorithm === keyAlgorithm.HUKS_ALG_RSA
  if (kindOf(key) !== (isRsa ? 'RSA' : 'EC') || (bits !== undefined && keyBits(key) !== bits))
    throw parameterError('options.inData', 'is a public key of another algorithm or size')
  return key
}

/** The public half, as it is told. @throws BusinessError 401 for secret keys */
export function exportPublicKey({ kind, bytes }: StoredKey): Uint8Array {
  if (kind === 'secret') throw parameterError('keyAlias', 'is a secret key, of which nothing is told')
  const key = kind === 'public' ? publicKeyOf(bytes) : createPublicKey(privateKeyOf(bytes))
  const named = kindOf(key)
  return Uint8Array.from(
    named === 'X25519' || named === 'Ed25519' ? rawKey(key) : key.export({ format: 'der', type: 'spki' }),
  )
}

function readPair(material: Uint8Array, { algorithm, bits }: KeyPlan): KeyObject {
  const bytes = Buffer.from(material)
  if (bytes.length < headBytes) throw parameterError('options.inData', 'is shorter than the head of a key')
  const head = [0, 4, 8, 12, 16].map((at) => bytes.readUInt32LE(at))
  const [toldAlgorithm = 0, toldBits = 0, first = 0, second = 0, third = 0] = head
  if (
    toldBits !== bits ||
    (toldAlgorithm !== algorithm && !(isElliptic(toldAlgorithm) && isElliptic(algorithm)))
  )
    throw parameterError('options.inData', 'says another algorithm or size than the properties')
  const raw = rawKind(algorithm)
  const isWhole = bytes.length === headBytes + first + second + (raw === undefined ? third : 0)
  if (!isWhole) throw parameterError('options.inData', 'has not the length that its head says')
  if (raw !== undefined) {
    // Of Ed25519 the public key may follow.
    if (second < 32) throw parameterError('options.inData', 'has not the 32 bytes of a private key')
    return rawPrivateKey(raw, bytes.subarray(headBytes + first).subarray(0, 32))
  }
  const curve = isElliptic(algorithm) ? curveOf(String(bits)) : undefined
  if (curve === undefined)
    throw huksError(12000001, 'HUKS_TAG_IMPORT_KEY_TYPE', 'private keys of RSA are not imported')
  const secret = numberOf(bytes.subarray(headBytes + first + second))
  return orBadKey(() =>
    createPrivateKey({ key: curvePrivateKey(curve, secret), format: 'der', type: 'sec1' }),
  )
}

function rawKind(algorithm: number): RawKind | undefined {
  if (algorithm === keyAlgorithm.HUKS_ALG_X25519) return 'X25519'
  return algorithm === keyAlgorithm.HUKS_ALG_ED25519 ? 'Ed25519' : undefined
}

function orBadKey(read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch {
    throw parameterError('options.inData', 'is no key of this algorithm')
  }
}
