import type { Command } from 'commander'
import type { CliContext } from './context.ts'
import { type AddVerb, makeProgram } from './make-program.ts'
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
import { addParamVerb } from './verbs/param.ts'
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
  addParamVerb,
  addDoctorVerb,
  addDemoVerb,
]

/** The whole command line: one file a verb, commander's own errors thrown rather than exiting. */
export function createProgram(context: CliContext): Command {
  return makeProgram(context, verbs)
}
