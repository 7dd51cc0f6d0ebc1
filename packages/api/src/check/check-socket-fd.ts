import { businessError } from '../errors/business-error.ts'
import { limits } from '../limits.ts'
import { rootField, valueError } from './field.ts'
import { numberOf } from './read-field.ts'

/**
 * Checks the argument of `protect()` as far as a number can be checked; whether it is a socket is for the kernel to say.
 *
 * @returns a whole number from 1 to 2^31 - 1
 * @throws BusinessError 401: no number; 2200001: NaN, a fraction, or beyond int32; 2203004: 0 or negative
 */
export function checkSocketFd(value: unknown): number {
  const path = 'socketFd'
  const fd = numberOf(rootField(value, path, 'protect'))
  if (!Number.isInteger(fd) || fd > limits.socketFd || fd < -limits.socketFd - 1) {
    throw valueError(path, `must be a whole number of 32 bits, not ${fd}`)
  }
  if (fd <= 0) throw businessError(2203004, { field: path, reason: `${fd} is not a socket` })
  return fd
}
