import { runCli } from './run-cli.ts'
import { runProcess } from './run-process.ts'

// The bundle is CommonJS, which has no `await` of its own.
void runProcess(runCli)
