import { isSystemError } from '../../system-error.ts'

/**
 * A signal that comes during a transaction, the end of a child process for one, makes the kernel take it back and answer
 * EINTR (net/netfilter/nfnetlink.c, nfnetlink_rcv_batch). The limit is for a process under a storm of signals.
 */
const MOST_TRIES = 100

/** Repeats what a signal has interrupted. @throws SystemError EINTR when every time one did; whatever else `action` throws */
export function repeatInterrupted<Result>(action: () => Result): Result {
  for (let tries = 1; ; tries += 1) {
    try {
      return action()
    } catch (error) {
      if (tries === MOST_TRIES || !isSystemError(error, 'EINTR')) throw error
    }
  }
}
