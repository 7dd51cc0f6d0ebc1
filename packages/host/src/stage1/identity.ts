import {
  currentUserNamespaceIsInitial,
  dropBoundingCapabilities,
  dropCapabilities,
  isSystemError,
  limitThreads,
  setNoNewPrivileges,
  setParentDeathSignal,
  setProcessIdentity,
} from '@vpnext/native'
import type { HostLaunch } from '@vpnext/service/protocol'

import type { Findings } from './findings.ts'
import { StageError } from './stage-error.ts'

/**
 * Threads of all processes of a bundle together: two hundred hosts have as many. The kernel has numbers for 32,768 where nobody
 * set more, and without a limit one extension could leave none for anybody.
 */
const maxThreads = 2048

/**
 * Takes the host's own user id, gives up every capability for good, and sets no_new_privs.
 *
 * Without an identity, or inside a user namespace that has no such ids, the user's own id stays; the machine's root never
 * does.
 *
 * @throws StageError, SystemError
 */
export function takeIdentity({ identity }: Pick<HostLaunch, 'identity'>, findings: Findings): void {
  // Takes CAP_SETPCAP, which the new identity will not have.
  dropBoundingCapabilities()
  const initial = currentUserNamespaceIsInitial()
  if (identity === undefined) {
    if (initial && process.getuid?.() === 0)
      throw new StageError('identity', 'identity: is missing, and root may not run a host')
    findings.miss('own uid', 'the service has none to give here')
  } else {
    try {
      setProcessIdentity({ ...identity, groups: [] })
      findings.apply('own uid')
      // Another uid is the user's, whose own programs would count.
      findings.apply(`${limitThreads(maxThreads)} threads at most`)
    } catch (error) {
      if (initial || !isSystemError(error, 'EINVAL', 'EPERM')) throw error
      findings.miss('own uid', error)
    }
  }
  dropCapabilities()
  findings.apply('no capabilities')
  setNoNewPrivileges()
  findings.apply('no new privileges')
  // A change of identity has cleared what was set at the start.
  setParentDeathSignal('SIGKILL')
}
