import koffi from 'koffi'

import { SystemError } from './system-error.ts'

/** The C library node itself is linked to. Every declaration of this package is made on it, apart from libnftables. */
const library = koffi.load(null)

/**
 * What may stand for a C pointer argument. Bytes are passed by address and may be read and written by the callee during
 * the call only; a string becomes a NUL-terminated UTF-8 copy; a bigint or number is an address; null is NULL.
 */
export type Pointer = Uint8Array | string | bigint | number | null

/* oxlint-disable typescript/no-unnecessary-type-parameters -- a C prototype's types exist only in the caller's head */

/**
 * Declares a C function and returns it as it is: no error checking.
 * A prototype that does not match the C library corrupts memory, so each one needs a test that calls it.
 * Use `long` or `intptr_t` for `ssize_t`, which koffi does not know.
 *
 * @param prototype e.g. `'int getppid(void)'`
 */
export function declare<Args extends readonly unknown[], Result>(
  prototype: string,
): (...args: Args) => Result {
  return library.func(prototype)
}

/**
 * Declares a C function that returns a number, -1 meaning failure.
 *
 * @param prototype e.g. `'int listen(int, int)'`
 * @returns a function that answers as the kernel does: the result (0 or more), or the negative errno
 */
export function declareRaw<Args extends readonly unknown[]>(prototype: string): (...args: Args) => number {
  const call = declare<Args, number | bigint>(prototype)
  return (...args) => {
    const result = Number(call(...args))
    return result === -1 ? -koffi.errno() : result
  }
}

/**
 * Declares a C function that returns a number, -1 meaning failure.
 *
 * @param prototype e.g. `'int listen(int, int)'`
 * @returns a function that answers the result (0 or more) and throws {@link SystemError} named after the C function
 */
export function declareChecked<Args extends readonly unknown[]>(
  prototype: string,
): (...args: Args) => number {
  const call = declareRaw<Args>(prototype)
  const name = functionName(prototype)
  return (...args) => check(call(...args), name)
}

/**
 * Passes a kernel-style result on.
 *
 * @param result 0 or more, or a negative errno
 * @param syscall the name for the error
 * @param detail more text for the error
 * @throws SystemError when `result` is negative
 */
export function check(result: number, syscall: string, detail?: string): number {
  if (result >= 0) return result
  throw new SystemError(-result, syscall, detail === undefined ? {} : { detail })
}

/** The errno that the last foreign call of this thread left. */
export function lastErrno(): number {
  return koffi.errno()
}

/**
 * The address of `bytes`, for pointers inside structures and for raw system calls.
 * The caller keeps `bytes` referenced until the kernel is done with it.
 */
export function addressOf(bytes: Uint8Array): bigint {
  return koffi.address(bytes)
}

function functionName(prototype: string): string {
  const name = /([A-Za-z_][A-Za-z0-9_]*)\s*\(/.exec(prototype)?.[1]
  if (name === undefined) throw new TypeError(`prototype: no function name in ${JSON.stringify(prototype)}`)
  return name
}
