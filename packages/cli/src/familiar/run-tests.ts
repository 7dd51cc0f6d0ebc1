import { writeFileSync } from 'node:fs'
import { publicInterface } from '@vpnext/service/protocol'
import type { MethodInput, VarlinkClient } from '@vpnext/varlink'
import type { CliContext } from '../context.ts'
import { visibleText } from '../text/visible.ts'
import { type ReportReader, junitReport } from './junit.ts'

/** What `aa test` runs. */
export type TestRequest = MethodInput<typeof publicInterface, 'RunTests'>

/** How a run ended. */
export interface TestOutcome {
  readonly code: number
  readonly message: string
  readonly report: Pick<ReportReader, 'cases' | 'running'>
}

/**
 * Runs tests and prints their report as it comes.
 *
 * @param reader reads it
 * @param signal gives up
 */
export async function runTests(
  client: VarlinkClient,
  context: CliContext,
  request: TestRequest,
  reader: ReportReader,
  signal: AbortSignal,
): Promise<TestOutcome> {
  let result = { code: -1, message: 'App died' }
  for await (const { parameters } of client.stream(publicInterface, 'RunTests', request, { signal })) {
    if (parameters.text !== undefined) {
      context.stdout.write(visibleText(parameters.text))
      reader.add(parameters.text)
    }
    if (parameters.result !== undefined) result = parameters.result
  }
  return { ...result, report: reader }
}

/** Whether all is well: the run came to its end, ran something, and nothing of it failed. */
export function isGreen({ code, report: { cases } }: TestOutcome): boolean {
  return (
    code === 0 && cases.length > 0 && cases.every(({ status }) => status === 'passed' || status === 'ignored')
  )
}

/** Writes the JUnit file. @throws node's error */
export function writeJunit(path: string, name: string, { code, message, report }: TestOutcome): void {
  const none = report.cases.length === 0 ? `no case ran: ${message}` : undefined
  writeFileSync(path, junitReport(name, report, code === 0 ? none : message))
}
