import { type BusinessError, isBusinessError } from '@vpnext/api'
import { type VarlinkError, varlinkError } from '@vpnext/varlink'
import { InvalidBundle } from './bundles/invalid-bundle.ts'
import { hostInterface } from './protocol/host-interface.ts'
import { publicInterface } from './protocol/public-interface.ts'

/** Runs a handler of the host's interface: an error of the API document reaches the host as such. */
export async function answeringHost<T>(action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (isBusinessError(error))
      throw varlinkError(hostInterface, 'BusinessError', parametersOf(error), { cause: error })
    throw error
  }
}

/** Runs a handler of the public interface: errors of the API document and refused archives reach the caller as such. */
export async function answeringClient<T>(action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (isBusinessError(error)) {
      throw varlinkError(publicInterface, 'BusinessError', parametersOf(error), { cause: error })
    }
    if (error instanceof InvalidBundle) {
      throw varlinkError(
        publicInterface,
        'InvalidBundle',
        { field: error.field, reason: error.reason },
        { cause: error },
      )
    }
    throw error
  }
}

/** The caller may not do this. */
export function notPermitted(reason: string): VarlinkError {
  return varlinkError(publicInterface, 'NotPermitted', { reason })
}

export function noSuchBundle(bundleName: string): VarlinkError {
  return varlinkError(publicInterface, 'NoSuchBundle', { bundleName })
}

function parametersOf({ code, message, data }: BusinessError): {
  code: number
  message: string
  field?: string
  reason?: string
  hint?: string
} {
  return {
    code,
    message,
    ...(data?.field !== undefined && { field: data.field }),
    ...(data?.reason !== undefined && { reason: data.reason }),
    ...(data?.hint !== undefined && { hint: data.hint }),
  }
}
