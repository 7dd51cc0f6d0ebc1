import type { Call } from '@vpnext/varlink'
import { type GroupRules, type Standing, standingOf } from '../identity/standing.ts'
import { unmappedUid } from '../identity/unmapped-uid.ts'
import { type Action, may } from '../permissions.ts'
import type { InstalledBundle } from '../bundles/installed-bundle.ts'
import { answeringClient, notPermitted } from '../protocol-errors.ts'
import type { PublicParts } from './public-parts.ts'

/** What a caller may reach with the method it called. */
export interface Access {
  readonly uid: number
  readonly standing: Standing
  /** Whether it may see what belongs to this uid. */
  readonly sees: (ownerUid: number) => boolean
  /** The only uid whose things it may see; undefined: everybody's. */
  readonly visibleTo: number | undefined
}

/**
 * What the administrator's policy keeps running is not its user's to end.
 *
 * @throws VarlinkError NotPermitted
 */
export function requireUnforced(
  { alwaysOn }: Pick<PublicParts, 'alwaysOn'>,
  bundle: InstalledBundle | undefined,
  { standing }: Pick<Access, 'standing'>,
): void {
  if (bundle === undefined || standing === 'admin' || !alwaysOn.isForced(bundle)) return
  throw notPermitted(`the policy keeps ${bundle.bundleName} on or locked: only an administrator ends it`)
}

/**
 * Runs a handler if the caller may call the method at all. Hosts were refused when they connected.
 *
 * Nobody may whom a service of a user namespace does not have there: such callers cannot be told apart, and without uids of their own
 * hosts of theirs would have that of the service's user.
 */
export function asPermitted<T>(
  action: Action,
  call: Pick<Call, 'peer'>,
  rules: GroupRules,
  handler: (access: Access) => T | Promise<T>,
): Promise<T> {
  return answeringClient(async () => {
    const { uid } = call.peer
    if (uid === unmappedUid()) {
      throw notPermitted(`${action}: this service is of a user namespace in which its caller is nobody`)
    }
    const standing = standingOf(call.peer, rules)
    const reach = may(standing, action)
    if (reach === 'none') {
      throw notPermitted(
        `${action}: uid ${uid} is a ${standing} user; persons (uid 1000 and above) and root may`,
      )
    }
    const visibleTo = reach === 'all' ? undefined : uid
    return await handler({ uid, standing, visibleTo, sees: (owner) => reach === 'all' || owner === uid })
  })
}
