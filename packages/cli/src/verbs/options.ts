import { type Command, Option } from 'commander'
import { defaultRunDir } from '../context.ts'

/** Adds the options every verb that talks to a service has. */
export function withServiceOptions(command: Command): Command {
  return command
    .addOption(new Option('--run-dir <dir>', `the service’s run directory (default: $VPNEXT_RUN_DIR or ${defaultRunDir})`))
    .addOption(new Option('--json', 'print JSON for programs'))
}

/** Help with an example below the options. */
export function withExample(command: Command, example: string): Command {
  return command.addHelpText('after', `\nExample:\n  ${example}`)
}
