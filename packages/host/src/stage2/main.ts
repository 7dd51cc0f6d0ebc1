import { createKits, serviceCalls, type KitRuntime, type Kits, type LogLine } from '@vpnext/kit'
import { Fd } from '@vpnext/native'
import { checkWant } from '@vpnext/api'
import { abilityInterface, hostInterface } from '@vpnext/service/protocol'
import { type Peer, createPeer, implement } from '@vpnext/varlink'

import { setImmediate } from 'node:timers'

import { rehearse } from './rehearse.ts'
import { findingsVariable, readFindings } from '../stage1/findings.ts'
import { StageError, exitWith, inPart } from '../stage1/stage-error.ts'
import { collectThreadLogs } from '../thread/thread-log.ts'
import { AbilityRunner } from './ability-runner.ts'
import { longText } from './describe-error.ts'
import { harden } from './harden.ts'
import { LogQueue } from './log-queue.ts'
import { extensionLoader } from './module-loader.ts'
import { bundleFolder, dataFolder } from './places.ts'

/** The channel to the service, open from the start. */
const channel = 3

/** What exists once the service has said which extension this is. */
interface Host {
  readonly kits: Kits
  readonly runner: AbilityRunner
}

/** Stage 2: closes the sandbox, attaches to the service, and runs the extension as the service says. */
async function main(): Promise<void> {
  const findings = inPart('exec', () => readFindings(process.env[findingsVariable]))
  delete process.env[findingsVariable]
  harden()
  const host = deferred<Host>()
  const peer = createPeer(Fd.adopt(channel), { interfaces: [abilityCalls(host.promise, () => log.flush())] })
  // Without the service there is no tunnel, and nobody who would end this process.
  // A turn later, so that the extension hears of it where it waits for an answer (2200002).
  void peer.closed.then(nextTurn).then(() => process.kill(process.pid, 'SIGKILL'))
  const log = new LogQueue({
    send: (line) => peer.oneway(hostInterface, 'Log', line),
    drained: () => peer.drained(),
  })
  surviveExceptions((line) => log.add(line))
  collectThreadLogs((line) => log.add(line))
  host.resolve(
    await attach(peer, [...findings.applied, 'seccomp'], findings.missing, (line) => log.add(line)),
  )
}

async function attach(
  peer: Peer,
  sandbox: string[],
  missing: string[],
  log: (line: LogLine) => void,
): Promise<Host> {
  const answered = peer.call(hostInterface, 'Attach', { sandbox, missing })
  rehearse(answered)
  const { parameters: ability } = await answered.catch((error: unknown) => {
    throw new StageError('attach', error instanceof Error ? error.message : String(error), { cause: error })
  })
  const runtime: KitRuntime = {
    service: serviceCalls(peer),
    ability,
    dataFolder,
    bundleFolder,
    uid: process.getuid?.() ?? 0,
    log,
  }
  const kits = createKits(runtime)
  kits.makeFolders()
  kits.installGlobals(globalThis)
  process.setSourceMapsEnabled(true)
  const load = extensionLoader(kits, bundleFolder)
  const runner = new AbilityRunner({
    kits,
    loadScript: () => load(`${bundleFolder}/scripts/${ability.script}.cjs`),
    exportName: ability.exportName,
    logError: (text) => log(vpnextLine('error', text)),
  })
  return { kits, runner }
}

/** @param flush resolves when the log has left the process, which is killed after the answer to Destroy */
function abilityCalls(host: Promise<Host>, flush: () => Promise<void>): ReturnType<typeof implement> {
  return implement(abilityInterface, {
    async Create({ want, connecting }) {
      await (await host).runner.create(checkWant(want), connecting === true)
      return {}
    },
    async Request({ want, startId }) {
      await (await host).runner.request(checkWant(want), startId)
      return {}
    },
    async Connect({ want }) {
      await (await host).runner.connect(checkWant(want))
      return {}
    },
    async Disconnect({ want }) {
      await (await host).runner.disconnect(checkWant(want))
      return {}
    },
    async Destroy() {
      try {
        await (await host).runner.destroy()
      } finally {
        // What the extension did not wait for may still have something to say.
        await nextTurn()
        await flush()
      }
      return {}
    },
    async AuthorizationResult({ allowed }) {
      const { kits } = await host
      kits.authorizationResult(allowed)
      return {}
    },
    async DeliverEvent(delivery) {
      const { kits } = await host
      return await kits.deliverEvent(delivery)
    },
    async TunnelGone({ vpnId, interfaceName, reason }) {
      const { kits } = await host
      kits.tunnelGone(vpnId, `${interfaceName}: ${reason}`)
      return {}
    },
  })
}

/** An extension's mistakes are its author's to read, not the end of the process, as on the device. */
function surviveExceptions(log: (line: LogLine) => void): void {
  process.on('uncaughtException', (error) =>
    log(vpnextLine('error', `uncaught exception: ${longText(error)}`)),
  )
  process.on('unhandledRejection', (reason) =>
    log(vpnextLine('error', `unhandled rejection: ${longText(reason)}`)),
  )
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function vpnextLine(level: LogLine['level'], message: string): LogLine {
  return { level, domain: 0, tag: 'vpnext', message }
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

main().catch(exitWith)
