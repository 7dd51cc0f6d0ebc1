import type { ExitCode } from './exit-codes.ts'

/** What the person has been shown already when a verb fails. */
export type Printed = 'nothing' | 'the message' | 'the result' | 'everything'

/** A mistake or refusal that the person at the terminal can act on: a message, a hint, an exit code, no stack. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure'
  readonly exitCode: ExitCode
  readonly hint: string | undefined
  /** For `--json`: what programs may look at. */
  readonly details: object
  readonly printed: Printed
  /** The message stands alone, as programs that look for a device's words expect it. */
  readonly plain: boolean

  constructor(
    exitCode: ExitCode,
    message: string,
    options: { hint?: string; details?: object; printed?: Printed; plain?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.exitCode = exitCode
    this.hint = options.hint
    this.details = options.details ?? {}
    this.printed = options.printed ?? 'nothing'
    this.plain = options.plain === true
  }
}
