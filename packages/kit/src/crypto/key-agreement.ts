import { diffieHellman } from 'node:crypto'

import { type Forms, callForms } from '../call-forms.ts'
import { textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { type KeyKind, asyAlgorithm, kindOf } from './asy-algorithm.ts'
import { PriKey, PubKey } from './asy-key.ts'
import { type DataBlob, blob, cryptoError, unknownAlgorithm } from './crypto-error.ts'

/** `cryptoFramework.createKeyAgreement(name)`: `X25519`, `ECC256`, `ECC`. */
export class KeyAgreement {
  readonly algName: string
  readonly generateSecret: Forms<DataBlob>['later']
  readonly generateSecretSync: Forms<DataBlob>['now']

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('KeyAgreement'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(name: unknown) {
    this.algName = textParameter(name, 'algName')
    const kind = kindNamed(this.algName)
    const forms = callForms(
      {
        read: ([secret, open]) => ({
          privateKey: PriKey.keyOf(secret, 'priKey'),
          publicKey: PubKey.keyOf(open, 'pubKey'),
        }),
        now: (keys) => {
          if (kindOf(keys.privateKey) !== kind || kindOf(keys.publicKey) !== kind)
            throw new Error(`the keys are not those of ${kind}`)
          return blob(diffieHellman(keys))
        },
      },
      cryptoError,
    )
    this.generateSecret = forms.later
    this.generateSecretSync = forms.now
  }
}

function kindNamed(name: string): KeyKind {
  if (name === 'ECC') return 'EC'
  const { kind } = asyAlgorithm(name)
  if (kind === 'RSA' || kind === 'Ed25519') throw unknownAlgorithm(name)
  return kind
}
