import type { MethodName } from '@vpnext/varlink'
import type { Caller } from './identity/standing.ts'
import { isHostUid } from './identity/host-uids.ts'
import type { publicInterface } from './protocol/public-interface.ts'

/** A method of the public interface. */
export type Action = MethodName<typeof publicInterface>

/** What a caller is to the public interface; see `Standing` for the first three. */
export type Role = 'admin' | 'user' | 'system' | 'host'

/** What somebody may do a method to: everybody's things, their own, or nothing. */
export type Reach = 'all' | 'own' | 'none'

/**
 * Who may call what: the twin of the table in docs/security.md, which a test compares.
 *
 * Administrators see everything, but act for themselves only: what they install, allow or start is theirs, and nobody
 * answers a question for somebody else. System users see what is theirs, which is nothing: they can install nothing.
 */
export const permissions: Readonly<Record<Action, Readonly<Record<Role, Reach>>>> = {
  GetStatus: { admin: 'all', user: 'own', system: 'own', host: 'none' },
  MonitorStatus: { admin: 'all', user: 'own', system: 'own', host: 'none' },
  ListBundles: { admin: 'all', user: 'own', system: 'own', host: 'none' },
  ListConsents: { admin: 'all', user: 'own', system: 'own', host: 'none' },
  ReadLogs: { admin: 'all', user: 'own', system: 'own', host: 'none' },
  Install: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  ClearLogs: { admin: 'all', user: 'own', system: 'none', host: 'none' },
  Uninstall: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  CleanBundle: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  StoreProfile: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  RemoveProfile: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  MayRunCommands: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  ReadReport: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  StartAbility: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  ConnectAbility: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  StopAbility: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  StartPage: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  StopBundle: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  RunTests: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  MonitorConsents: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  AnswerConsent: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  RevokeConsent: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  PlanVpn: { admin: 'own', user: 'own', system: 'own', host: 'none' },
  JoinBundle: { admin: 'own', user: 'own', system: 'none', host: 'none' },
  DescribeProgram: { admin: 'all', user: 'own', system: 'own', host: 'none' },
}

/** A bundle under whose name somebody wants to run a program of their own. */
export type Claim = 'left out of a device tunnel, or excludable' | 'any other'

/** Who may claim which bundle; docs/security.md has the same table. */
export const claims: Readonly<Record<Claim, Readonly<Record<Role, boolean>>>> = {
  'any other': { admin: true, user: true, system: false, host: false },
  // Else everybody could step out of a tunnel that an administrator has put up for the whole machine.
  'left out of a device tunnel, or excludable': { admin: true, user: false, system: false, host: false },
}

/** Whether a role may run programs under the name of a bundle. */
export function mayClaim(role: Role, claim: Claim): boolean {
  return claims[claim][role]
}

/** How far a role may go with a method. */
export function may(role: Role, action: Action): Reach {
  return permissions[action][role]
}

/** What tells a host from a program of a user. */
export interface HostSigns {
  /** Whether this pid is a host's now. */
  isHost(pid: number): boolean
  /** Whether this pid runs in a control group of a host. */
  isInHostCgroup(pid: number): boolean
}

/** Whether a caller of the public socket is a host, which has no business there, or something a host has forked. */
export function isHostCaller(caller: Caller & { readonly pid: number }, signs: HostSigns): boolean {
  return (
    isHostUid(caller.uid) ||
    isHostUid(caller.gid) ||
    signs.isHost(caller.pid) ||
    signs.isInHostCgroup(caller.pid)
  )
}
