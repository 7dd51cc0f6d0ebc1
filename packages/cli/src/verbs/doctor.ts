import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SystemError } from '@vpnext/native'
import { defaultSettings, openJournal, repair } from '@vpnext/network'
import { connectVarlink } from '@vpnext/varlink'
import type { Command } from 'commander'
import {
  type CliContext,
  type ServiceOptions,
  defaultStateDir,
  printResult,
  runDirOf,
  stateDirOf,
} from '../context.ts'
import { type Check, checkLines } from '../doctor/check.ts'
import { checkMachine } from '../doctor/machine-checks.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { withExample, withServiceOptions } from './options.ts'

interface Options extends ServiceOptions {
  readonly stateDir?: string
  readonly instance: string
  readonly resolvConf: string
  readonly repair?: boolean
}

/** `vpnext doctor [--repair]`: what the machine offers, and what a killed service left in this network namespace. */
export function addDoctorVerb(program: Command, context: CliContext): void {
  const command = program
    .command('doctor')
    .description('look at the machine, and at what a killed service left behind')
    .option('--repair', 'take away what was left behind')
    .option('--state-dir <dir>', `the service’s state directory (default: $VPNEXT_STATE_DIR or ${defaultStateDir})`)
    .option('--instance <name>', 'which service', 'default')
    .option('--resolv-conf <file>', 'the resolver configuration it managed', '/etc/resolv.conf')
  withExample(withServiceOptions(command), 'vpnext doctor --repair').action(async (options: Options) => {
    const checks = [...checkMachine(), await checkService(context, options)]
    const running = checks.some((check) => check.name === serviceCheck && check.state.kind === 'fine')
    checks.push(...(await checkLeftovers(context, options, running)))
    printResult(context, options, { checks }, () => checkLines(checks))
    if (checks.some((check) => check.state.kind === 'leftover')) {
      const where = options.repair === true ? 'some of it could not be taken away' : 'vpnext doctor --repair takes it away'
      throw new CliFailure(exitCodes.needsRepair, `a killed service left something behind: ${where}`)
    }
  })
}

const serviceCheck = 'service'

async function checkService(context: CliContext, options: Options): Promise<Check> {
  const path = join(runDirOf(context, options), 'io.vpnext')
  try {
    await using _client = await connectVarlink(path, { signal: context.signal })
    return { name: serviceCheck, state: { kind: 'fine', detail: `answers at ${path}` } }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const remedy = 'vpnext service run'
    return { name: serviceCheck, state: { kind: 'lacking', detail: `none at ${path} (${error.code})`, remedy } }
  }
}

/** The journal of a service that runs is its own affair; that of one that does not is what it left behind. */
async function checkLeftovers(context: CliContext, options: Options, running: boolean): Promise<Check[]> {
  const name = 'leftovers'
  const directory = join(stateDirOf(context, options), 'journal')
  if (running) return [{ name, state: { kind: 'fine', detail: 'the service that runs looks after its own' } }]
  if (!existsSync(directory)) return [{ name, state: { kind: 'fine', detail: `no journal at ${directory}` } }]
  const settings = defaultSettings({ instance: options.instance, resolvConf: options.resolvConf })
  const journal = openJournal(directory, settings)
  if (options.repair !== true) {
    const entries = journal.entries()
    if (entries.length === 0) return [{ name, state: { kind: 'fine', detail: 'none' } }]
    return entries.map((entry) => ({
      name,
      state: { kind: 'leftover', detail: `tunnel ${entry.interfaceName} of ${entry.owner.bundleName}` },
    }))
  }
  const report = await repair(journal, settings)
  const undone = [...report.tunnels.flatMap((tunnel) => tunnel.undone), ...report.swept]
  const failed = report.tunnels.flatMap((tunnel) => tunnel.failed)
  return [
    { name, state: { kind: 'fine', detail: undone.length === 0 ? 'none' : `taken away: ${undone.join(', ')}` } },
    ...failed.map((detail): Check => ({ name, state: { kind: 'leftover', detail } })),
  ]
}
