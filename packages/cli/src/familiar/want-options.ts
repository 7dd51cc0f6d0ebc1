import type { Command } from 'commander'
import { type ParameterOptions, readParameters } from '../verbs/start-parameters.ts'
import { collect } from '../verbs/options.ts'
import type { CliContext } from '../context.ts'

/** What `aa start` says of a want. */
export interface WantOptions extends Omit<ParameterOptions, 'parameters'> {
  readonly device?: string
  readonly ability?: string
  readonly bundle: string
  readonly module?: string
  readonly uri?: string
  readonly action?: string
  readonly entity?: string
  readonly type?: string
  readonly psn: readonly string[]
}

/** Adds the options of `aa start`, with a long name for each. */
export function withWantOptions(command: Command): Command {
  return withAbilityOptions(command)
    .option('-U, --uri <uri>', 'uri of the want')
    .option('-A, --action <action>', 'action of the want')
    .option('-e, --entity <entity>', 'entity of the want')
    .option('-t, --type <type>', 'type of the want')
    .option('--ps <key value>', 'a string member of want.parameters; may be repeated', collect, [])
    .option('--pi <key value>', 'an integer member; may be repeated', collect, [])
    .option('--pb <key value>', 'a boolean member, true or false; may be repeated', collect, [])
    .option('-D, --debug', 'accepted: no debugger is waited for')
    .option('-S, --sandbox', 'accepted: everything runs in its sandbox')
    .option('-R, --check-threads', 'accepted: nothing looks for errors between threads')
    .option('-N, --debug-startup', 'accepted: no debugger is waited for')
    .option('-C, --asan', 'accepted: nothing looks for errors in memory')
    .option('-p, --perf <command>', 'accepted: nothing is measured')
    .option('--wl <px>', 'accepted, as --wt, --wh and --ww: there is no window')
    .option('--wt <px>', 'accepted')
    .option('--wh <px>', 'accepted')
    .option('--ww <px>', 'accepted')
    .option('--psn <key>', 'an empty string member; may be repeated', collect, [])
}

/** Adds the options that name an ability. */
export function withAbilityOptions(command: Command): Command {
  return command
    .option('-d, --device <id>', 'accepted: there is one device')
    .option('-a, --ability <name>', 'the ability')
    .requiredOption('-b, --bundle <name>', 'its bundle')
    .option('-m, --module <name>', 'its module')
}

/** The want that the options describe. @throws CliFailure naming an option that is wrong */
export async function wantOf(
  context: CliContext,
  options: WantOptions,
  abilityName: string,
): Promise<object> {
  const parameters = await readParameters(context, options)
  for (const key of options.psn) parameters[key] = ''
  return {
    deviceId: options.device ?? '',
    bundleName: options.bundle,
    abilityName,
    ...(options.module !== undefined && { moduleName: options.module }),
    ...(options.uri !== undefined && { uri: options.uri }),
    ...(options.action !== undefined && { action: options.action }),
    ...(options.entity !== undefined && { entities: [options.entity] }),
    ...(options.type !== undefined && { type: options.type }),
    parameters,
  }
}
