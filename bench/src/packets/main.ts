import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorText } from '@vpnext/native'
import { UsageError } from '../command-line.ts'
import { describeMachine } from '../machine.ts'
import { createProgress } from '../progress.ts'
import { notMeasured } from '../row.ts'
import { drawTable } from '../table.ts'
import { readPacketCommandLine } from './command-line.ts'
import { openvpn } from './contenders/openvpn.ts'
import { vpnext } from './contenders/vpnext.ts'
import { wireguardGo } from './contenders/wireguard-go.ts'
import { Ground } from './ground.ts'
import type { Measurement, PacketRow } from './packet-row.ts'
import { raisePriority } from './priority.ts'
import { describeRun, type Result } from './report/result.ts'
import { measurements } from './rows/index.ts'

/** Where scripts/bench-packets.mjs says that the wireguard-go to compare with is. */
const programVariable = 'VPNEXT_WIREGUARD_GO'

/** Measures the rows that were asked for. Exit code: 0 all measured, 1 some not, 2 wrong usage. */
async function main(signal: AbortSignal): Promise<number> {
  const known = measurements.map(({ id }) => id)
  const { json, settings, wanted } = readPacketCommandLine(process.argv.slice(2), known)
  if (process.getuid?.() !== 0)
    throw new UsageError('it makes network namespaces and devices: run it as root')
  using _priority = raisePriority()
  const progress = createProgress(process.stderr)
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-bench-'))
  const program = process.env[programVariable] ?? 'wireguard-go'
  const contenders = { ours: vpnext(), wireguardGo: wireguardGo(program), openvpn: openvpn(folder) }
  try {
    await using ground = new Ground(settings, contenders, folder, progress)
    const machine = describeMachine()
    const run = describeRun(ground, program)
    const rows: PacketRow[] = []
    for (const measurement of measurements.filter(({ id }) => wanted.includes(id))) {
      signal.throwIfAborted()
      progress.step(`measuring ${measurement.id}`)
      rows.push(...(await measure(measurement, ground, signal)))
    }
    progress.done()
    const result: Result = { machine, run, rows }
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : drawTable(machine, rows, run.notes))
    return rows.every(({ met }) => met !== 'not measured') ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(
  measurement: Measurement,
  ground: Ground,
  signal: AbortSignal,
): Promise<readonly PacketRow[]> {
  try {
    return await Promise.race([measurement.measure(ground), rejectedBy(signal)])
  } catch (error) {
    signal.throwIfAborted()
    const reason = errorText(error)
    return measurement.plans.map((plan) => ({ ...notMeasured(plan, reason), unit: '', samples: {} }))
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true })
  })
}

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new Error(`stopped by ${name}`)))
try {
  process.exitCode = await main(stop.signal)
} catch (error) {
  if (!(error instanceof UsageError) && !stop.signal.aborted) throw error
  process.stderr.write(`${errorText(error)}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
// A row that was given up may still wait for its programs.
if (stop.signal.aborted) process.exit()
