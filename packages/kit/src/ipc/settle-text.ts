import { inspect } from 'node:util'

/** What was thrown, with its stack. */
export function settleText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error)
}
