import { loopRequests } from '@vpnext/native'
import type { Peer } from '@vpnext/varlink'

import { setImmediate, setTimeout } from 'node:timers'

/** What an extension has begun in onDestroy and did not wait for may take so long, in ms: a tunnel goes within a tenth of it. */
const patienceMs = 1_000

/**
 * Threads of native code that may still call back are waited for so long, in ms: devices end an extension's process so long after its
 * last ability (`DELAY_KILL_EXTENSION_PROCESS_TIMEOUT` of ability_runtime).
 */
const callbacksMs = 500

/** Tells how many functions native code has that its threads may call back by: packages/arkts/sdk/source/js-thread.c. */
const callbacks = Symbol.for('vpnext.callbacks')

/** Of a chain of calls, one step may be over and the next not begun for so many turns of the loop, as where a socket closes. */
const quietTurns = 5

/** Requests of Node's that end by themselves, as `process.getActiveResourcesInfo` names them. */
const requests = new Set(['CloseReq', 'FSReqCallback', 'FSReqPromise'])

/** What may have been under way for long: a read that waits for the tunnel, the timer of a counter. */
interface Lasting {
  readonly requests: number
  readonly timers: number
}

/**
 * Waits for what an ability has begun and not awaited: `connection.destroy().then(…)` in onDestroy is what most do, and on
 * the device its `then` runs before the process ends.
 */
export class LastWords {
  #unanswered = 0
  #before: Lasting = { requests: 0, timers: 0 }

  /** The same channel, whose calls are counted until they are answered. */
  watch(peer: Peer): Peer {
    return {
      call: async (...args) => {
        this.#unanswered += 1
        try {
          return await peer.call(...args)
        } finally {
          this.#unanswered -= 1
        }
      },
      oneway: (...args) => peer.oneway(...args),
      drained: () => peer.drained(),
      closed: peer.closed,
      close: () => peer.close(),
      [Symbol.asyncDispose]: () => peer.close(),
    }
  }

  /** onDestroy is about to run: what lasts from here on is none of its. */
  begin(): void {
    this.#before = lasting()
  }

  /**
   * Resolves when no call, no request and no timer is under way that was begun since {@link begin}, what waited for
   * them has run, and native code has given back what its threads may call; after a second at most.
   */
  async spoken(): Promise<void> {
    const begun = performance.now()
    const passed = (): number => performance.now() - begun
    await nextTurn()
    for (let quiet = 0; quiet < quietTurns && passed() < patienceMs; await pause())
      quiet = this.#isBusy() || (passed() < callbacksMs && callbacksLeft() > 0) ? 0 : quiet + 1
  }

  #isBusy(): boolean {
    const now = lasting()
    return (
      this.#unanswered > 0 ||
      now.requests > this.#before.requests ||
      now.timers > this.#before.timers ||
      process.getActiveResourcesInfo().some((name) => requests.has(name))
    )
  }
}

function callbacksLeft(): number {
  const count: unknown = Reflect.get(globalThis, callbacks)
  const left: unknown = typeof count === 'function' ? Reflect.apply(count, undefined, []) : 0
  return typeof left === 'number' ? left : 0
}

function lasting(): Lasting {
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  return { requests: loopRequests(), timers }
}

/** A loop without it would keep the processor from those that are waited for. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
