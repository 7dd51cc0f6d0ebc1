import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'

/** Errors of sockets, files and devices that node's own table lacks: include/uapi/asm-generic/errno.h, linux/errno.h. */
const kernelOnly: ReadonlyMap<number, string> = new Map([
  [15, 'ENOTBLK'],
  [64, 'ENONET'],
  [76, 'ENOTUNIQ'],
  [77, 'EBADFD'],
  [78, 'EREMCHG'],
  [87, 'EUSERS'],
  [94, 'ESOCKTNOSUPPORT'],
  [96, 'EPFNOSUPPORT'],
  [108, 'ESHUTDOWN'],
  [109, 'ETOOMANYREFS'],
  [112, 'EHOSTDOWN'],
  [117, 'EUCLEAN'],
  [121, 'EREMOTEIO'],
  [123, 'ENOMEDIUM'],
  [126, 'ENOKEY'],
  [127, 'EKEYEXPIRED'],
  [128, 'EKEYREVOKED'],
  [129, 'EKEYREJECTED'],
  [130, 'EOWNERDEAD'],
  [131, 'ENOTRECOVERABLE'],
  [132, 'ERFKILL'],
  [524, 'ENOTSUPP'],
])

/** Of two names for one number, the name that the manual pages use. */
const preferred: ReadonlySet<string> = new Set(['EAGAIN', 'EOPNOTSUPP', 'EDEADLK'])

const numbers: Readonly<Record<string, number>> = constants.errno
const names: ReadonlyMap<number, string> = nameTable()

function nameTable(): ReadonlyMap<number, string> {
  const table = new Map(kernelOnly)
  for (const [name, number] of Object.entries(numbers)) {
    if (!table.has(number) || preferred.has(name)) table.set(number, name)
  }
  return table
}

/**
 * The symbolic name of an errno.
 *
 * @param errno a positive error number, e.g. 2
 * @returns e.g. `ENOENT`; `E<number>` for a number without a name
 */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `E${errno}`
}

/**
 * The number of a symbolic error name.
 *
 * @param name e.g. `ENOENT`
 * @throws RangeError for a name that Linux does not have
 */
export function errnoNumber(name: string): number {
  const number = numbers[name]
  if (number !== undefined) return number
  for (const [candidate, known] of kernelOnly) if (known === name) return candidate
  throw new RangeError(`errno: no error is named ${name}`)
}

/** A system call that failed. `code`, `errno` and `syscall` are as in node's own system errors, but `errno` is positive. */
export class SystemError extends Error {
  override readonly name = 'SystemError'
  /** Symbolic name, e.g. `ENOENT`. */
  readonly code: string
  /** Positive error number, e.g. 2. */
  readonly errno: number
  /** The call that failed, e.g. `sendmsg`. */
  readonly syscall: string
  /** What the kernel or library said besides the number: netlink's extended acknowledgement, nft's text, a path. */
  declare readonly detail?: string
  /** Position, from 0, of the failed request in a batch. */
  declare readonly index?: number

  constructor(
    errno: number,
    syscall: string,
    extra: { detail?: string; index?: number; cause?: unknown } = {},
  ) {
    const code = errnoName(errno)
    const meaning = getSystemErrorMap().get(-errno)?.[1]
    const parts = [syscall, code, meaning, extra.detail].filter((part) => part !== undefined && part !== '')
    super(parts.join(': '), 'cause' in extra ? { cause: extra.cause } : undefined)
    this.code = code
    this.errno = errno
    this.syscall = syscall
    if (extra.detail !== undefined) this.detail = extra.detail
    if (extra.index !== undefined) this.index = extra.index
  }
}

/** Whether `error` is a {@link SystemError}, of one of the given codes if any are given. */
export function isSystemError(error: unknown, ...codes: string[]): error is SystemError {
  return error instanceof SystemError && (codes.length === 0 || codes.includes(error.code))
}

/** Whether `error` is one of node's own or a {@link SystemError} with one of these codes, e.g. `ENOENT`. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  )
}
