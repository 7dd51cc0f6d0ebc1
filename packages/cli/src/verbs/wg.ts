import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext wg show`: what wg(8) shows, of the tunnel of `vpnext up`. */
export function addWgVerb(program: Command, context: CliContext): void {
  const group = program.command('wg').description('the WireGuard tunnel that is up')
  withExample(group, 'vpnext wg show')
  const command = group
    .command('show')
    .description(
      'peers, their endpoints, handshakes, traffic and latency, as wg(8) shows them; no keys that are secret',
    )
  withExample(withServiceOptions(command), 'vpnext wg show --json').action(
    async (options: ServiceOptions) => {
      const { WireGuardExtension } = await import('../wireguard/wireguard-extension.ts')
      const { showLines } = await import('../wireguard/show-lines.ts')
      await using client = await connectService(context, options)
      const extension = new WireGuardExtension(client, context.signal)
      const running = await extension.look()
      const tunnels =
        running === undefined ? [] : [{ interfaceName: running.tunnel?.interfaceName, ...running.report }]
      printResult(context, options, { tunnels }, () =>
        running === undefined ? ['no tunnel of `vpnext up`'] : showLines(running, Date.now()),
      )
    },
  )
}
