import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { SystemError, errnoNumber } from './system-error.ts'

/** Of open(2), which waits for a pipe's writer else; and a terminal must not become the one of the process. */
export const NEVER_WAITING: number = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/**
 * Reads a file at a path where somebody may have put something else, without ever waiting: a pipe or a device, whose open(2)
 * or read(2) may never return, is refused before anything is read of it.
 *
 * @param options `flags`: more of open(2), such as O_NOFOLLOW; `longest`: in bytes, as many as there are without it
 * @throws SystemError EINVAL for what is no regular file, EFBIG for more than `longest` bytes; node's error of open(2) or read(2)
 */
export function readPlainFile(
  path: string,
  { flags = 0, longest = Number.POSITIVE_INFINITY }: { flags?: number; longest?: number } = {},
): Buffer {
  const fd = openSync(path, NEVER_WAITING | flags)
  try {
    const facts = fstatSync(fd)
    if (!facts.isFile()) throw refusal('EINVAL', `${path} is no regular file`)
    if (facts.size > longest) throw refusal('EFBIG', `${path} has more than ${longest} bytes`)
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}

function refusal(code: string, detail: string): SystemError {
  return new SystemError(errnoNumber(code), 'read', { detail })
}
