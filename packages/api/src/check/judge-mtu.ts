import { limits } from '../limits.ts'
import { valueError } from './field.ts'
import type { Warnings } from './warnings.ts'

/**
 * The MTU in bytes; absent and 0 mean the default.
 *
 * @throws BusinessError 2200001 outside 576 to 65535, for a fraction, and below 1280 when IPv6 is accepted
 */
export function judgeMtu(mtu: number | undefined, acceptIPv6: boolean, warnings: Warnings): number {
  if (mtu === undefined || mtu === 0) return limits.mtuDefault
  const path = 'config.mtu'
  if (!Number.isInteger(mtu) || mtu < limits.mtuMin || mtu > limits.mtuMax) {
    throw valueError(path, `must be a whole number from ${limits.mtuMin} to ${limits.mtuMax}, not ${mtu}`)
  }
  if (acceptIPv6 && mtu < limits.mtuMinIPv6) {
    throw valueError(
      path,
      `is ${mtu}, but IPv6 needs at least ${limits.mtuMinIPv6}`,
      'or set isIPv6Accepted: false',
    )
  }
  if (mtu > limits.mtuDefault) {
    warnings.add(
      path,
      `${mtu} is above the documented ${limits.mtuDefault}; the way to the VPN server may not carry it`,
    )
  }
  return mtu
}
