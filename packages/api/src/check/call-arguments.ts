import type { ApiCall } from '../errors/api-call.ts'
import { type BusinessError, businessError } from '../errors/business-error.ts'
import { limits } from '../limits.ts'
import type { Want } from '../types/want.ts'
import { checkWant } from './check-want.ts'
import { parameterError, shown } from './field.ts'

/** Node-style last argument, accepted as on the device: then the call returns `undefined` and reports through it. */
export type ApiCallback<T> = (error: BusinessError | undefined, data?: T) => void

/** `startVpnExtensionAbility(want)`, `stopVpnExtensionAbility(want)`: exactly one argument. @throws BusinessError 401 */
export function checkWantArguments(
  args: readonly unknown[],
  call: 'startVpnExtensionAbility' | 'stopVpnExtensionAbility',
): Want {
  atMost(args, 1, call)
  return checkWant(args[0], call)
}

/** `create(config[, callback])`. The config is not looked at. @throws BusinessError 401 */
export function checkCreateArguments(args: readonly unknown[]): {
  config: unknown
  callback: ApiCallback<number> | undefined
} {
  atMost(args, 2, 'create')
  return { config: args[0], callback: optionalCallback(args, 1, 'create') }
}

/** `protect(socketFd[, callback])`. The number is not looked at. @throws BusinessError 401 */
export function checkProtectArguments(args: readonly unknown[]): {
  socketFd: unknown
  callback: ApiCallback<void> | undefined
} {
  atMost(args, 2, 'protect')
  return { socketFd: args[0], callback: optionalCallback(args, 1, 'protect') }
}

/**
 * `destroy()`, `destroy(vpnId)`, `destroy(callback)`, `destroy(vpnId, callback)`. An explicit `undefined` is an argument
 * and refused, as on the device.
 *
 * @returns `vpnId` is `''` when none was given; both mean the VPN without one
 * @throws BusinessError 401
 */
export function checkDestroyArguments(args: readonly unknown[]): {
  vpnId: string
  callback: ApiCallback<void> | undefined
} {
  atMost(args, 2, 'destroy')
  if (args.length === 0) return { vpnId: '', callback: undefined }
  const [first] = args
  if (args.length === 1 && isCallback<void>(first)) return { vpnId: '', callback: first }
  if (typeof first !== 'string') {
    throw parameterError({ path: 'vpnId', call: 'destroy' }, `must be a string, not ${shown(first)}`)
  }
  if (first.length > limits.vpnIdLength) {
    const reason = `has ${first.length} characters; at most ${limits.vpnIdLength} are allowed`
    throw parameterError({ path: 'vpnId', call: 'destroy' }, reason)
  }
  return { vpnId: first, callback: optionalCallback(args, 1, 'destroy') }
}

/** `generateVpnId([callback])`; a single argument of another type is ignored, as on the device. @throws BusinessError 19900001 */
export function checkGenerateVpnIdArguments(args: readonly unknown[]): {
  callback: ApiCallback<string> | undefined
} {
  if (args.length > 1) {
    throw businessError(19900001, { field: 'arguments', reason: `at most 1 is allowed, not ${args.length}` })
  }
  const [first] = args
  return { callback: isCallback<string>(first) ? first : undefined }
}

/** `protectProcessNet()` takes nothing. @throws BusinessError 19900001 */
export function checkProtectProcessNetArguments(args: readonly unknown[]): void {
  if (args.length > 0) throw businessError(19900001, { field: 'arguments', reason: 'none is allowed' })
}

/** `setAlwaysOnVpnEnabled(enable, bundleName)`: exactly those two. @throws BusinessError 401 */
export function checkSetAlwaysOnArguments(args: readonly unknown[]): {
  enable: boolean
  bundleName: string
} {
  const call = 'setAlwaysOnVpnEnabled'
  atMost(args, 2, call)
  const [enable, bundleName] = args
  if (typeof enable !== 'boolean') {
    throw parameterError({ path: 'enable', call }, `must be a boolean, not ${shown(enable)}`)
  }
  return { enable, bundleName: bundleNameArgument(bundleName, call) }
}

/** `isAlwaysOnVpnEnabled(bundleName)`: exactly that. @throws BusinessError 401 */
export function checkIsAlwaysOnArguments(args: readonly unknown[]): { bundleName: string } {
  atMost(args, 1, 'isAlwaysOnVpnEnabled')
  return { bundleName: bundleNameArgument(args[0], 'isAlwaysOnVpnEnabled') }
}

/** By this, the consent dialog of the device says that the user refused. */
const refusalMark = '**vpndialog**'

/**
 * `updateVpnAuthorizedState(bundleName)`: exactly that. A name with `**vpndialog**` in it means a refusal, as on the device.
 *
 * @throws BusinessError 401
 */
export function checkAuthorizedStateArguments(args: readonly unknown[]): {
  bundleName: string
  allow: boolean
} {
  const call = 'updateVpnAuthorizedState'
  atMost(args, 1, call)
  const [given] = args
  const allow = typeof given !== 'string' || !given.includes(refusalMark)
  const bundleName = allow || typeof given !== 'string' ? given : given.replaceAll(refusalMark, '')
  return { bundleName: bundleNameArgument(bundleName, call), allow }
}

function bundleNameArgument(value: unknown, call: ApiCall): string {
  const where = { path: 'bundleName', call }
  if (typeof value !== 'string') throw parameterError(where, `must be a string, not ${shown(value)}`)
  if (value === '') throw parameterError(where, 'must not be empty')
  if (value.length <= limits.bundleNameLength) return value
  throw parameterError(
    where,
    `has ${value.length} characters; at most ${limits.bundleNameLength} are allowed`,
  )
}

function atMost(args: readonly unknown[], most: number, call: ApiCall): void {
  if (args.length <= most) return
  throw parameterError({ path: 'arguments', call }, `at most ${most} are allowed, not ${args.length}`)
}

function optionalCallback<T>(
  args: readonly unknown[],
  index: number,
  call: ApiCall,
): ApiCallback<T> | undefined {
  if (args.length <= index) return undefined
  const callback = args[index]
  if (isCallback<T>(callback)) return callback
  throw parameterError({ path: 'callback', call }, `must be a function, not ${shown(callback)}`)
}

function isCallback<T>(value: unknown): value is ApiCallback<T> {
  return typeof value === 'function'
}
