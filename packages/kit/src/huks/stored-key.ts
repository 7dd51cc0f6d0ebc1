import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'

import { type HuksParam, KeyParameters } from './key-parameters.ts'
import { tagName } from './huks-tags.ts'

/** What a key is: bytes of its own, a private key with its public one (PKCS#8), a public key alone (SubjectPublicKeyInfo). */
export type KeyKind = 'secret' | 'private' | 'public'

/** A key as it is kept. */
export interface StoredKey {
  readonly kind: KeyKind
  readonly bytes: Uint8Array
  /** What was said of it when it came. */
  readonly parameters: KeyParameters
}

/** @throws Error of OpenSSL for what is no public key */
export function publicKeyOf(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' })
}

export function privateKeyOf(bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' })
}

export function storedPrivate(key: KeyObject, parameters: KeyParameters): StoredKey {
  return { kind: 'private', bytes: key.export({ format: 'der', type: 'pkcs8' }), parameters }
}

export function storedPublic(key: KeyObject, parameters: KeyParameters): StoredKey {
  return { kind: 'public', bytes: key.export({ format: 'der', type: 'spki' }), parameters }
}

/** The line of a file. */
export function keyText({ kind, bytes, parameters }: StoredKey): string {
  const params = parameters.list.map(({ tag, value }) => [
    tag,
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : plain(value),
  ])
  return JSON.stringify([kind, Buffer.from(bytes).toString('base64'), params])
}

function plain(value: boolean | number | bigint): boolean | number {
  return typeof value === 'bigint' ? Number(value) : value
}

/** @returns undefined for what is no line of {@link keyText} */
export function readKeyText(text: unknown): StoredKey | undefined {
  const parts: unknown = typeof text === 'string' ? parsed(text) : undefined
  const [kind, bytes, params]: unknown[] = Array.isArray(parts) ? parts : []
  if (!isKind(kind) || typeof bytes !== 'string' || !Array.isArray(params)) return undefined
  const values = params.flatMap((entry): HuksParam[] => {
    const [tag, value]: unknown[] = Array.isArray(entry) ? entry : []
    if (typeof tag !== 'number' || tagName(tag) === undefined) return []
    if (typeof value === 'string') return [{ tag, value: Uint8Array.from(Buffer.from(value, 'base64')) }]
    return typeof value === 'number' || typeof value === 'boolean' ? [{ tag, value }] : []
  })
  return {
    kind,
    bytes: Uint8Array.from(Buffer.from(bytes, 'base64')),
    parameters: new KeyParameters(new Map(values.map(({ tag, value }) => [tag, value]))),
  }
}

function isKind(value: unknown): value is KeyKind {
  return value === 'secret' || value === 'private' || value === 'public'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
