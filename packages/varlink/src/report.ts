import { ConnectionError } from './errors.ts'

/** Reports what no caller will hear of as a process warning, so that it is neither lost nor fatal. */
export function reportAsWarning(error: unknown, where: string): void {
  const text =
    error instanceof ConnectionError ? error.message : error instanceof Error ? error.stack : String(error)
  process.emitWarning(`${where}: ${text}`, 'VarlinkWarning')
}
