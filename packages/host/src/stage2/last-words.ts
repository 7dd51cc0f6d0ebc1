import type { Peer } from '@vpnext/varlink'

import { setImmediate, setTimeout } from 'node:timers'

/** What an extension has begun in onDestroy and did not wait for may take so long, in ms: a tunnel goes within a tenth of it. */
const patienceMs = 1_000

/** Requests of Node's that end by themselves, as `process.getActiveResourcesInfo` names them. */
const requests = new Set(['CloseReq', 'FSReqCallback', 'FSReqPromise'])

/**
 * Waits for what an ability has begun and not awaited: `connection.destroy().then(…)` in onDestroy is what most do, and on
 * the device its `then` runs before the process ends.
 */
export class LastWords {
  #unanswered = 0

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

  /** Resolves when no call and no file request is under way, and what waited for them has run; after a second at most. */
  async spoken(): Promise<void> {
    const end = performance.now() + patienceMs
    await nextTurn()
    while (this.#isBusy() && performance.now() < end) await pause()
  }

  #isBusy(): boolean {
    return this.#unanswered > 0 || process.getActiveResourcesInfo().some((name) => requests.has(name))
  }
}

/** A loop without it would keep the processor from those that are waited for. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
