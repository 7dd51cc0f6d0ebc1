import { errorText } from '@vpnext/native'
import { UsageError, readCommandLine } from './command-line.ts'
import { describeMachine } from './machine.ts'
import { type Progress, createProgress } from './progress.ts'
import { type MeasuredRow, notMeasured, type Row } from './row.ts'
import { rows as allRows } from './rows/index.ts'
import { openSite } from './site/site.ts'
import { drawTable } from './table.ts'

/** Measures the rows that were asked for. Exit code: 0 all measured, 1 some not, 2 wrong usage. */
async function main(stop: AbortController): Promise<number> {
  const { json, rows: wanted } = readCommandLine(
    process.argv.slice(2),
    allRows.map(({ plan }) => plan.id),
  )
  if (process.getuid?.() !== 0)
    throw new UsageError('the figures are those of a service with its full sandbox: run it as root')
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
  const progress = createProgress(process.stderr)
  const machine = describeMachine()
  const rows = await measure(wanted, progress, stop.signal)
  progress.done()
  process.stdout.write(json ? `${JSON.stringify({ machine, rows })}\n` : drawTable(machine, rows))
  return rows.every(({ met }) => met !== 'not measured') ? 0 : 1
}

async function measure(wanted: readonly string[], progress: Progress, signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = []
  for (const row of allRows.filter(({ plan }) => wanted.includes(plan.id))) {
    rows.push(await measureRow(row, progress, signal))
    signal.throwIfAborted()
  }
  return rows
}

/** Each row has a service of its own, so that none is measured with what another has left in its memory. */
async function measureRow(row: MeasuredRow, progress: Progress, signal: AbortSignal): Promise<Row> {
  try {
    await using site = await openSite(progress, signal, { collects: row.collects ?? false })
    progress.step(`measuring ${row.plan.id}`)
    const measured = await Promise.race([row.measure(site), rejectedBy(signal)])
    await site.extension.stop()
    return measured
  } catch (error) {
    return notMeasured(row.plan, errorText(error))
  }
}

/** A row that is under way is given up; its site goes, and with it what the row waits for. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true })
  })
}

// Where it is set, every Node reads all CA certificates at its start. That is no part of what is measured, on either side, and hides it:
// 50 of 170 ms of an install here.
delete process.env['NODE_EXTRA_CA_CERTS']

const stop = new AbortController()
try {
  process.exitCode = await main(stop)
} catch (error) {
  if (!(error instanceof UsageError) && !stop.signal.aborted) throw error
  process.stderr.write(`${errorText(error)}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
// A row that was given up may still wait for its extension.
if (stop.signal.aborted) process.exit()
