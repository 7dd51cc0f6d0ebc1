import { makeProgram } from './make-program.ts'
import { runProcess } from './run-process.ts'
import { runProgram } from './run-program.ts'
import { addInstallVerb } from './verbs/install.ts'

/** The command with one verb: it is bundled by itself, so that nothing of the others is loaded. */
export async function runInstall(): Promise<void> {
  await runProcess((args, context) => runProgram(args, context, () => makeProgram(context, [addInstallVerb])))
}
