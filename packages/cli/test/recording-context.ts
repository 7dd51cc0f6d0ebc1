import { Readable, Writable } from 'node:stream'
import type { CliContext } from '../src/context.ts'

/** A context whose output can be looked at. */
export interface RecordingContext extends CliContext {
  /** What was written to standard output so far. */
  readonly output: () => string
  /** What was written to standard error so far. */
  readonly errors: () => string
}

/** A context without a terminal and with an empty standard input. */
export function recordingContext(overrides: Partial<CliContext> = {}): RecordingContext {
  const written = { stdout: '', stderr: '' }
  const sink = (name: keyof typeof written): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString()
        done()
      },
    })
  return {
    stdin: Readable.from([]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    signal: new AbortController().signal,
    ...overrides,
    output: () => written.stdout,
    errors: () => written.stderr,
  }
}
