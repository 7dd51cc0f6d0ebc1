import { BusinessError, businessError } from '@vpnext/api'

import { errorText } from '@vpnext/native'

import { type Forms, callForms } from '../call-forms.ts'
import { objectParameter, parameterError } from '../parameters.ts'

/** Bytes as the kit passes them. */
export interface DataBlob {
  readonly data: Uint8Array
}

/** What OpenSSL fails with: 17630001 (errorcode-crypto-framework of the HarmonyOS documents). */
export function cryptoError(cause: unknown): BusinessError {
  if (cause instanceof BusinessError) return cause
  // The text of OpenSSL names no secret.
  return new BusinessError(17630001, 'Crypto operation error.', { reason: errorText(cause) }, { cause })
}

/** An algorithm that is not there: 801, as on the device. */
export function unknownAlgorithm(name: string): BusinessError {
  return businessError(801, { field: 'algName', reason: `${name} is not provided by vpnext` })
}

/** @throws BusinessError 401 */
export function blobParameter(value: unknown, field: string): Uint8Array {
  const data: unknown = Reflect.get(objectParameter(value, field), 'data')
  if (data instanceof Uint8Array) return data
  throw parameterError(`${field}.data`, 'is not a Uint8Array')
}

export function blob(bytes: Uint8Array): DataBlob {
  return { data: new Uint8Array(bytes) }
}

/**
 * The forms of a method: `x` with a promise or a trailing callback, and `xSync`.
 *
 * @param run throws BusinessError 401 for its arguments, which every form throws at once; whatever else it throws is 17630001, and rejects
 */
export function methodForms<Output>(run: (...args: unknown[]) => Output): Forms<Output> {
  return callForms({
    read(args): () => Output {
      try {
        const output = run(...args)
        return () => output
      } catch (error) {
        const told = cryptoError(error)
        if (told.code === 401) throw told
        return () => {
          throw told
        }
      }
    },
    now: (outcome) => outcome(),
  })
}
