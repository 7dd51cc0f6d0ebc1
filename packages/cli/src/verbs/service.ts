import type { Command } from 'commander'
import type { CliContext } from '../context.ts'
import { untilInterrupted } from '../interruption.ts'
import type { RunOptions } from '../run-service.ts'
import { wholeNumber, withExample, withPlaceOptions } from './options.ts'

/** `vpnext service run`: the privileged service, in the foreground, in the network namespace it is started in. */
export function addServiceVerb(program: Command, context: CliContext): void {
  const service = program.command('service').description('the privileged service')
  withExample(service, 'vpnext service run')
  const command = service
    .command('run')
    .description('run the service in the foreground until SIGTERM or Ctrl-C')
    .option('--policy-dir <dir>', 'files of the administrator (default: /etc/vpnext/policy.d)')
    .option(
      '--consent-timeout <seconds>',
      'how long a question waits for its answer',
      wholeNumber(1, 3600, 'of seconds '),
      60,
    )
  const example = 'vpnext service run --run-dir /run/test --state-dir /var/lib/test --instance test'
  withExample(withPlaceOptions(command), example).action(async (options: RunOptions) => {
    const { runService } = await import('../run-service.ts')
    await untilInterrupted(context, () => runService(context, options))
  })
}
