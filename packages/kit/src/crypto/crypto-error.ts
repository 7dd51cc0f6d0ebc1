import { BusinessError, businessError } from '@vpnext/api'

import { errorText } from '@vpnext/native'

import { isFunction, objectParameter, parameterError } from '../parameters.ts'
import { asyncForm } from '../call-forms.ts'

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

/** The forms of a method: `x` with a promise or a trailing callback, and `xSync`. */
export interface MethodForms<Output> {
  readonly later: (...args: unknown[]) => Promise<Output> | undefined
  readonly now: (...args: unknown[]) => Output
}

/**
 * @param run throws BusinessError 401 for its arguments, which every form throws at once; whatever else it throws is 17630001, and rejects
 */
export function methodForms<Output>(run: (...args: unknown[]) => Output): MethodForms<Output> {
  const now = (...args: unknown[]): Output => {
    try {
      return run(...args)
    } catch (error) {
      throw cryptoError(error)
    }
  }
  const settled = (args: readonly unknown[]): (() => Output) => {
    const given = isFunction(args.at(-1)) ? args.slice(0, -1) : args
    try {
      const output = now(...given)
      return () => output
    } catch (error) {
      if (error instanceof BusinessError && error.code === 401) throw error
      return () => {
        throw error
      }
    }
  }
  return { now, later: asyncForm(settled, async (outcome) => outcome()) }
}
