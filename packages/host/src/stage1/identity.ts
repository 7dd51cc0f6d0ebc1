import {
  currentUserNamespaceIsInitial,
  dropBoundingCapabilities,
  dropCapabilities,
  isSystemError,
  setNoNewPrivileges,
  setParentDeathSignal,
  setProcessIdentity,
} from '@vpnext/native'
import type { HostLaunch } from '@vpnext/service/protocol'

import type { Findings } from './findings.ts'
import { StageError } from './stage-error.ts'

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
