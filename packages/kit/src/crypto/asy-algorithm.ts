import { type KeyObject, generateKeyPair, generateKeyPairSync } from 'node:crypto'

import { type Curve, curveOf } from './curves.ts'
import { unknownAlgorithm } from './crypto-error.ts'

/** A kind of key pairs, as a key's `algName` tells it. */
export type KeyKind = 'RSA' | 'EC' | 'X25519' | 'Ed25519'

/** Two keys of node's. */
export interface NodeKeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** What a name such as `ECC256` or `RSA2048|PRIMES_2` says. */
export interface AsyAlgorithm {
  readonly kind: KeyKind
  readonly curve: Curve | undefined
  readonly generateNow: () => NodeKeyPair
  /** In a thread of node's: large keys of RSA take seconds. */
  readonly generate: () => Promise<NodeKeyPair>
}

const rsaBits: readonly string[] = ['512', '768', '1024', '2048', '3072', '4096', '8192']

/** @throws BusinessError 801 for DSA, DH, SM2 and other names that are not here */
export function asyAlgorithm(name: string): AsyAlgorithm {
  const [key = '', primes, ...rest] = name.split('|')
  const bits = /^RSA(\d+)$/.exec(key)?.[1]
  if (bits !== undefined && rsaBits.includes(bits)) {
    if (rest.length > 0 || (primes !== undefined && primes !== 'PRIMES_2')) throw unknownAlgorithm(name)
    return rsa(Number(bits))
  }
  if (primes !== undefined) throw unknownAlgorithm(name)
  if (key === 'X25519') return montgomery()
  if (key === 'Ed25519') return edwards()
  const curve = key.startsWith('ECC') ? curveOf(key.slice(3)) : undefined
  if (curve === undefined) throw unknownAlgorithm(name)
  return elliptic(curve)
}

function rsa(modulusLength: number): AsyAlgorithm {
  return {
    kind: 'RSA',
    curve: undefined,
    generateNow: () => generateKeyPairSync('rsa', { modulusLength }),
    generate: () => pair((done) => generateKeyPair('rsa', { modulusLength }, done)),
  }
}

export function elliptic(curve: Curve): AsyAlgorithm {
  const options = { namedCurve: curve.name }
  return {
    kind: 'EC',
    curve,
    generateNow: () => generateKeyPairSync('ec', options),
    generate: () => pair((done) => generateKeyPair('ec', options, done)),
  }
}

function montgomery(): AsyAlgorithm {
  return {
    kind: 'X25519',
    curve: undefined,
    generateNow: () => generateKeyPairSync('x25519'),
    generate: () => pair((done) => generateKeyPair('x25519', undefined, done)),
  }
}

function edwards(): AsyAlgorithm {
  return {
    kind: 'Ed25519',
    curve: undefined,
    generateNow: () => generateKeyPairSync('ed25519'),
    generate: () => pair((done) => generateKeyPair('ed25519', undefined, done)),
  }
}

type Done = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void

function pair(begin: (done: Done) => void): Promise<NodeKeyPair> {
  return new Promise((resolve, reject) => {
    begin((error, publicKey, privateKey) => {
      if (error === null) resolve({ publicKey, privateKey })
      else reject(error)
    })
  })
}

/** What node calls a key's kind; undefined for one that the kit has no name for. */
export function kindOf(key: KeyObject): KeyKind | undefined {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return 'RSA'
    case 'ec':
      return 'EC'
    case 'x25519':
      return 'X25519'
    case 'ed25519':
      return 'Ed25519'
    default:
      return undefined
  }
}
