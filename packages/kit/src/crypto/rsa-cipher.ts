import { type KeyObject, constants, privateDecrypt, publicEncrypt } from 'node:crypto'

import { businessError } from '@vpnext/api'

import { type Forms, callForms } from '../call-forms.ts'
import { integerParameter, parameterError } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { asyAlgorithm, kindOf } from './asy-algorithm.ts'
import { PriKey, PubKey } from './asy-key.ts'
import { type DataBlob, blob, blobParameter, cryptoError, unknownAlgorithm } from './crypto-error.ts'
import { digestOf } from './digests.ts'

interface Padding {
  readonly padding: number
  readonly oaepHash?: string
}

interface Started {
  readonly encrypts: boolean
  readonly key: KeyObject
}

/** A `Cipher` of RSA: `RSA2048|PKCS1_OAEP|SHA256|MGF1_SHA256`, `RSA|PKCS1`, `RSA|NoPadding`. One block, with `doFinal`. */
export class RsaCipher {
  readonly algName: string
  readonly init: Forms<void>['later']
  readonly initSync: Forms<void>['now']
  readonly update: Forms<never>['later']
  readonly updateSync: Forms<never>['now']
  readonly doFinal: Forms<DataBlob>['later']
  readonly doFinalSync: Forms<DataBlob>['now']
  #started: Started | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Cipher'))
  }

  /** @throws BusinessError 801 */
  constructor(transformation: string) {
    this.algName = transformation
    const padding = readPadding(transformation)
    const init = callForms(
      {
        read: ([mode, key]): Started => {
          const encrypts = integerParameter(mode, 'opMode', 0, 1) === 0
          return { encrypts, key: encrypts ? PubKey.keyOf(key, 'key') : PriKey.keyOf(key, 'key') }
        },
        now: (started) => {
          if (kindOf(started.key) !== 'RSA') throw parameterError('key', 'is not a key of RSA')
          this.#started = started
        },
      },
      cryptoError,
    )
    const update = callForms<Uint8Array, never>(
      {
        read: ([data]) => blobParameter(data, 'data'),
        now: () => {
          throw businessError(801, { field: 'update', reason: 'RSA takes its block at once, with doFinal' })
        },
      },
      cryptoError,
    )
    const finish = callForms(
      { read: ([data]) => blobParameter(data, 'data'), now: (data) => blob(this.#run(padding, data)) },
      cryptoError,
    )
    this.init = init.later
    this.initSync = init.now
    this.update = update.later
    this.updateSync = update.now
    this.doFinal = finish.later
    this.doFinalSync = finish.now
  }

  #run(padding: Padding, data: Uint8Array): Buffer {
    if (this.#started === undefined) throw cryptoError(new Error('init was not called'))
    const { encrypts, key } = this.#started
    return encrypts ? publicEncrypt({ key, ...padding }, data) : privateDecrypt({ key, ...padding }, data)
  }
}

/** @throws BusinessError 801, also for OAEP whose two digests differ */
function readPadding(transformation: string): Padding {
  const [key = '', ...all] = transformation.split('|')
  const parts = all[0] === 'PRIMES_2' ? all.slice(1) : all
  if (key !== 'RSA') asyAlgorithm(key)
  const [name, digest, mask, ...rest] = parts
  if (parts.length === 1 && name === 'PKCS1') return { padding: constants.RSA_PKCS1_PADDING }
  if (parts.length === 1 && name === 'NoPadding') return { padding: constants.RSA_NO_PADDING }
  if (name !== 'PKCS1_OAEP' || rest.length > 0 || mask !== `MGF1_${digest}`)
    throw unknownAlgorithm(transformation)
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: digestOf(digest, 'transformation').name }
}
