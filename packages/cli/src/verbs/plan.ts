import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { readJsonObject } from '../json-input.ts'
import { visible } from '../text/visible.ts'
import { withExample, withServiceOptions } from './options.ts'

interface Options extends ServiceOptions {
  readonly bundle?: string
}

/** `vpnext plan <config>`: what `create` would change, in order, before it does. */
export function addPlanVerb(program: Command, context: CliContext): void {
  const command = program
    .command('plan <config>')
    .description(
      'what VpnConnection.create would change for a VpnConfig in a JSON file (`-`: standard input)',
    )
    .option('--bundle <bundle>', 'as this installed bundle would')
  withExample(withServiceOptions(command), 'vpnext plan ./config.json --bundle io.vpnext.hello').action(
    async (path: string, options: Options) => {
      const config = await readJsonObject(context, path)
      await using client = await connectService(context, options)
      const { bundle } = options
      const question = { config, ...(bundle === undefined ? {} : { bundleName: bundle }) }
      const { parameters } = await client.call(publicInterface, 'PlanVpn', question, {
        signal: context.signal,
      })
      printResult(context, options, parameters, () => planLines(parameters))
    },
  )
}

function planLines({
  steps,
  warnings,
}: {
  readonly steps: readonly string[]
  readonly warnings: readonly { readonly field: string; readonly reason: string }[]
}): string[] {
  const width = String(steps.length).length
  return [
    ...steps.map((step, index) => `${String(index + 1).padStart(width)}. ${visible(step)}`),
    ...warnings.map(({ field, reason }) => `warning: ${visible(`${field}: ${reason}`)}`),
    'nothing has been changed; an extension that asks for this changes it',
  ]
}
