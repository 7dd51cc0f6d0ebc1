import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'

import { callForms, noInput } from '../call-forms.ts'
import { optionalParameter, parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { type AsyAlgorithm, type KeyKind, asyAlgorithm, kindOf } from './asy-algorithm.ts'
import { type KeyPair, keyPair, readPrivateKey, readPublicKey } from './asy-key.ts'
import { blobParameter, cryptoError } from './crypto-error.ts'
import { withWholePoint } from './curves.ts'

type PairLater = (...args: unknown[]) => Promise<KeyPair> | undefined
type PairNow = (...args: unknown[]) => KeyPair

/** `cryptoFramework.createAsyKeyGenerator(name)`. */
export class AsyKeyGenerator {
  readonly algName: string
  readonly generateKeyPair: PairLater
  readonly generateKeyPairSync: PairNow
  readonly convertKey: PairLater
  readonly convertKeySync: PairNow
  readonly convertPemKey: PairLater
  readonly convertPemKeySync: PairNow

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('AsyKeyGenerator'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(name: unknown) {
    this.algName = textParameter(name, 'algName')
    const algorithm = asyAlgorithm(this.algName)
    const generate = generating(algorithm)
    const convert = callForms(
      { read: readEncoded, now: (keys) => converted(keys, algorithm.kind) },
      cryptoError,
    )
    const convertPem = callForms(
      { read: readPem, now: (keys) => converted(keys, algorithm.kind) },
      cryptoError,
    )
    this.generateKeyPair = generate.later
    this.generateKeyPairSync = generate.now
    this.convertKey = convert.later
    this.convertKeySync = convert.now
    this.convertPemKey = convertPem.later
    this.convertPemKeySync = convertPem.now
  }
}

/** The forms of `generateKeyPair`. */
export function generating(algorithm: AsyAlgorithm): { readonly later: PairLater; readonly now: PairNow } {
  return callForms(
    {
      read: noInput,
      now: () => {
        const { publicKey, privateKey } = algorithm.generateNow()
        return keyPair(publicKey, privateKey)
      },
      later: async () => {
        const { publicKey, privateKey } = await algorithm.generate()
        return keyPair(publicKey, privateKey)
      },
    },
    cryptoError,
  )
}

/** How each key is read, once the arguments were looked at. */
interface Keys {
  readonly publicKey: (() => KeyObject) | undefined
  readonly privateKey: (() => KeyObject) | undefined
}

function readEncoded([publicKey, privateKey]: readonly unknown[]): Keys {
  const open = optionalParameter(publicKey, 'pubKey', blobParameter)
  const secret = optionalParameter(privateKey, 'priKey', blobParameter)
  return given({
    publicKey: open && (() => readPublicKey(open)),
    privateKey: secret && (() => readPrivateKey(secret)),
  })
}

function readPem([publicKey, privateKey, password]: readonly unknown[]): Keys {
  const open = optionalParameter(publicKey, 'pubKey', textParameter)
  const secret = optionalParameter(privateKey, 'priKey', textParameter)
  const passphrase = optionalParameter(password, 'password', textParameter)
  return given({
    publicKey: open === undefined ? undefined : () => createPublicKey({ key: open, format: 'pem' }),
    privateKey:
      secret === undefined
        ? undefined
        : () =>
            createPrivateKey({
              key: secret,
              format: 'pem',
              ...(passphrase === undefined ? {} : { passphrase }),
            }),
  })
}

function given(keys: Keys): Keys {
  if (keys.publicKey === undefined && keys.privateKey === undefined)
    throw parameterError('pubKey', 'is not given, nor is priKey')
  return keys
}

/** @throws Error for keys of another kind, and what OpenSSL fails with */
function converted(keys: Keys, kind: KeyKind): KeyPair {
  const publicKey = keys.publicKey?.()
  const privateKey = keys.privateKey?.()
  for (const key of [publicKey, privateKey]) {
    if (key !== undefined && kindOf(key) !== kind) throw new Error(`the key is not one of ${kind}`)
  }
  return keyPair(publicKey === undefined ? undefined : withWholePoint(publicKey), privateKey)
}
