import type { Command } from 'commander'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext down <profile>`: ends a tunnel of `vpnext up`, and forgets its keys. */
export function addDownVerb(program: Command, context: CliContext): void {
  const command = program
    .command('down <profile>')
    .description('take a WireGuard tunnel down, and remove its stored profile')
  withExample(withServiceOptions(command), 'vpnext down wg0').action(
    async (where: string, options: ServiceOptions) => {
      const { takeDown } = await import('../wireguard/take-down.ts')
      const { profile, wasUp } = await takeDown(context, options, where)
      printResult(context, options, { profile, wasUp }, () => [
        wasUp ? `${profile} is down` : `${profile} was not up; its stored profile is removed`,
      ])
    },
  )
}
