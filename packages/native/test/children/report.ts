import { writeSync } from 'node:fs'

/** Writes what the parent's `childReport` returns. Synchronous, so that it also works under a sandbox. */
export function report(value: unknown): void {
  writeSync(1, JSON.stringify(value))
}

/** The error code that `action` fails with, or `'ok'`. */
export function outcome(action: () => unknown): string {
  try {
    action()
    return 'ok'
  } catch (error) {
    return codeOf(error)
  }
}

/** As {@link outcome}, for a promise. */
export async function asyncOutcome(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
    return 'ok'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code)
  return String(error)
}
