import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext uninstall <bundle>`: stops it and removes its code, data and consent. */
export function addUninstallVerb(program: Command, context: CliContext): void {
  const command = program
    .command('uninstall <bundle>')
    .description('stop a bundle and remove it with its data')
  withExample(withServiceOptions(command), 'vpnext uninstall io.vpnext.hello').action(
    async (bundleName: string, options: ServiceOptions) => {
      await using client = await connectService(context, options)
      await client.call(publicInterface, 'Uninstall', { bundleName }, { signal: context.signal })
      printResult(context, options, { bundleName }, () => [`uninstalled ${bundleName}`])
    },
  )
}
