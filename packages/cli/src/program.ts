import { Command } from 'commander'
import type { CliContext } from './context.ts'
import { addAaVerb } from './verbs/aa.ts'
import { addBmVerb } from './verbs/bm.ts'
import { addBuildVerb } from './verbs/build.ts'
import { addCheckVerb } from './verbs/check.ts'
import { addConsentVerb } from './verbs/consent.ts'
import { addDemoVerb } from './verbs/demo.ts'
import { addDoctorVerb } from './verbs/doctor.ts'
import { addDownVerb } from './verbs/down.ts'
import { addExecVerb } from './verbs/exec.ts'
import { addExplainVerb } from './verbs/explain.ts'
import { addHilogVerb } from './verbs/hilog.ts'
import { addInstallVerb } from './verbs/install.ts'
import { addListVerb } from './verbs/list.ts'
import { addLogsVerb } from './verbs/logs.ts'
import { addPlanVerb } from './verbs/plan.ts'
import { addServiceUnitVerbs } from './verbs/service-units.ts'
import { addServiceVerb } from './verbs/service.ts'
import { addStartVerb } from './verbs/start.ts'
import { addStatusVerb } from './verbs/status.ts'
import { addStopVerb } from './verbs/stop.ts'
import { addUninstallVerb } from './verbs/uninstall.ts'
import { addUpVerb } from './verbs/up.ts'
import { addWgVerb } from './verbs/wg.ts'
import { addKeyVerbs } from './verbs/wireguard-keys.ts'

/** Adds one verb to the program. */
export type AddVerb = (program: Command, context: CliContext) => void

const verbs: readonly AddVerb[] = [
  addServiceVerb,
  addServiceUnitVerbs,
  addInstallVerb,
  addBuildVerb,
  addCheckVerb,
  addListVerb,
  addStartVerb,
  addStatusVerb,
  addLogsVerb,
  addStopVerb,
  addUninstallVerb,
  addConsentVerb,
  addUpVerb,
  addDownVerb,
  addWgVerb,
  addKeyVerbs,
  addExecVerb,
  addPlanVerb,
  addExplainVerb,
  addAaVerb,
  addBmVerb,
  addHilogVerb,
  addDoctorVerb,
  addDemoVerb,
]

/** The whole command line: one file a verb, commander's own errors thrown rather than exiting. */
export function createProgram(context: CliContext): Command {
  const program = new Command('vpnext')
    .description('HarmonyOS VPN extensions on Linux')
    .version('0.1.0')
    .showHelpAfterError('(vpnext --help shows every verb)')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
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
