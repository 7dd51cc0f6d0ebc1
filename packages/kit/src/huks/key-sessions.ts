import { randomInt } from 'node:crypto'

import { huksError } from './huks-error.ts'
import type { KeySession } from './key-session.ts'
import type { StoredKey } from './stored-key.ts'

/** Sessions that may be open at once (errorcode-huks of the HarmonyOS documents, 12000010). */
const mostSessions = 15

/** A session that somebody has a handle to. */
interface OpenSession {
  readonly session: KeySession
  readonly key: StoredKey
}

/** The sessions of a process, by their handles. */
export class KeySessions {
  readonly #open = new Map<number, OpenSession>()

  /** @throws BusinessError 12000010 */
  add(open: OpenSession): number {
    if (this.#open.size >= mostSessions)
      throw huksError(12000010, 'handle', `${mostSessions} sessions are neither finished nor aborted`)
    for (;;) {
      const handle = randomInt(1, 2 ** 47)
      if (this.#open.has(handle)) continue
      this.#open.set(handle, open)
      return handle
    }
  }

  /** @throws BusinessError 12000011 */
  find(handle: number): OpenSession {
    const open = this.#open.get(handle)
    if (open === undefined) throw huksError(12000011, 'handle', 'no session has this handle')
    return open
  }

  /** @throws BusinessError 12000011 */
  take(handle: number): OpenSession {
    const open = this.find(handle)
    this.#open.delete(handle)
    return open
  }

  /** What fails ends its session. */
  during<Output>(handle: number, run: (open: OpenSession) => Output): Output {
    const open = this.find(handle)
    try {
      return run(open)
    } catch (error) {
      this.#open.delete(handle)
      throw error
    }
  }
}
