import { setTimeout as wait } from 'node:timers/promises'
import { connectUnix, type Fd, isSystemError } from '@vpnext/native'

/** How long a server with a full backlog is asked again, and how often, ms. */
const patience = 5000
const retryAfter = 10

/**
 * Connects to the socket at `path`, waiting while the server's backlog is full.
 *
 * @throws SystemError ENOENT, EACCES, ECONNREFUSED; EAGAIN when the backlog stays full for 5 s
 * @throws `signal.reason`
 */
export async function connectPatiently(path: string, signal: AbortSignal | undefined): Promise<Fd> {
  for (let waited = 0; ; waited += retryAfter) {
    signal?.throwIfAborted()
    try {
      return connectUnix(path)
    } catch (error) {
      if (!isSystemError(error, 'EAGAIN') || waited >= patience) throw error
    }
    await wait(retryAfter)
  }
}
