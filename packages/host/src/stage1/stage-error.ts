import { errorText } from '@vpnext/native'
/** The part of the start that failed, and with it the exit code of the process. */
export type Part = keyof typeof exitCodes

/** Exit codes of a host that could not start; 0 and 1 are never used, and no sandbox is ever skipped. */
export const exitCodes = {
  /** The command line is wrong. */
  launch: 70,
  /** Namespaces, mounts or the new root failed. */
  root: 71,
  /** The user id, the capabilities or no_new_privs could not be set. */
  identity: 72,
  /** Landlock is missing or failed. */
  landlock: 73,
  /** seccomp failed, in either stage. */
  seccomp: 74,
  /** The second stage could not be executed. */
  exec: 75,
  /** The service refused the host or did not answer. */
  attach: 76,
} as const

/** A start that cannot go on. */
export class StageError extends Error {
  override readonly name = 'StageError'
  readonly part: Part

  constructor(part: Part, message: string, options?: ErrorOptions) {
    super(message, options)
    this.part = part
  }
}

/** Runs one part; whatever it fails with becomes a {@link StageError} of that part. */
export function inPart<T>(part: Part, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof StageError) throw error
    throw new StageError(part, errorText(error), { cause: error })
  }
}

/** Says on stderr why the host does not start, and ends the process with the part's exit code. */
export function exitWith(error: unknown): never {
  const part = error instanceof StageError ? error.part : 'launch'
  const message = errorText(error)
  process.stderr.write(`vpnext host: ${part}: ${message}\n`)
  process.exit(exitCodes[part])
}
