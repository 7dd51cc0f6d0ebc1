import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { type CliContext, printResult } from '../context.ts'
import { hasPrivilege, reenterInUserNamespace } from '../demo/enter-namespace.ts'
import { drawReport } from '../demo/picture.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { jsonOption, withExample } from './options.ts'

interface Options {
  readonly yes?: boolean
  readonly json?: boolean
}

/** WireGuard, against a gateway that the demo starts. */
const ordinary = fileURLToPath(new URL('../../../../apps/wireguard', import.meta.url))

/** `vpnext demo [project]`: what `npm start` runs. */
export function addDemoVerb(program: Command, context: CliContext): void {
  const command = program
    .command('demo [project]')
    .description('a VPN extension in a private lab, from consent to packets to nothing left')
    .option('-y, --yes', 'consent without being asked')
    .addOption(jsonOption())
  withExample(command, 'vpnext demo ./MyVpn --yes').action(
    async (project: string | undefined, options: Options) => {
      checkSomebodyAnswers(context, options)
      if (!hasPrivilege()) {
        const code = await reenterInUserNamespace(context)
        if (code === exitCodes.success) return
        throw new CliFailure(code, 'the demo did not succeed', { printed: 'everything' })
      }
      // With the lab it is half of the program; other verbs do without.
      const { runDemo } = await import('../demo/run-demo.ts')
      const report = await runDemo(context, project ?? ordinary, { yes: options.yes === true })
      printResult(context, options, report, () => drawReport(report))
      if (!report.ok)
        throw new CliFailure(exitCodes.failure, 'not all of it holds', { printed: 'the result' })
    },
  )
}

/** @throws CliFailure rather than waiting for an answer that nobody can give: the service of the demo is a private one */
function checkSomebodyAnswers({ stdin, stderr }: CliContext, { yes }: Options): void {
  if (yes === true || (stdin.isTTY === true && stderr.isTTY === true)) return
  const message = 'the extension needs consent, and there is no terminal to ask in'
  throw new CliFailure(exitCodes.refused, message, { hint: '--yes consents without being asked' })
}
