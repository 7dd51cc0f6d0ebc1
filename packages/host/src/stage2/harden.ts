import { hasNoNewPrivileges, hostFilterAfterExec, installFilter, setDumpable } from '@vpnext/native'

import { StageError, inPart } from '../stage1/stage-error.ts'

/**
 * The last part of the sandbox, for all threads of the process: no other program, no other process, few kinds of sockets;
 * and the process's memory is closed to others of the same user.
 *
 * @throws StageError
 */
export function harden(): void {
  inPart('seccomp', () => {
    if (!hasNoNewPrivileges())
      throw new StageError('identity', 'no_new_privs is not set: this is not a sandbox')
    setDumpable(false)
    installFilter(hostFilterAfterExec(), { allThreads: true })
  })
}
