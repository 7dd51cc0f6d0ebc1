import { publicInterface } from '@vpnext/service/protocol'
import type { VarlinkClient } from '@vpnext/varlink'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import type { CliContext, ServiceOptions } from '../context.ts'
import { DesktopNotifications } from '../desktop/desktop-notifications.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { untilInterrupted } from '../interruption.ts'
import { logLine } from '../text/log-line.ts'
import { wholeNumber, withExample, withServiceOptions } from './options.ts'

interface Options extends ServiceOptions {
  readonly follow?: boolean
  readonly notify?: boolean
  readonly last: number
}

/** `vpnext logs [bundle] [-f]`: hilog, console and standard output of extensions, and the service's own lines. */
export function addLogsVerb(program: Command, context: CliContext): void {
  const command = program
    .command('logs [bundle]')
    .description('what extensions and the service logged')
    .option('-f, --follow', 'go on as new lines come')
    .option('--notify', 'show notifications of extensions on the desktop too, as they come; with -f')
    .option('-n, --last <lines>', 'how many of the past', wholeNumber(0, 100_000), 200)
  withExample(withServiceOptions(command), 'vpnext logs io.vpnext.hello -f').action(
    async (bundleName: string | undefined, options: Options) => {
      if (options.notify === true && options.follow !== true)
        throw new CliFailure(exitCodes.usage, '--notify goes with -f: it shows what comes')
      await using client = await connectService(context, options)
      const began = Date.now()
      const desktop =
        options.notify === true
          ? new DesktopNotifications(context.env, (text) => context.stderr.write(`vpnext: ${text}\n`))
          : undefined
      const parameters = {
        follow: options.follow === true,
        last: options.last,
        ...(bundleName === undefined ? {} : { bundleName }),
      }
      let shown = 0
      const print = async (): Promise<void> => {
        const entries = client.stream(publicInterface, 'ReadLogs', parameters, { signal: context.signal })
        for await (const item of entries) {
          const { entry } = item.parameters
          shown += 1
          if (entry.at >= began) void desktop?.show(entry)
          context.stdout.write(`${options.json === true ? JSON.stringify(entry) : logLine(entry)}\n`)
        }
      }
      if (parameters.follow) return await untilInterrupted(context, print)
      await print()
      if (shown === 0 && bundleName !== undefined) await requireInstalled(client, bundleName, context.signal)
    },
  )
}

/** Nothing was logged: perhaps the name is wrong. What was uninstalled may have lines still. */
async function requireInstalled(
  client: VarlinkClient,
  bundleName: string,
  signal: AbortSignal,
): Promise<void> {
  const { bundles } = (await client.call(publicInterface, 'ListBundles', {}, { signal })).parameters
  if (bundles.some((bundle) => bundle.bundleName === bundleName)) return
  throw new CliFailure(
    exitCodes.notFound,
    `no bundle ${bundleName} is installed, and there are no lines of one`,
    {
      hint: 'vpnext list shows what is installed',
    },
  )
}
