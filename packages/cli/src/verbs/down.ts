import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { visible } from '../text/visible.ts'
import { withExample, withServiceOptions } from './options.ts'

/** `vpnext down <profile>`: ends a tunnel of `vpnext up`, and forgets its keys. */
export function addDownVerb(program: Command, context: CliContext): void {
  const command = program
    .command('down <profile>')
    .description('take a WireGuard tunnel down, and remove its stored profile')
  withExample(withServiceOptions(command), 'vpnext down wg0').action(
    async (where: string, options: ServiceOptions) => {
      const { profileName } = await import('../wireguard/profile-file.ts')
      const { WireGuardExtension } = await import('../wireguard/wireguard-extension.ts')
      const profile = profileName(where)
      await using client = await connectService(context, options)
      const extension = new WireGuardExtension(client, context.signal)
      const isInstalled = await extension.isInstalled()
      const running = await extension.look()
      const isUp = running?.report.profile === profile
      if (isUp) await extension.stop()
      // One that is not up may still lie there, after a crash.
      const removed = isInstalled && (await extension.removeProfile(profile))
      if (!isUp && !removed) throw isNotUp(profile, running?.report.profile)
      printResult(context, options, { profile }, () => [
        isUp ? `${profile} is down` : `${profile} was not up; its stored profile is removed`,
      ])
    },
  )
}

function isNotUp(profile: string, other: string | undefined): CliFailure {
  const hint = other === undefined ? 'no tunnel of `vpnext up` is' : `${visible(other)} is`
  return new CliFailure(exitCodes.notFound, `${profile} is not up`, { hint })
}
