import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { type CliContext, printResult } from '../context.ts'
import { hasPrivilege, reenterInUserNamespace } from '../demo/enter-namespace.ts'
import { drawReport } from '../demo/picture.ts'
import { runDemo } from '../demo/run-demo.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { withExample } from './options.ts'

interface Options {
  readonly yes?: boolean
  readonly json?: boolean
}

const sample = fileURLToPath(new URL('../../../../apps/hello-vpn', import.meta.url))

/** `vpnext demo [project]`: what `npm start` runs. */
export function addDemoVerb(program: Command, context: CliContext): void {
  const command = program
    .command('demo [project]')
    .description('a VPN extension in a private lab, from consent to packets to nothing left')
    .option('-y, --yes', 'consent without being asked')
    .option('--json', 'print JSON for programs')
  withExample(command, 'vpnext demo ./MyVpn --yes').action(async (project: string | undefined, options: Options) => {
    if (!hasPrivilege()) {
      const code = await reenterInUserNamespace(context)
      if (code !== exitCodes.success) throw new CliFailure(code, 'the demo did not succeed')
      return
    }
    const report = await runDemo(context, project ?? sample, { yes: options.yes === true })
    printResult(context, options, report, () => drawReport(report))
    if (!report.ok) throw new CliFailure(exitCodes.failure, 'not all of it holds')
  })
}
