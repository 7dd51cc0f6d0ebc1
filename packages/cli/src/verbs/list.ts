import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { table } from '../text/table.ts'
import { visible } from '../text/visible.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext list`: the bundles of the caller. */
export function addListVerb(program: Command, context: CliContext): void {
  const command = program.command('list').description('the installed bundles')
  withExample(withServiceOptions(command), 'vpnext list').action(async (options: ServiceOptions) => {
    await using client = await connectService(context, options)
    const { bundles } = (await client.call(publicInterface, 'ListBundles', {}, { signal: context.signal }))
      .parameters
    printResult(context, options, { bundles }, () => {
      if (bundles.length === 0) return ['no bundle is installed; vpnext install <project> adds one']
      const rows = bundles.map((bundle) => [
        bundle.bundleName,
        visible(bundle.versionName),
        String(bundle.ownerUid),
        bundle.codeHash.slice(0, 16),
        bundle.abilities
          .filter((ability) => ability.type === 'vpn')
          .map((ability) => ability.name)
          .join(' '),
      ])
      return table(['BUNDLE', 'VERSION', 'OWNER', 'CODE', 'VPN EXTENSIONS'], rows)
    })
  })
}
