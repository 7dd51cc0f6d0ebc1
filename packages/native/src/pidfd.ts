import { constants } from 'node:os'

import { Fd } from './fd.ts'
import { check } from './libc.ts'
import { everywhere, rawSyscall } from './raw-syscall.ts'
import { errnoNumber } from './system-error.ts'

const PIDFD_SEND_SIGNAL = everywhere(424)
const PIDFD_OPEN = everywhere(434)
const ESRCH = errnoNumber('ESRCH')

/**
 * A descriptor that means this one process for ever, however often its pid is reused. It becomes readable when the
 * process ends. Close-on-exec.
 *
 * @param pid of a process the caller knows to be alive or a child not yet waited for
 * @throws SystemError ESRCH when there is none
 */
export function pidfdOpen(pid: number): Fd {
  return Fd.adopt(check(rawSyscall(PIDFD_OPEN, pid, 0), 'pidfd_open', `pid ${pid}`))
}

/**
 * Signals the process behind a pidfd.
 *
 * @param signal a name, or 0 to ask only whether it could be signalled
 * @returns false when the process has ended and was waited for already
 * @throws SystemError EPERM for another user's process
 */
export function pidfdSignal(fd: Fd, signal: NodeJS.Signals | 0): boolean {
  const number = signal === 0 ? 0 : constants.signals[signal]
  const result = rawSyscall(PIDFD_SEND_SIGNAL, fd.number, number, 0, 0)
  if (result === -ESRCH) return false
  check(result, 'pidfd_send_signal')
  return true
}
