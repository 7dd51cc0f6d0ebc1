import type { AppIdentity } from './app-identity.ts'
import { type IdentitySettings, selectorsOf } from './application-list.ts'
import { closeSocketsOf } from './member-sockets.ts'

/**
 * Identity by user, where there is no BPF, as in user namespaces: an application is what runs under a uid of its own. It puts
 * nothing into the kernel, because every socket says its uid; routing rules (`uidrange`) and the guard do the rest. Members
 * without a uid cover nobody.
 */
export function uidRangeIdentity(settings: IdentitySettings): AppIdentity {
  return {
    kind: 'uid-range',
    selectors: (list) => ({ marks: [], uids: selectorsOf(list, settings).uids }),
    apply: () => undefined,
    withdraw: () => [],
    reconcile: () => [],
    closeSockets: (list) =>
      closeSocketsOf({
        marks: new Set(),
        identityMask: settings.identityMask,
        uids: new Set(selectorsOf(list, settings).uids),
        cgroups: new Set(),
      }),
  }
}
