import type { Command } from 'commander'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { checkLines } from '../doctor/check.ts'
import { checkMachine } from '../doctor/machine-checks.ts'
import { checkService } from '../doctor/service-check.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { jsonOption, withExample, withPlaceOptions } from './options.ts'

interface Options extends ServiceOptions {
  readonly stateDir?: string
  readonly instance: string
  readonly resolvConf: string
  readonly repair?: boolean
  readonly keepAlwaysOn?: boolean
}

/** `vpnext doctor [--repair]`: what the machine offers, and what a killed service left in this network namespace. */
export function addDoctorVerb(program: Command, context: CliContext): void {
  const command = program
    .command('doctor')
    .description('look at the machine, and at what a killed service left behind')
    .option('--repair', 'take away what was left behind')
    .option(
      '--keep-always-on',
      'leave the tunnels of always-on extensions closed, for a service that comes back',
    )
  withExample(withPlaceOptions(command).addOption(jsonOption()), 'vpnext doctor --repair').action(
    async (options: Options) => {
      const { checkLeftovers } = await import('../doctor/leftover-checks.ts')
      const checks = [
        ...checkMachine(),
        await checkService(context, options),
        ...(await checkLeftovers(context, options)),
      ]
      printResult(context, options, { checks }, () => checkLines(checks))
      if (!checks.some((check) => check.state.kind === 'leftover')) return
      const where =
        options.repair === true
          ? 'some of it could not be taken away'
          : 'vpnext doctor --repair takes it away'
      throw new CliFailure(exitCodes.needsRepair, `a killed service left something behind: ${where}`, {
        printed: 'the result',
      })
    },
  )
}
