import { type BusinessError, isBusinessError } from '@vpnext/api'
import { isErrno } from '@vpnext/native'
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

/** What is wrong with the machine, not with the service or its caller. */
const machineErrors = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM'] as const

/** Runs a handler of the public interface: what is not the service's own fault reaches the caller as what it is. */
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
    if (error instanceof Error && isErrno(error, ...machineErrors)) {
      throw varlinkError(publicInterface, 'MachineRefused', { reason: error.message }, { cause: error })
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
