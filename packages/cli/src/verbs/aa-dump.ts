import { type hostInfo, publicInterface } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'
import { wholeNumber, withExample, withServiceOptions } from './options.ts'

type Host = Infer<typeof hostInfo>

interface Options extends ServiceOptions {
  readonly all?: boolean
  readonly missionList?: boolean
  readonly extension?: true | string
  readonly ability?: number
}

/** `vpnext aa dump -a`, `-l`, `-e`, `-i`: what runs, in the shape of the device's list of abilities. */
export function addAaDump(aa: Command, context: CliContext): void {
  const command = aa
    .command('dump')
    .description('the abilities that run')
    .option('-a, --all', 'all of them')
    .option('-l, --mission-list', 'the pages')
    .option('-e, --extension [name]', 'the VPN extensions, or the one of this name')
    .option('-i, --ability <id>', 'the one with this AbilityRecord ID', wholeNumber(1, 0x7fff_ffff))
    .option('-u, --userId <id>', 'accepted: what is dumped is yours')
    .option('-c, --client', 'accepted: there is no more to tell')
    .option('-p, --pending', 'accepted: nothing is pending')
    .option('-r, --process', 'accepted: each has a process of its own')
  withExample(withServiceOptions(command), 'vpnext aa dump -a').action(async (options: Options) => {
    const { all, missionList, extension, ability } = options
    if (all !== true && missionList !== true && extension === undefined && ability === undefined)
      throw new CliFailure(exitCodes.usage, 'say what to dump: -a, -l, -e or -i')
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
    const wanted = status.hosts.filter(
      ({ pid, abilityName }) =>
        (ability === undefined || pid === ability) &&
        (typeof extension !== 'string' || abilityName === extension),
    )
    const withExtensions = all === true || extension !== undefined || ability !== undefined
    const pages = extension === undefined ? wanted.filter((host) => !isExtension(host)) : []
    const extensions = withExtensions ? wanted.filter(isExtension) : []
    if (ability !== undefined && pages.length + extensions.length === 0)
      throw new CliFailure(exitCodes.notFound, `nothing that runs has the AbilityRecord ID ${ability}`)
    printResult(context, options, { pages, extensions }, () => [
      `User ID #${process.getuid?.() ?? 0}`,
      '  current mission lists:{',
      ...pages.flatMap((host) => record(host, 'PAGE')),
      '  }',
      ...(withExtensions
        ? ['  ExtensionRecords:', ...extensions.flatMap((host) => record(host, 'EXTENSION'))]
        : []),
    ])
  })
}

/** Its ID is that of its process, which stays the same. */
function record(host: Host, type: 'PAGE' | 'EXTENSION'): string[] {
  const state =
    host.state === 'running' ? (type === 'PAGE' ? 'FOREGROUND' : 'ACTIVE') : host.state.toUpperCase()
  return [
    `    AbilityRecord ID #${host.pid}`,
    `      app name [${visible(host.bundleName)}]`,
    `      main name [${visible(host.abilityName)}]`,
    `      bundle name [${visible(host.bundleName)}]`,
    `      ability type [${type}]`,
    `      state #${state}  pid #${host.pid}  uid #${host.hostUid}`,
  ]
}
