import { existsSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { hostImagePath } from '@vpnext/host'
import { createService } from '@vpnext/service'
import { type CliContext, socketPathOf, stateDirOf } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './cli-failure.ts'
import { tellServiceManager } from './service-manager.ts'
import { logLine } from './text/log-line.ts'

/** Options of `vpnext service run`. */
export interface RunOptions {
  readonly runDir?: string
  readonly stateDir?: string
  readonly instance: string
  readonly resolvConf: string
  readonly policyDir?: string
  /** In seconds. */
  readonly consentTimeout: number
}

/**
 * Runs the service until the context's signal aborts; everything it made is undone when this returns.
 *
 * @throws CliFailure without root or without a host image; ServiceError, JournalError or SystemError of the start
 * @throws the signal's reason when it aborts during the start
 */
export async function runService(context: CliContext, options: RunOptions): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new CliFailure(exitCodes.refused, 'the service makes network devices and needs root', {
      hint: 'as an ordinary user: unshare --user --map-root-user --net --mount vpnext service run --run-dir … --state-dir …',
    })
  }
  const hostImage = hostImagePath()
  if (!isBuilt(hostImage)) {
    throw new CliFailure(exitCodes.failure, `the host image ${hostImage} is not built`, {
      hint: 'npm run build',
    })
  }
  beReadyForRareWork()
  // Hosts run as other users and must reach what is made for them; what is nobody's business is made with a mode that says so.
  process.umask(0o022)
  const socketPath = socketPathOf(context, options)
  await using service = createService({
    runDir: dirname(socketPath),
    stateDir: stateDirOf(context, options),
    instance: options.instance,
    resolvConf: resolve(options.resolvConf),
    hostImage,
    ...(options.policyDir === undefined ? {} : { policyDir: resolve(options.policyDir) }),
    consentTimeoutMs: options.consentTimeout * 1000,
    log: (entry) => void context.stderr.write(`${logLine(entry)}\n`),
  })
  await service.start({ signal: context.signal })
  context.stderr.write(`vpnext service ready on ${socketPath}\n`)
  tellServiceManager(context, 'READY=1')
  await new Promise<void>((done) => {
    if (context.signal.aborted) done()
    else context.signal.addEventListener('abort', () => done(), { once: true })
  })
  tellServiceManager(context, 'STOPPING=1')
}

function isBuilt(hostImage: string): boolean {
  return existsSync(hostImage) && readdirSync(hostImage).some((name) => name.startsWith('stage2.'))
}

/**
 * What the service does it does seldom, so V8 would interpret it each time, and throw away between two times what it has
 * compiled. Compiled at once and kept, a `create` takes a fifth less.
 */
function beReadyForRareWork(): void {
  setFlagsFromString('--always-sparkplug')
  setFlagsFromString('--no-flush-bytecode')
}
