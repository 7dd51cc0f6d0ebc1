import { type Command, Option } from 'commander'
import type { CliContext } from '../context.ts'
import type { ExplainOptions } from '../explain/explain-target.ts'
import { type Target, parseTarget } from '../explain/question.ts'
import { jsonOption, wholeNumber, withExample, withPlaceOptions } from './options.ts'

/** 2^32-1 means "no uid" to the kernel. */
const lastUid = 0xffff_fffe

/** `vpnext explain <target>`: where a packet of this network namespace would go, and why. */
export function addExplainVerb(program: Command, context: CliContext): void {
  const command = program
    .command('explain')
    .description('where packets to an address or a name go from here, and why')
    .argument('<target>', 'an IP address, for which nothing is sent, or a name', parseTarget)
    .option('--app <bundle>', 'packets of programs under the name of a bundle')
    .option('--uid <uid>', 'packets of this user (default: yours)', wholeNumber(0, lastUid))
    .option('--port <port>', 'to this port (default: none in particular)', wholeNumber(1, 65_535))
    .addOption(new Option('--protocol <protocol>', 'of the packets').choices(['tcp', 'udp']).default('tcp'))
  withExample(
    withPlaceOptions(command).addOption(jsonOption()),
    'vpnext explain 203.0.113.80 --uid 1000 --port 443',
  ).action(async (target: Target, options: ExplainOptions) => {
    const { explainTarget } = await import('../explain/explain-target.ts')
    await explainTarget(context, target, options)
  })
}
