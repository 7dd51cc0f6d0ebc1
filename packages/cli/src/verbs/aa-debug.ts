import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { noSuchBundleName } from '../familiar/device-codes.ts'
import { DeviceFailure, inDeviceWords } from '../familiar/device-failure.ts'
import { withExample, withServiceOptions } from './options.ts'

/**
 * `vpnext aa attach`, `aa detach`: on a device they keep the system from ending an application that a debugger has stopped. Nothing here is
 * ended for being slow, so there is nothing to set.
 */
export function addAaDebug(aa: Command, context: CliContext): void {
  for (const verb of ['attach', 'detach'] as const) {
    const command = aa
      .command(verb)
      .description('accepted: nothing is ended here for being slow')
      .requiredOption('-b, --bundle <name>', 'the bundle')
    withExample(withServiceOptions(command), `vpnext aa ${verb} -b io.vpnext.hello`).action(
      (options: ServiceOptions & { readonly bundle: string }) =>
        inDeviceWords(`error: failed to ${verb} app debug.`, async () => {
          await using client = await connectService(context, options)
          const { signal } = context
          const { bundles } = (await client.call(publicInterface, 'ListBundles', {}, { signal })).parameters
          const { bundle } = options
          if (!bundles.some(({ bundleName }) => bundleName === bundle))
            throw new DeviceFailure(exitCodes.notFound, noSuchBundleName, `no bundle ${bundle} is installed`)
          printResult(context, options, { bundleName: bundle }, () => [`${verb} app debug successfully.`])
        }),
    )
  }
}
