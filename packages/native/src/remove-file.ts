import { unlinkSync } from 'node:fs'

import { isErrno } from './system-error.ts'

/**
 * Takes a name out of its directory; a link goes itself, never what it names. A name that is not there is no error.
 *
 * `fs.rmSync` cannot be used for this: Node 24.0–24.9 asks for the target first, and leaves a link that dangles where
 * it is, saying nothing.
 *
 * @throws Error of unlink(2) other than ENOENT
 */
export function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
}
