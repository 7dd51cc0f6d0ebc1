import { type Command, InvalidArgumentError, Option } from 'commander'
import { defaultRunDir, defaultStateDir } from '../context.ts'

/** Adds the options every verb that talks to a service has. */
export function withServiceOptions(command: Command): Command {
  return command.addOption(runDirOption('the service’s run directory')).addOption(jsonOption())
}

/** Adds the options that say which service is meant, and where it keeps what. */
export function withPlaceOptions(command: Command): Command {
  return command
    .addOption(runDirOption('where its socket is'))
    .option('--state-dir <dir>', `what outlives it (default: $VPNEXT_STATE_DIR or ${defaultStateDir})`)
    .addOption(instanceOption())
    .addOption(resolvConfOption())
}

/** `--instance`. */
export function instanceOption(): Option {
  const option = new Option('--instance <name>', 'tells services side by side apart')
  return option.argParser(instanceName).default('default')
}

/** `--resolv-conf`. */
export function resolvConfOption(): Option {
  return new Option('--resolv-conf <file>', 'the resolver configuration it manages').default(
    '/etc/resolv.conf',
  )
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON for programs')
}

/** A parser for an option that may be repeated: one more of its words. @param words those before; undefined for none */
export function collect(word: string, words: readonly string[] | undefined): string[] {
  return [...(words ?? []), word]
}

/** Help with an example below the options. */
export function withExample(command: Command, example: string): Command {
  return command.addHelpText('after', `\nExample:\n  ${example}`)
}

/**
 * A parser for a whole number.
 *
 * @param of what is counted, for the message
 * @throws InvalidArgumentError, from the parser, outside the range
 */
export function wholeNumber(least: number, most: number, of = ''): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`A whole number ${of}from ${least} to ${most} is needed.`)
    }
    return value
  }
}

function runDirOption(description: string): Option {
  return new Option('--run-dir <dir>', `${description} (default: $VPNEXT_RUN_DIR or ${defaultRunDir})`)
}

/** As the service checks it: a part of every name in the kernel. */
function instanceName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,15}$/.test(text)) return text
  throw new InvalidArgumentError('1 to 16 of a-z, 0-9 and - are needed.')
}
