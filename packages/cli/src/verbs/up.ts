import type { Command } from 'commander'
import { type CliContext, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'
import type { UpOptions, UpResult } from '../wireguard/bring-up.ts'
import { collect, wholeNumber, withExample, withServiceOptions } from './options.ts'

/** Seconds. A handshake is sent again after 5, so there are two attempts in it. */
const defaultWait = 10

/** `vpnext up <conf>`: WireGuard as a wg-quick file describes it, by the extension that comes with vpnext. */
export function addUpVerb(program: Command, context: CliContext): void {
  const command = program
    .command('up <conf>')
    .description('bring a WireGuard tunnel up, as a file of wg-quick describes it')
    .option('-y, --yes', 'consent without being asked')
    .option(
      '--wait <seconds>',
      'how long to wait for a peer’s answer; 0 not to wait',
      wholeNumber(0, 3600, 'of seconds '),
      defaultWait,
    )
    .option(
      '--exclude <network>',
      'what stays outside the tunnel: a network, or lan for the private networks this machine is in; may be repeated',
      collect,
    )
  withExample(withServiceOptions(command), 'vpnext up ./wg0.conf').action(
    async (conf: string, options: UpOptions) => {
      // WireGuard takes as long to load as everything else together, and most verbs do without.
      const { readProfileFile } = await import('../wireguard/profile-file.ts')
      const { bringUp } = await import('../wireguard/bring-up.ts')
      using profile = await readProfileFile(conf, context.signal)
      for (const warning of profile.warnings) context.stderr.write(`warning: ${visible(warning)}\n`)
      const result = await bringUp(context, options, profile)
      const { answered, report, tunnel } = result
      printResult(context, options, { ...report, interfaceName: tunnel?.interfaceName, answered }, () =>
        upLines(result),
      )
      if (answered || options.wait === 0) return
      const message = `no peer has answered within ${options.wait} s; the tunnel stays up, and goes on asking`
      throw new CliFailure(exitCodes.unanswered, message, {
        hint: `wrong key, endpoint or port?  vpnext wg show, and to give up:  vpnext down ${profile.name}`,
        printed: options.json === true ? 'the result' : 'nothing',
      })
    },
  )
}

function upLines({ report, tunnel }: UpResult): string[] {
  const { profile, addresses = [], excluded = [], mtu, peers } = report
  const lines = [
    `${profile} is up: ${[tunnel?.interfaceName ?? 'no interface', ...addresses, `MTU ${mtu}`].join(', ')}`,
  ]
  for (const { publicKey, endpoint, latency, latestHandshake, unresolved } of peers) {
    const known = endpoint ?? (unresolved === undefined ? 'anywhere' : 'nowhere')
    const place = unresolved === undefined ? known : `${known} (${unresolved})`
    const answer =
      latestHandshake === undefined
        ? 'no answer yet'
        : `answers${latency === undefined ? '' : ` in ${latency.toFixed(1)} ms`}`
    lines.push(`  peer ${publicKey} at ${place}, ${answer}`)
  }
  if (excluded.length > 0) lines.push(`  outside stay ${excluded.join(', ')}`)
  return lines.map(visible)
}
