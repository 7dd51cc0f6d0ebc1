import { writeFileSync } from 'node:fs'
import { publicInterface } from '@vpnext/service/protocol'
import type { MethodInput, VarlinkClient } from '@vpnext/varlink'
import type { CliContext } from '../context.ts'
import { ReportReader, type ReportedCase, junitReport } from './junit.ts'

/** What `aa test` runs. */
export type TestRequest = MethodInput<typeof publicInterface, 'RunTests'>

/** How a run ended. */
export interface TestOutcome {
  readonly code: number
  readonly message: string
  readonly cases: readonly ReportedCase[]
}

/** Runs tests and prints their report as it comes. @param signal gives up */
export async function runTests(
  client: VarlinkClient,
  context: CliContext,
  request: TestRequest,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const reader = new ReportReader()
  let result = { code: -1, message: 'App died' }
  for await (const { parameters } of client.stream(publicInterface, 'RunTests', request, { signal })) {
    if (parameters.text !== undefined) {
      context.stdout.write(parameters.text)
      reader.add(parameters.text)
    }
    if (parameters.result !== undefined) result = parameters.result
  }
  return { ...result, cases: reader.cases }
}

/** Whether all is well: the run came to its end, ran something, and nothing of it failed. */
export function isGreen({ code, cases }: TestOutcome): boolean {
  return (
    code === 0 && cases.length > 0 && cases.every(({ status }) => status === 'passed' || status === 'ignored')
  )
}

/** Writes the JUnit file. @throws node's error */
export function writeJunit(path: string, name: string, { code, message, cases }: TestOutcome): void {
  const broken = code === 0 && cases.length > 0 ? undefined : code === 0 ? `no case ran: ${message}` : message
  writeFileSync(path, junitReport(name, cases, broken))
}
