import { type KeyObject, sign, verify } from 'node:crypto'

import { type Forms, callForms } from '../call-forms.ts'
import { parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { kindOf } from './asy-algorithm.ts'
import { PriKey, PubKey } from './asy-key.ts'
import { type DataBlob, blob, blobParameter, cryptoError } from './crypto-error.ts'
import { type SignatureWay, saltParameter, signatureWay, specItem } from './signature-way.ts'

/** What is signed, from `init` on. A second `init` is refused, and what is added after a signature is signed with what came before, as on the device. */
class Message {
  #key: KeyObject | undefined
  #parts: Uint8Array[] = []
  /** Bytes of the salt of PSS; undefined: as many as there may be, and when verifying as many as there are. */
  saltBytes: number | undefined
  readonly #way: SignatureWay

  constructor(way: SignatureWay) {
    this.#way = way
  }

  /** @throws BusinessError 401 */
  begin(key: KeyObject, field: string): void {
    if (this.#key !== undefined) throw parameterError(field, 'came a second time: init was called before')
    if (kindOf(key) !== this.#way.kind) throw parameterError(field, `is not a key of ${this.#way.kind}`)
    this.#key = key
  }

  /** @throws BusinessError 401 before `init`, and for Ed25519, which takes its message at once */
  add(data: Uint8Array): void {
    if (this.#key === undefined) throw parameterError('this', 'is not ready: init was not called')
    if (this.#way.digest === null) throw parameterError('data', 'comes in parts: Ed25519 takes it at once')
    this.#parts.push(Uint8Array.from(data))
  }

  /** @returns what OpenSSL is to sign, and how; undefined before `init`, or without a message */
  end(data: Uint8Array | undefined): Ended | undefined {
    if (data !== undefined && data.length > 0) this.#parts.push(Uint8Array.from(data))
    const bytes = Buffer.concat(this.#parts)
    const { digest, padding } = this.#way
    if (digest === null) this.#parts = []
    if (this.#key === undefined || bytes.length === 0) return undefined
    return {
      bytes,
      digest,
      key: {
        key: this.#key,
        ...(padding === undefined ? {} : { padding }),
        ...(this.saltBytes === undefined ? {} : { saltLength: this.saltBytes }),
      },
    }
  }
}

interface Ended {
  readonly bytes: Buffer
  readonly digest: string | null
  readonly key: { key: KeyObject; padding?: number; saltLength?: number }
}

function optionalBlob(value: unknown): Uint8Array | undefined {
  return value === undefined || value === null ? undefined : blobParameter(value, 'data')
}

/** @throws BusinessError 401: the device takes no empty part */
function partParameter(value: unknown): Uint8Array {
  const bytes = blobParameter(value, 'data')
  if (bytes.length === 0) throw parameterError('data.data', 'is empty')
  return bytes
}

/** `init` and `update`, the same of both. @param field of the key */
function beginnings(
  message: Message,
  keyOf: (key: unknown) => KeyObject,
  field: string,
): { readonly init: Forms<void>; readonly update: Forms<void> } {
  return {
    init: callForms({ read: ([key]) => keyOf(key), now: (key) => message.begin(key, field) }, cryptoError),
    update: callForms(
      { read: ([data]) => partParameter(data), now: (data) => message.add(data) },
      cryptoError,
    ),
  }
}

/** `cryptoFramework.createSign(name)`: `RSA2048|PKCS1|SHA256`, `RSA|PSS|SHA256|MGF1_SHA256`, `ECC256|SHA256`, `Ed25519`. */
export class Sign {
  readonly algName: string
  readonly init: Forms<void>['later']
  readonly initSync: Forms<void>['now']
  readonly update: Forms<void>['later']
  readonly updateSync: Forms<void>['now']
  readonly sign: Forms<DataBlob>['later']
  readonly signSync: Forms<DataBlob>['now']
  readonly #way: SignatureWay
  readonly #message: Message

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Sign'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(name: unknown) {
    this.algName = textParameter(name, 'algName')
    this.#way = signatureWay(this.algName)
    const message = new Message(this.#way)
    this.#message = message
    const { init, update } = beginnings(message, (key) => PriKey.keyOf(key, 'priKey'), 'priKey')
    const finish = callForms(
      {
        read: ([data]) => optionalBlob(data),
        now: (data) => {
          const ended = message.end(data)
          if (ended === undefined) throw parameterError('data', 'is nothing to sign, or init was not called')
          return blob(sign(ended.digest, ended.bytes, ended.key))
        },
      },
      cryptoError,
    )
    this.init = init.later
    this.initSync = init.now
    this.update = update.later
    this.updateSync = update.now
    this.sign = finish.later
    this.signSync = finish.now
  }

  /** @throws BusinessError 401, 801 */
  setSignSpec(item: unknown, value: unknown): void {
    this.#message.saltBytes = saltParameter(this.#way, item, value)
  }

  /** @throws BusinessError 401, 801 */
  getSignSpec(item: unknown): string | number {
    return specItem(this.#way, item, this.#message.saltBytes)
  }
}

/** `cryptoFramework.createVerify(name)`; names as those of {@link Sign}. */
export class Verify {
  readonly algName: string
  readonly init: Forms<void>['later']
  readonly initSync: Forms<void>['now']
  readonly update: Forms<void>['later']
  readonly updateSync: Forms<void>['now']
  readonly verify: Forms<boolean>['later']
  readonly verifySync: Forms<boolean>['now']
  readonly #way: SignatureWay
  readonly #message: Message

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Verify'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(name: unknown) {
    this.algName = textParameter(name, 'algName')
    this.#way = signatureWay(this.algName)
    const message = new Message(this.#way)
    this.#message = message
    const { init, update } = beginnings(message, (key) => PubKey.keyOf(key, 'pubKey'), 'pubKey')
    const finish = callForms(
      {
        read: ([data, signature]) => ({
          data: optionalBlob(data),
          signature: blobParameter(signature, 'signatureData'),
        }),
        // The device tells of no error here: what cannot be verified is not right.
        now: ({ data, signature }) => {
          const ended = message.end(data)
          return ended !== undefined && verify(ended.digest, ended.bytes, ended.key, signature)
        },
      },
      cryptoError,
    )
    this.init = init.later
    this.initSync = init.now
    this.update = update.later
    this.updateSync = update.now
    this.verify = finish.later
    this.verifySync = finish.now
  }

  /** @throws BusinessError 401, 801 */
  setVerifySpec(item: unknown, value: unknown): void {
    this.#message.saltBytes = saltParameter(this.#way, item, value)
  }

  /** @throws BusinessError 401, 801 */
  getVerifySpec(item: unknown): string | number {
    return specItem(this.#way, item, this.#message.saltBytes)
  }
}
