import { groupIds } from './groups.ts'

/** Who calls, as the kernel said it when the connection was made. */
export interface Caller {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
}

/**
 * What a uid is to the service:
 * - `admin`: root, and members of the administrators' groups;
 * - `system`: other uids from 1 to 999, daemons without a person behind them;
 * - `user`: everybody else.
 */
export type Standing = 'admin' | 'system' | 'user'

/** uids below belong to the system. Debian and Fedora: UID_MIN in /etc/login.defs. */
const firstPersonUid = 1000

/** Which groups count, from the settings. */
export interface GroupRules {
  readonly adminGroups: readonly string[]
  readonly userGroup: string
  readonly groupFile: string
}

/** Groups are read anew each time: a membership that ended must not count until the next restart. */
export function standingOf(caller: Caller, rules: GroupRules): Standing {
  if (caller.uid === 0) return 'admin'
  const admins = groupIds(rules.groupFile, rules.adminGroups)
  if ([...admins.values()].some((id) => isMember(caller, id))) return 'admin'
  return caller.uid < firstPersonUid ? 'system' : 'user'
}

/** Whether a caller may own a VPN; if not, why and what would help. */
export type Ownership =
  { readonly allowed: true } | { readonly allowed: false; readonly reason: string; readonly hint: string }

/**
 * The rule behind error 2203001: administrators always; a person who is in the user group; nobody else. While the
 * group does not exist, no person is in it: installing vpnext must not by itself open anything to anybody.
 */
export function mayOwnVpn(caller: Caller, rules: GroupRules): Ownership {
  const standing = standingOf(caller, rules)
  switch (standing) {
    case 'admin':
      return { allowed: true }
    case 'system':
      return {
        allowed: false,
        reason: `uid ${caller.uid} is a system user`,
        hint: `run the extension as a person's user (uid ${firstPersonUid} or above) or as root`,
      }
    case 'user': {
      const id = groupIds(rules.groupFile, [rules.userGroup]).get(rules.userGroup)
      if (id !== undefined && isMember(caller, id)) return { allowed: true }
      const make = id === undefined ? `groupadd --system ${rules.userGroup}; ` : ''
      return {
        allowed: false,
        reason: `uid ${caller.uid} is not in the group ${rules.userGroup}`,
        hint: `an administrator runs: ${make}usermod -aG ${rules.userGroup} <user>; then log in again`,
      }
    }
    default:
      return standing satisfies never
  }
}

function isMember(caller: Caller, id: number): boolean {
  return caller.gid === id || caller.groups.includes(id)
}
