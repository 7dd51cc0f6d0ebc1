import { constants } from 'node:fs'
import { isErrno, readPlainFile } from '@vpnext/native'
import * as z from 'zod'
import { ServiceError } from '../service-error.ts'
import { removeLeftovers, writeFileAtomically } from './atomic-write.ts'

/** One JSON file of the state folder, held in memory and rewritten whole at each change. */
export interface StateDocument<T> {
  readonly value: T
  /** Puts `next` on disk, then makes it the value. When that fails, the old value stays. */
  replace(next: T): void
  /** Makes `next` the value, then puts it on disk: for what is taken away, and must not count on although the disk is full. */
  withdraw(next: T): void
  /** Puts the value on disk if a {@link withdraw} could not. */
  settle(): void
}

/**
 * Opens a state file, or starts with `initial` when there is none; nothing is written until the first change.
 *
 * @param schema has a `version` member with a literal, so that another format is refused rather than misread
 * @throws ServiceError `damaged-state` naming the file and the member
 */
export function openDocument<T extends { version: number }>(
  path: string,
  schema: z.core.$ZodType<T>,
  initial: T,
): StateDocument<T> {
  removeLeftovers(path)
  let value = readDocument(path, schema) ?? initial
  let isWritten = true
  const write = (next: T): void => {
    writeFileAtomically(path, `${JSON.stringify(next, undefined, 2)}\n`)
    isWritten = true
  }
  return {
    get value() {
      return value
    },
    replace(next) {
      write(next)
      value = next
    },
    withdraw(next) {
      value = next
      isWritten = false
      write(next)
    },
    settle() {
      if (!isWritten) write(value)
    },
  }
}

/** Reads a JSON file by its schema; undefined when there is none. @throws ServiceError `damaged-state` */
export function readDocument<T>(path: string, schema: z.core.$ZodType<T>): T | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  try {
    return z.parse(schema, JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new ServiceError('damaged-state', `${path}: ${reason}`, { cause: error })
  }
}

/** The text of a file that the service keeps, not through a link; undefined where there is none. @throws node's error */
export function readText(path: string): string | undefined {
  try {
    return readPlainFile(path, { flags: constants.O_NOFOLLOW }).toString('utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}
