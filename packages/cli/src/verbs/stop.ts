import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { chooseAbility } from './choose-ability.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext stop <bundle> [ability]`: stopVpnExtensionAbility as the user. */
export function addStopVerb(program: Command, context: CliContext): void {
  const command = program
    .command('stop <bundle> [ability]')
    .description('stop a VPN extension and remove its tunnel')
  withExample(withServiceOptions(command), 'vpnext stop io.vpnext.hello').action(
    async (bundleName: string, ability: string | undefined, options: ServiceOptions) => {
      await using client = await connectService(context, options)
      const want = { bundleName, abilityName: await chooseAbility(client, context, bundleName, ability) }
      await client.call(publicInterface, 'StopAbility', { want }, { signal: context.signal })
      printResult(context, options, want, () => [`stopped ${bundleName}`])
    },
  )
}
