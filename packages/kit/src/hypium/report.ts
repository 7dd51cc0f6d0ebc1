/** How a case ended. */
export type CaseResult =
  | { readonly kind: 'passed' }
  /** An assertion. */
  | {
      readonly kind: 'failed'
      readonly message: string
      readonly stack: string
      /** Of `expect(…).message(words)`. */
      readonly words?: string
    }
  /** Anything else that was thrown, or no end in time. */
  | { readonly kind: 'error'; readonly message: string; readonly stack: string }
  | { readonly kind: 'ignored'; readonly reason?: string }

export interface CaseReport {
  readonly suite: string
  readonly name: string
  readonly result: CaseResult
  readonly durationMs: number
}

/** What a run that only lists would run. */
export interface SuiteListing {
  readonly [suite: string]: readonly object[]
}

/** Totals of a run. */
export interface Summary {
  readonly total: number
  readonly failure: number
  readonly error: number
  readonly pass: number
  readonly ignore: number
  readonly durationMs: number
}

/** Codes of OHOS_REPORT_STATUS_CODE. */
const codes = { passed: 0, error: -1, failed: -2, ignored: -3 } as const

/** The text that a device prints at each step of a run, as its tools parse it. */
export const reportText = {
  suiteStart: (suite: string, cases: number): string =>
    block([`OHOS_REPORT_SUM: ${cases}`, `OHOS_REPORT_STATUS: class=${suite}`]),
  suiteDone: (suite: string, durationMs: number, hookError: string): string =>
    block([
      `OHOS_REPORT_STATUS: class=${suite}`,
      `OHOS_REPORT_STATUS: suiteconsuming=${durationMs}`,
      ...(hookError === '' ? [] : [`OHOS_REPORT_STATUS: ${hookError}`]),
    ]),
  caseStart: (suite: string, name: string, current: number, total: number): string =>
    block(
      [...head(suite, current, total), 'stream=', `test=${name}`].map(status),
      'OHOS_REPORT_STATUS_CODE: 1',
    ),
  caseDone({ suite, name, result, durationMs }: CaseReport, current: number, total: number): string {
    return block(
      [
        ...head(suite, current, total).map(status),
        ...failureLines(name, result),
        status(`test=${name}`),
        `OHOS_REPORT_STATUS_CODE: ${codes[result.kind]}`,
        ...(result.kind === 'ignored' && result.reason !== undefined
          ? [status(`skipReason=${result.reason}`)]
          : []),
      ],
      status(`consuming=${durationMs}`),
    )
  },
  taskDone({ total, failure, error, pass, ignore, durationMs }: Summary, breakOnError: boolean): string {
    const counts = `Failure: ${failure}, Error: ${error}, Pass: ${pass}, Ignore: ${ignore}`
    const broken = breakOnError && failure + error > 0
    return block(
      [`OHOS_REPORT_RESULT: stream=Tests run: ${total}, ${counts}`],
      `OHOS_REPORT_CODE: ${failure + error > 0 ? -1 : 0}`,
      ...(broken
        ? [
            '',
            'OHOS_REPORT_RESULT: breakOnError model, Stopping whole test suite if one specific test case failed or error',
          ]
        : []),
      status(`taskconsuming=${durationMs}`),
    )
  },
  /** Of a run that only lists. */
  listing: (suites: SuiteListing): string => block([JSON.stringify({ suites: [], ...suites })]),
} as const

function failureLines(name: string, result: CaseResult): string[] {
  if (result.kind !== 'failed' && result.kind !== 'error') return [status('stream=')]
  const words = result.kind === 'failed' && result.words !== undefined ? `message: ${result.words}, ` : ''
  return [status(`stack=${result.stack}`), status(`stream=${words}Error in ${name}, ${result.message}`)]
}

function head(suite: string, current: number, total: number): string[] {
  return [`class=${suite}`, `current=${current}`, 'id=JS', `numtests=${total}`]
}

function status(text: string): string {
  return text.startsWith('OHOS_REPORT') ? text : `OHOS_REPORT_STATUS: ${text}`
}

/** Lines after an empty one, as the framework prints them. */
function block(lines: readonly string[], ...more: readonly string[]): string {
  return `\n${[...lines, ...more].join('\n')}\n`
}
