import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './cli-failure.ts'

/** What execvp(3) searches without a PATH. */
const defaultPath = '/usr/local/bin:/usr/bin:/bin'

/**
 * The program that a command means, as execvp(3) finds it.
 *
 * @throws CliFailure 5 when there is none, 4 when it may not be run
 */
export function findCommand(name: string, path: string | undefined): string {
  const isPath = name.includes('/')
  const candidates = isPath
    ? [resolve(name)]
    : (path ?? defaultPath).split(delimiter).map((folder) => join(resolve(folder), name))
  const present = name === '' ? [] : candidates.filter(isFile)
  const found = present.find(isExecutable)
  if (found !== undefined) return found
  if (present.length > 0) throw new CliFailure(exitCodes.refused, `${present[0]} is not executable`)
  throw new CliFailure(
    exitCodes.notFound,
    `there is no command ${name}`,
    isPath ? {} : { hint: 'in no folder of PATH' },
  )
}

/** A folder of PATH may be closed, as root's are to others. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
