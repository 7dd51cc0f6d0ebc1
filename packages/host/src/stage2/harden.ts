import {
  hasNoNewPrivileges,
  hostFilterAfterExec,
  installFilter,
  setDumpable,
  useDefaultAction,
} from '@vpnext/native'

import { StageError, inPart } from '../stage1/stage-error.ts'

/**
 * The last part of the sandbox, for all threads of the process: no other program, no other process, few kinds of sockets;
 * and the process's memory is closed to others of the same user. No debugger of node's listens on a port of the machine, where every user could take the
 * extension over: at SIGUSR1 the process ends, as on the device.
 *
 * @throws StageError
 */
export function harden(): void {
  inPart('seccomp', () => {
    if (!hasNoNewPrivileges())
      throw new StageError('identity', 'no_new_privs is not set: this is not a sandbox')
    setDumpable(false)
    useDefaultAction('SIGUSR1')
    installFilter(hostFilterAfterExec(), { allThreads: true })
  })
}
