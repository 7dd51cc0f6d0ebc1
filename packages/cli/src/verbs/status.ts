import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { untilInterrupted } from '../interruption.ts'
import { statusLines } from '../text/status-lines.ts'
import { withExample, withServiceOptions } from './options.ts'

interface Options extends ServiceOptions {
  readonly watch?: boolean
}

/** `vpnext status [--watch]`: what runs, what it set up, and what its sandbox is made of. */
export function addStatusVerb(program: Command, context: CliContext): void {
  const command = program
    .command('status')
    .description('extensions, tunnels and their traffic')
    .option('-w, --watch', 'again after every change')
  withExample(withServiceOptions(command), 'vpnext status --json').action(async (options: Options) => {
    await using client = await connectService(context, options)
    const { signal } = context
    if (options.watch !== true) {
      const { status } = (await client.call(publicInterface, 'GetStatus', {}, { signal })).parameters
      printResult(context, options, status, () => statusLines(status, Date.now()))
      return
    }
    await untilInterrupted(context, async () => {
      for await (const { parameters } of client.stream(publicInterface, 'MonitorStatus', {}, { signal })) {
        const { status } = parameters
        if (options.json === true) context.stdout.write(`${JSON.stringify(status)}\n`)
        else context.stdout.write(`${statusLines(status, Date.now()).join('\n')}\n\n`)
      }
    })
  })
}
