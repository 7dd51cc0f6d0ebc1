import { UsageError, readCommandLine } from './command-line.ts'
import { describeMachine } from './machine.ts'
import { createProgress } from './progress.ts'
import type { Row } from './row.ts'
import { notMeasured } from './row.ts'
import { rows as allRows } from './rows/index.ts'
import { openSite } from './site/site.ts'
import { drawTable } from './table.ts'

/** Measures the rows that were asked for. Exit code: 0 all measured, 1 some not, 2 wrong usage. */
async function main(): Promise<number> {
  const { json, rows: wanted } = readCommandLine(
    process.argv.slice(2),
    allRows.map(({ plan }) => plan.id),
  )
  if (process.getuid?.() !== 0)
    throw new UsageError('the figures are those of a service with its full sandbox: run it as root')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
  const progress = createProgress(process.stderr)
  const machine = describeMachine()
  const rows = await measure(wanted, progress, stop.signal)
  progress.done()
  process.stdout.write(json ? `${JSON.stringify({ machine, rows })}\n` : drawTable(machine, rows))
  return rows.every(({ met }) => met !== 'not measured') ? 0 : 1
}

async function measure(
  wanted: readonly string[],
  progress: ReturnType<typeof createProgress>,
  signal: AbortSignal,
): Promise<Row[]> {
  await using site = await openSite(progress, signal)
  const rows: Row[] = []
  for (const row of allRows.filter(({ plan }) => wanted.includes(plan.id))) {
    const { plan } = row
    signal.throwIfAborted()
    progress.step(`measuring ${plan.id}`)
    try {
      rows.push(await row.measure(site))
    } catch (error) {
      rows.push(notMeasured(plan, error instanceof Error ? error.message : String(error)))
    }
    await site.extension.stop()
  }
  return rows
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
