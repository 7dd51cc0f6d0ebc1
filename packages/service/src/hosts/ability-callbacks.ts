import { type Want, businessError } from '@vpnext/api'
import { errorText } from '@vpnext/native'
import { ConnectionError, type Peer, isVarlinkError } from '@vpnext/varlink'
import { hostKind } from '../abilities/ability-target.ts'
import type { CarriedWant, WantMessage } from '../abilities/carried-want.ts'
import type { HostRun, LocalRemote } from '../abilities/host-run.ts'
import type { LogBook } from '../logs/log-book.ts'
import { abilityInterface } from '../protocol/host-interface.ts'
import { cannotRun } from './cannot-run.ts'
import type { HostProcess } from './host-process.ts'
import { type Outcome, waitFor } from './wait.ts'

/**
 * Calls an extension's callbacks in its host, and waits for each no longer than allowed. What the extension throws is its
 * own matter: it is logged, and the host lives.
 */
export class AbilityCallbacks {
  readonly #timeoutMs: number
  readonly #logs: LogBook

  /** @param timeoutMs 1 to 2^31-1 */
  constructor(timeoutMs: number, logs: LogBook) {
    this.#timeoutMs = timeoutMs
    this.#logs = logs
  }

  /**
   * Loads the extension and calls `onCreate`.
   *
   * @param onLoading called while the host loads the code and this process has nothing to do
   * @throws BusinessError 16000050 when it cannot be loaded or the host is lost
   */
  async create(
    run: HostRun,
    process: HostProcess,
    carried: CarriedWant,
    onLoading: () => void,
  ): Promise<void> {
    const connecting = !run.use.started
    const { want, fds } = carried.message()
    const options = { signal: run.ending.signal, fds }
    const call = process.peer.call(abilityInterface, 'Create', { want, connecting }, options)
    // Whoever connects has onConnect get it next.
    if (!connecting) carried[Symbol.dispose]()
    setImmediate(onLoading)
    const outcome = await waitFor(call, this.#timeoutMs, run.ending.signal)
    if (outcome.kind === 'failed') {
      const { error } = outcome
      if (isVarlinkError(error, abilityInterface, 'LoadFailed')) {
        throw cannotRun(`the ${hostKind(run.target)} cannot be loaded: ${error.parameters.reason}`)
      }
      if (!isVarlinkError(error, abilityInterface, 'CallbackFailed')) {
        // The kernel closes the channel of a process that dies before it says how: that is worth waiting for.
        if (error instanceof ConnectionError)
          throw cannotRun(`its host ended with ${await process.exited}`, error)
        throw cannotRun('the host is lost', error)
      }
    }
    this.#report(run, 'onCreate', outcome)
  }

  async request(run: HostRun, carried: CarriedWant): Promise<void> {
    const startId = run.nextStartId()
    await this.#call(run, 'onRequest', (peer, options) =>
      send(carried, ({ want, fds }) =>
        peer.call(abilityInterface, 'Request', { want, startId }, { ...options, fds }),
      ),
    )
  }

  /**
   * @returns what onConnect gave those who use the extension
   * @throws BusinessError 16000050 naming `onConnect` when that throws, rejects or does not settle
   */
  async connect(run: HostRun, carried: CarriedWant): Promise<LocalRemote | undefined> {
    let remote: LocalRemote | undefined
    const failure = await this.#call(run, 'onConnect', async (peer, options) => {
      const connected = send(carried, ({ want, fds }) =>
        peer.call(abilityInterface, 'Connect', { want }, { ...options, fds }),
      )
      remote = (await connected).parameters.remote
    })
    if (failure === undefined) return remote
    throw businessError(16000050, { field: 'onConnect', reason: failure })
  }

  async disconnect(run: HostRun, want: Want): Promise<void> {
    await this.#call(run, 'onDisconnect', (peer, options) =>
      peer.call(abilityInterface, 'Disconnect', { want }, options),
    )
  }

  async destroy(run: HostRun, process: HostProcess): Promise<void> {
    // `ending` has fired already; the process' own end settles the call.
    const call = process.peer.call(abilityInterface, 'Destroy', {})
    const outcome = await waitFor(call, this.#timeoutMs, new AbortController().signal)
    // Many end their process there: native code that cannot be unloaded ends with it.
    if (outcome.kind === 'failed' && outcome.error instanceof ConnectionError)
      this.#logs.note('info', run.subject, 'its process ended in onDestroy')
    else this.#report(run, 'onDestroy', outcome)
  }

  async #call(
    run: HostRun,
    name: string,
    call: (peer: Peer, options: { signal: AbortSignal }) => Promise<unknown>,
  ): Promise<string | undefined> {
    if (run.process === undefined) return undefined
    const { signal } = run.ending
    const answer = call(run.process.peer, { signal })
    return this.#report(run, name, await waitFor(answer, this.#timeoutMs, signal))
  }

  /** @returns what is wrong with a callback */
  #report(run: HostRun, callback: string, outcome: Outcome<unknown>): string | undefined {
    switch (outcome.kind) {
      case 'settled':
      case 'aborted':
        return undefined
      case 'timed-out': {
        const reason = `has not settled within ${this.#timeoutMs} ms`
        this.#logs.note('warn', run.subject, `${callback} ${reason}`)
        return reason
      }
      case 'failed': {
        const { error } = outcome
        const failed = isVarlinkError(error, abilityInterface, 'CallbackFailed')
        const reason = failed ? error.parameters.reason : errorText(error)
        this.#logs.note('error', run.subject, `${callback}: ${reason}`)
        return reason
      }
      default:
        return outcome satisfies never
    }
  }
}

/** Sends a Want for the last time: its descriptors are the receiver's alone as soon as they have left. */
function send<T>(carried: CarriedWant, call: (message: WantMessage) => Promise<T>): Promise<T> {
  const sent = call(carried.message())
  carried[Symbol.dispose]()
  return sent
}
