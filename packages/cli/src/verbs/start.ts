import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { withConsent } from '../consent-prompt.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { chooseAbility } from './choose-ability.ts'
import { collect, withExample, withServiceOptions } from './options.ts'
import { type ParameterOptions, readParameters } from './start-parameters.ts'

interface Options extends ServiceOptions, ParameterOptions {
  readonly yes?: boolean
}

/** `vpnext start <bundle> [ability]`: startVpnExtensionAbility as the user, with consent asked in this terminal. */
export function addStartVerb(program: Command, context: CliContext): void {
  const command = program
    .command('start <bundle> [ability]')
    .description('start a VPN extension, asking for consent when there is none')
    .option('-y, --yes', 'consent without being asked')
    .option('--ps <key value>', 'a string member of want.parameters; may be repeated', collect, [])
    .option('--pi <key value>', 'an integer member; may be repeated', collect, [])
    .option('--pb <key value>', 'a boolean member, true or false; may be repeated', collect, [])
    .option('--parameters <file>', 'want.parameters as a JSON file, `-` for standard input (for secrets)')
  const example = 'vpnext start io.vpnext.hello --ps gatewayAddress 10.77.2.2 --pi gatewayPort 4400'
  withExample(withServiceOptions(command), example).action(
    async (bundleName: string, ability: string | undefined, options: Options) => {
      const parameters = await readParameters(context, options)
      await using client = await connectService(context, options)
      const abilityName = await chooseAbility(client, context, bundleName, ability)
      const want = { deviceId: '', bundleName, abilityName, parameters }
      await withConsent(context, options, bundleName, (signal) =>
        client.call(publicInterface, 'StartAbility', { want }, { signal }),
      )
      const { status } = (await client.call(publicInterface, 'GetStatus', {}, { signal: context.signal }))
        .parameters
      const hasTunnel = status.tunnels.some(
        (tunnel) => isOwn(tunnel) && tunnel.bundleName === bundleName && tunnel.closed === undefined,
      )
      printResult(context, options, { bundleName, abilityName }, () => [
        `started ${bundleName} (${abilityName})`,
        ...(hasTunnel ? [] : [`  no tunnel yet; what it says:  vpnext logs ${bundleName} -f`]),
      ])
    },
  )
}

/** Root sees everybody's. */
function isOwn({ ownerUid }: { readonly ownerUid: number }): boolean {
  return ownerUid === process.getuid?.()
}
