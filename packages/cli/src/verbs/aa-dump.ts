import { type hostInfo, publicInterface } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'
import { withExample, withServiceOptions } from './options.ts'

type Host = Infer<typeof hostInfo>

interface Options extends ServiceOptions {
  readonly all?: boolean
  readonly missionList?: boolean
}

/** `vpnext aa dump -a`, `-l`: what runs, in the shape of the device's list of abilities. */
export function addAaDump(aa: Command, context: CliContext): void {
  const command = aa
    .command('dump')
    .description('the abilities that run')
    .option('-a, --all', 'all of them')
    .option('-l, --mission-list', 'the pages')
  withExample(withServiceOptions(command), 'vpnext aa dump -a').action(async (options: Options) => {
    if (options.all !== true && options.missionList !== true)
      throw new CliFailure(exitCodes.usage, 'say what to dump: -a or -l')
    await using client = await connectService(context, options)
    const { signal } = context
    const { bundles } = (await client.call(publicInterface, 'ListBundles', {}, { signal })).parameters
    const { status } = (await client.call(publicInterface, 'GetStatus', {}, { signal })).parameters
    const isExtension = ({ bundleName, abilityName, ownerUid }: Host): boolean =>
      bundles.some(
        (bundle) =>
          bundle.bundleName === bundleName &&
          bundle.ownerUid === ownerUid &&
          bundle.abilities.some(({ name, kind }) => name === abilityName && kind === 'extension'),
      )
    const pages = status.hosts.filter((host) => !isExtension(host))
    const extensions = options.all === true ? status.hosts.filter(isExtension) : []
    printResult(context, options, { pages, extensions }, () => [
      `User ID #${process.getuid?.() ?? 0}`,
      '  current mission lists:{',
      ...pages.flatMap((host, index) => record(host, index + 1, 'PAGE')),
      '  }',
      ...(options.all === true
        ? [
            '  ExtensionRecords:',
            ...extensions.flatMap((host, index) => record(host, index + 1, 'EXTENSION')),
          ]
        : []),
    ])
  })
}

function record(host: Host, number: number, type: 'PAGE' | 'EXTENSION'): string[] {
  const state =
    host.state === 'running' ? (type === 'PAGE' ? 'FOREGROUND' : 'ACTIVE') : host.state.toUpperCase()
  return [
    `    AbilityRecord ID #${number}`,
    `      app name [${visible(host.bundleName)}]`,
    `      main name [${visible(host.abilityName)}]`,
    `      bundle name [${visible(host.bundleName)}]`,
    `      ability type [${type}]`,
    `      state #${state}  pid #${host.pid}  uid #${host.hostUid}`,
  ]
}
