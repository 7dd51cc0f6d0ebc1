import { readdirSync } from 'node:fs'
import { hostImagePath } from '@vpnext/host'
import { createService } from '@vpnext/service'
import { type Command, InvalidArgumentError } from 'commander'
import { type CliContext, defaultRunDir, defaultStateDir, runDirOf, stateDirOf } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { logLine } from '../text/log-line.ts'

interface Options {
  readonly runDir?: string
  readonly stateDir?: string
  readonly instance: string
  readonly resolvConf: string
  readonly consentTimeout: number
}

/** `vpnext service run`: the privileged service, in the foreground, in the network namespace it is started in. */
export function addServiceVerb(program: Command, context: CliContext): void {
  const service = program.command('service').description('the privileged service')
  service
    .command('run')
    .description('run the service in the foreground until SIGTERM or SIGINT')
    .option('--run-dir <dir>', `where its socket is (default: $VPNEXT_RUN_DIR or ${defaultRunDir})`)
    .option('--state-dir <dir>', `what outlives it (default: $VPNEXT_STATE_DIR or ${defaultStateDir})`)
    .option('--instance <name>', 'tells services side by side apart', 'default')
    .option('--resolv-conf <file>', 'the resolver configuration to manage', '/etc/resolv.conf')
    .option('--consent-timeout <seconds>', 'how long a question waits for its answer', seconds, 60)
    .addHelpText('after', '\nExample:\n  vpnext service run --run-dir /run/test --state-dir /var/lib/test --instance test')
    .action(async (options: Options) => run(context, options))
}

async function run(context: CliContext, options: Options): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new CliFailure(exitCodes.refused, 'the service makes network devices and needs root', {
      hint: 'as an ordinary user: unshare --user --map-root-user --net --mount vpnext service run …',
    })
  }
  const image = hostImagePath()
  if (!readdirSync(image).includes('stage2.mjs')) throw new CliFailure(exitCodes.failure, `${image} is not built`)
  const runDir = runDirOf(context, options)
  await using service = createService({
    runDir,
    stateDir: stateDirOf(context, options),
    instance: options.instance,
    resolvConf: options.resolvConf,
    hostImage: image,
    consentTimeoutMs: options.consentTimeout * 1000,
    log: (entry) => void context.stderr.write(`${logLine(entry)}\n`),
  })
  await service.start({ signal: context.signal })
  context.stderr.write(`vpnext service ready on ${runDir}/io.vpnext\n`)
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve()
    else context.signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function seconds(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 3600) {
    throw new InvalidArgumentError('a whole number of seconds from 1 to 3600 is needed')
  }
  return value
}
