import { Argument, type Command } from 'commander'
import { connectService } from '../connect.ts'
import { CliFailure } from '../cli-failure.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { visible } from '../text/visible.ts'
import { fieldLines, type ShowField, showFields } from '../wireguard/show-fields.ts'
import type { RunningTunnel } from '../wireguard/wireguard-extension.ts'
import { withExample, withServiceOptions } from './options.ts'

/** What wg(8) takes in place of an interface. */
const allInterfaces = 'all'
const namesOnly = 'interfaces'

/** `vpnext wg show`: what wg(8) shows, of the tunnel of `vpnext up`. */
export function addWgVerb(program: Command, context: CliContext): void {
  const group = program.command('wg').description('the WireGuard tunnel that is up')
  withExample(group, 'vpnext wg show')
  const command = group
    .command('show', { isDefault: true })
    .description(
      'peers, their endpoints, handshakes, traffic and latency, as wg(8) shows them; no keys that are secret',
    )
    .argument('[interface]', 'the interface or the profile; or all, or interfaces for its name alone')
    .addArgument(new Argument('[field]', 'one thing, in a form for programs').choices(showFields))
  withExample(withServiceOptions(command), 'vpnext wg show wg0 latest-handshakes').action(
    async (name: string | undefined, field: ShowField | undefined, options: ServiceOptions) => {
      const { WireGuardExtension } = await import('../wireguard/wireguard-extension.ts')
      const { showLines } = await import('../wireguard/show-lines.ts')
      await using client = await connectService(context, options)
      const extension = new WireGuardExtension(client, context.signal)
      const running = await extension.look()
      if (name !== undefined && !isMeant(name, running)) throw notUp(name, running)
      const tunnels =
        running === undefined ? [] : [{ interfaceName: running.tunnel?.interfaceName, ...running.report }]
      printResult(context, options, { tunnels }, () => {
        if (name === namesOnly) return tunnels.map(({ interfaceName = '(none)' }) => interfaceName)
        if (running === undefined) return field === undefined ? ['no tunnel of `vpnext up`'] : []
        if (field === undefined) return showLines(running, Date.now())
        const prefix = name === allInterfaces ? (running.tunnel?.interfaceName ?? '(none)') : undefined
        return fieldLines(running, field, prefix)
      })
    },
  )
}

function isMeant(name: string, running: RunningTunnel | undefined): boolean {
  return [allInterfaces, namesOnly, running?.tunnel?.interfaceName, running?.report.profile].includes(name)
}

function notUp(name: string, running: RunningTunnel | undefined): CliFailure {
  return new CliFailure(exitCodes.notFound, `${visible(name)} is not up`, {
    hint: running === undefined ? 'no tunnel of `vpnext up` is' : `${visible(running.report.profile)} is`,
  })
}
