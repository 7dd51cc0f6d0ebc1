import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { visibleLines } from './text/visible.ts'

/** Adds one verb to the program. */
export type AddVerb = (program: Command, context: CliContext) => void

/** A command line of some verbs, commander's own errors thrown rather than exiting. */
export function makeProgram(context: CliContext, verbs: readonly AddVerb[]): Command {
  const program = new Command('vpnext')
    .description('HarmonyOS VPN extensions on Linux')
    .version('0.1.0')
    .showHelpAfterError('(vpnext --help shows every verb)')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // An error repeats what was typed.
      writeErr: (text) => context.stderr.write(visibleLines(text)),
      getOutHelpWidth: () => context.stdout.columns || 80,
      getErrHelpWidth: () => 80,
    })
    .exitOverride()
  for (const add of verbs) add(program, context)
  for (const [command, name] of allCommands(program, 'vpnext')) {
    command
      .exitOverride()
      .configureOutput(program.configureOutput())
      .showHelpAfterError(`(${name} --help tells more)`)
  }
  return program
}

function allCommands(parent: Command, path: string): [Command, string][] {
  return parent.commands.flatMap((command) => {
    const name = `${path} ${command.name()}`
    return [[command, name], ...allCommands(command, name)]
  })
}
