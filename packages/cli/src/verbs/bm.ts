import { Writable } from 'node:stream'
import { type bundleInfo, publicInterface } from '@vpnext/service/protocol'
import { type Infer, isVarlinkError } from '@vpnext/varlink'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { notInstalled } from '../familiar/device-codes.ts'
import { DeviceFailure, inDeviceWords } from '../familiar/device-failure.ts'
import { addBmGet } from './bm-get.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext bm …`: HarmonyOS's bundle manager, as a face of our own verbs. */
export function addBmVerb(program: Command, context: CliContext): void {
  const bm = program.command('bm').description('bundles, by the names and options of HarmonyOS’s bm')
  withExample(bm, 'vpnext bm install -p ./apps/hello-vpn')
  addInstall(bm, context)
  addUninstall(bm, context)
  addClean(bm, context)
  addDump(bm, context)
  addBmGet(bm, context)
}

function addInstall(bm: Command, context: CliContext): void {
  const command = bm
    .command('install')
    .description('compile and install a project: its folder, or a zip of it')
    .requiredOption('-p, --bundle-path <path>', 'the project')
    .option('-r, --replace', 'accepted: a bundle that is there is always replaced')
    .option('-u, --user-id <id>', 'accepted: it is installed for you')
    .option('-w, --waitting-time <seconds>', 'accepted: there is nothing to wait for')
    .option('--allow-missing', 'install although it imports what vpnext lacks')
  const example = 'vpnext bm install -p ./apps/hello-vpn'
  withExample(withServiceOptions(command), example).action(
    (options: ServiceOptions & { readonly bundlePath: string; readonly allowMissing?: boolean }) =>
      inDeviceWords('error: failed to install bundle.', async () => {
        // The verb itself is made of all verbs.
        const { performVerb } = await import('../run-cli.ts')
        const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
        const args = [
          'install',
          options.bundlePath,
          ...(options.allowMissing === true ? ['--allow-missing'] : []),
          ...(options.runDir === undefined ? [] : ['--run-dir', options.runDir]),
        ]
        await performVerb(args, { ...context, stdout: silent })
        printResult(context, options, { installed: options.bundlePath }, () => [
          'install bundle successfully.',
        ])
      }),
  )
}

function addUninstall(bm: Command, context: CliContext): void {
  const command = bm
    .command('uninstall')
    .description('stop a bundle and remove it with its data')
    .requiredOption('-n, --bundle-name <name>', 'the bundle')
    .option('-k, --keep-data', 'its data stays, and is there when it is installed again')
    .option('-u, --user-id <id>', 'accepted: yours is removed')
  withExample(withServiceOptions(command), 'vpnext bm uninstall -n io.vpnext.hello').action(
    ({ bundleName, keepData, ...options }: BundleOptions & { readonly keepData?: boolean }) =>
      inDeviceWords('error: failed to uninstall bundle.', async () => {
        await using client = await connectService(context, options)
        try {
          const input = { bundleName, keepData: keepData === true }
          await client.call(publicInterface, 'Uninstall', input, { signal: context.signal })
        } catch (error) {
          if (!isVarlinkError(error, publicInterface, 'NoSuchBundle')) throw error
          throw new DeviceFailure(exitCodes.notFound, notInstalled, `no bundle ${bundleName} is installed`)
        }
        printResult(context, options, { bundleName }, () => ['uninstall bundle successfully.'])
      }),
  )
}

interface BundleOptions extends ServiceOptions {
  readonly bundleName: string
}

function addClean(bm: Command, context: CliContext): void {
  const command = bm
    .command('clean')
    .description('stop a bundle and remove what it has written')
    .requiredOption('-n, --bundle-name <name>', 'the bundle')
    .option('-c, --cache', 'its cache folders')
    .option('-d, --data', 'everything')
    .option('-u, --user-id <id>', 'accepted: yours is cleaned')
  withExample(withServiceOptions(command), 'vpnext bm clean -c -n io.vpnext.hello').action(
    ({
      bundleName,
      cache,
      data,
      ...options
    }: BundleOptions & { readonly cache?: boolean; readonly data?: boolean }) =>
      inDeviceWords(`error: failed to clean bundle ${data === true ? 'data' : 'cache'} files.`, async () => {
        if ((cache === true) === (data === true))
          throw new CliFailure(exitCodes.usage, 'say what to clean: -c or -d')
        const what = data === true ? 'data' : 'cache'
        await using client = await connectService(context, options)
        await client.call(publicInterface, 'CleanBundle', { bundleName, what }, { signal: context.signal })
        printResult(context, options, { bundleName, what }, () => [
          `clean bundle ${what} files successfully.`,
        ])
      }),
  )
}

function addDump(bm: Command, context: CliContext): void {
  const command = bm
    .command('dump')
    .description('what is installed')
    .option('-a, --all', 'the names of all bundles')
    .option('-n, --bundle-name <name>', 'one bundle, as JSON')
    .option('-u, --user-id <id>', 'accepted: what is dumped is yours')
    .option('-d, --device-id <id>', 'accepted: there is one device')
  withExample(withServiceOptions(command), 'vpnext bm dump -n io.vpnext.hello').action(
    (options: ServiceOptions & { readonly all?: boolean; readonly bundleName?: string }) =>
      inDeviceWords('error: failed to get information and the parameters may be wrong.', async () => {
        const { all, bundleName } = options
        if (all !== true && bundleName === undefined)
          throw new CliFailure(exitCodes.usage, 'say what to dump: -a, or -n and a name')
        await using client = await connectService(context, options)
        const { bundles } = (
          await client.call(publicInterface, 'ListBundles', {}, { signal: context.signal })
        ).parameters
        if (bundleName === undefined) {
          printResult(context, options, { bundles }, () => [
            `ID: ${process.getuid?.() ?? 0}:`,
            ...names(bundles),
          ])
          return
        }
        const found = bundles.find((bundle) => bundle.bundleName === bundleName)
        if (found === undefined)
          throw new CliFailure(exitCodes.notFound, `no bundle ${bundleName} is installed`)
        printResult(context, options, found, () => [`${bundleName}:`, JSON.stringify(found, undefined, 4)])
      }),
  )
}

function names(bundles: readonly Infer<typeof bundleInfo>[]): string[] {
  return bundles.map(({ bundleName }) => `\t${bundleName}`)
}
