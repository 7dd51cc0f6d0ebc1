import { beforeExit, createKits, serviceCalls, type KitRuntime, type Kits, type LogLine } from '@vpnext/kit'
import { errorText, Fd } from '@vpnext/native'
import { abilityInterface, hostInterface } from '@vpnext/service/protocol'
import { type Peer, SendTurns, createPeer, implement, takeFds, withFds } from '@vpnext/varlink'

import { setImmediate } from 'node:timers'

import { rehearse } from './rehearse.ts'
import { findingsVariable, readFindings } from '../stage1/findings.ts'
import { StageError, exitWith, inPart } from '../stage1/stage-error.ts'
import { collectThreadLogs } from '../thread/thread-log.ts'
import { AbilityRunner, type RunnerParts } from './ability-runner.ts'
import { ArrivedWant } from './arrived-want.ts'
import { longText } from './describe-error.ts'
import { harden } from './harden.ts'
import { LastWords } from './last-words.ts'
import { LogQueue } from './log-queue.ts'
import { extensionLoader } from './module-loader.ts'
import { PageRunner } from './page-runner.ts'
import { bundleFolder, dataFolder } from './places.ts'
import { type Runner, callbackFailed } from './runner.ts'
import { tellStacks } from './stacks.ts'
import { TestRunner } from './test-runner.ts'

/** The channel to the service, open from the start. */
const channel = 3

/** What exists once the service has said which extension this is. */
interface Host {
  readonly kits: Kits
  readonly runner: Runner
}

/** Stage 2: closes the sandbox, attaches to the service, and runs the extension as the service says. */
async function main(): Promise<void> {
  const findings = inPart('exec', () => readFindings(process.env[findingsVariable]))
  delete process.env[findingsVariable]
  harden()
  const host = deferred<Host>()
  const lastWords = new LastWords()
  const calls = abilityCalls(
    host.promise,
    {
      begin: () => lastWords.begin(),
      async flush() {
        await lastWords.spoken()
        await log.flush()
      },
    },
    () => answers.take(),
  )
  const peer = createPeer(Fd.adopt(channel), { interfaces: [calls] })
  const answers = new SendTurns(peer)
  // Without the service there is no tunnel, and nobody who would end this process.
  // A turn later, so that the extension hears of it where it waits for an answer (2200002).
  void peer.closed.then(nextTurn).then(() => process.kill(process.pid, 'SIGKILL'))
  const log = new LogQueue({
    send: (line) => peer.oneway(hostInterface, 'Log', line),
    drained: () => peer.drained(),
  })
  beforeExit(() => log.flushNow())
  surviveExceptions((line) => log.add(line))
  collectThreadLogs((line) => log.add(line))
  host.resolve(await attach(lastWords.watch(peer), [...findings.applied, 'seccomp'], findings.missing, log))
}

async function attach(peer: Peer, sandbox: string[], missing: string[], queue: LogQueue): Promise<Host> {
  const log = (line: LogLine): void => queue.add(line)
  const answered = peer.call(hostInterface, 'Attach', { sandbox, missing })
  rehearse(answered)
  const { parameters: ability } = await answered.catch((error: unknown) => {
    throw new StageError('attach', errorText(error), { cause: error })
  })
  const runtime: KitRuntime = {
    service: serviceCalls(peer),
    ability,
    dataFolder,
    bundleFolder,
    uid: process.getuid?.() ?? 0,
    script: `${bundleFolder}/scripts/${ability.script}.cjs`,
    log,
    flushLog: () => queue.flush(),
  }
  const kits = createKits(runtime)
  kits.makeFolders()
  kits.installGlobals(globalThis)
  tellStacks()
  const load = extensionLoader(kits, bundleFolder, {
    absent: (path) => log(vpnextLine('warn', `${path} is used, and not provided by vpnext (801)`)),
    missing: (text) => log(vpnextLine('warn', text)),
  })
  const parts = {
    kits,
    loadScript: () => load(`${bundleFolder}/scripts/${ability.script}.cjs`),
    exportName: ability.exportName,
    logError: (text: string) => log(vpnextLine('error', text)),
  }
  return { kits, runner: runnerOf(ability.kind, parts) }
}

function runnerOf(kind: 'extension' | 'page' | 'test', parts: RunnerParts): Runner {
  if (kind === 'page') return new PageRunner(parts)
  const { tests } = parts.kits
  return tests === undefined ? new AbilityRunner(parts) : new TestRunner({ ...parts, tests })
}

/**
 * @param end `begin` is called before onDestroy; `flush` resolves when what it has begun is done and the log has left the
 * process, which is killed after the answer to Destroy
 * @param turn resolves when a large answer may be sent
 */
function abilityCalls(
  host: Promise<Host>,
  end: { begin(): void; flush(): Promise<void> },
  turn: () => Promise<void>,
): ReturnType<typeof implement> {
  let ready: Host | undefined
  const becomeReady = async (): Promise<void> => {
    ready = await host
  }
  void becomeReady()
  return implement(abilityInterface, {
    async Create({ want, connecting }, call) {
      using arrived = new ArrivedWant(want, takeFds(call))
      await (await host).runner.create(arrived, connecting === true)
      return {}
    },
    async Request({ want, startId }, call) {
      using arrived = new ArrivedWant(want, takeFds(call))
      await (await host).runner.request(arrived, startId)
      return {}
    },
    async Connect({ want }, call) {
      using arrived = new ArrivedWant(want, takeFds(call))
      const { kits, runner } = await host
      const remote = kits.remoteOf(await runner.connect(arrived))
      return remote === undefined ? {} : { remote }
    },
    async Disconnect({ want }) {
      await (await host).runner.disconnect(new ArrivedWant(want, []))
      return {}
    },
    async Destroy() {
      const { runner } = await host
      end.begin()
      try {
        await runner.destroy()
      } finally {
        await end.flush()
      }
      return {}
    },
    async AuthorizationResult({ allowed }) {
      const { kits } = await host
      kits.authorizationResult(allowed)
      return {}
    },
    // At once where it can: one event follows another.
    DeliverEvent: (delivery) =>
      ready?.kits.deliverEvent(delivery) ?? host.then(({ kits }) => kits.deliverEvent(delivery)),
    async HandleRequest(request, call) {
      const { kits } = await host
      const { fds, data, objects, result } = await answeringRequests(() =>
        kits.handleRequest(request, takeFds(call)),
      )
      await turn()
      return withFds({ result, data, objects: [...objects] }, fds)
    },
    async RemoteDied({ node }) {
      const { kits } = await host
      kits.remoteDied(node)
      return {}
    },
    async PageEvent(news) {
      const { kits } = await host
      kits.tests?.pageEvent(news)
      return {}
    },
    async ConnectionLost({ connection }) {
      const { kits } = await host
      kits.connectionLost(connection)
      return {}
    },
    async TunnelGone({ vpnId, interfaceName, reason }) {
      const { kits } = await host
      kits.tunnelGone(vpnId, `${interfaceName}: ${reason}`)
      return {}
    },
  })
}

/** What a request cannot be handled for is the sender's to hear. */
async function answeringRequests<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw callbackFailed('onRemoteMessageRequest', errorText(error))
  }
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
