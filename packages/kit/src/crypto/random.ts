import { randomBytes } from 'node:crypto'

import { integerParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { type DataBlob, blob, blobParameter, methodForms } from './crypto-error.ts'

/** `cryptoFramework.createRandom()`. */
export class Random {
  readonly algName = 'CTR_DRBG'
  readonly generateRandom: (...args: unknown[]) => Promise<DataBlob> | undefined
  readonly generateRandomSync: (...args: unknown[]) => DataBlob

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Random'))
  }

  constructor() {
    const forms = methodForms((length: unknown) =>
      blob(randomBytes(integerParameter(length, 'len', 1, 2 ** 31 - 1))),
    )
    this.generateRandom = forms.later
    this.generateRandomSync = forms.now
  }

  /** The kernel needs none: it is checked, and that is all. @throws BusinessError 401 */
  setSeed(seed: unknown): void {
    blobParameter(seed, 'seed')
  }
}
