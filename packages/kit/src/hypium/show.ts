import { inspect } from 'node:util'

/** A value in a message of one line. */
export function show(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 3, breakLength: Infinity })
}
