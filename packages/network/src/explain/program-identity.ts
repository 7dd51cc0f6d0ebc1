import type { MarkCondition } from '@vpnext/native'
import { type ApplicationList, identityMark, memberOf } from '../identity/application-list.ts'
import type { CgroupApplication } from '../identity/cgroup-path.ts'
import type { DnsRedirect, PlanStep } from '../plan/step.ts'
import type { NetworkSettings } from '../settings.ts'

/** How the sockets of a program are told from others. */
export interface ProgramIdentity {
  /** The identity bits of their mark; 0: no list names the application, or not by its control group. */
  readonly mark: number
  /** Users that run nothing else, where lists know it by them. */
  readonly uids: readonly number[]
}

/**
 * What the lists in force make of an application.
 *
 * @param lists in the order of their tunnels: the last one that marks it has the last word
 */
export function identityOfProgram(
  lists: readonly ApplicationList[],
  settings: NetworkSettings,
  application: CgroupApplication,
): ProgramIdentity {
  const members = lists.flatMap((list) => memberOf(list, application) ?? [])
  const value = members.findLast((member) => member.value !== 0)?.value ?? 0
  return {
    mark: identityMark(settings, value),
    uids: [...new Set(members.flatMap(({ uids }) => uids))],
  }
}

/** The redirections of DNS questions that concern a socket, of the plan of one tunnel, in order. */
export function dnsRedirectsFor(
  steps: readonly PlanStep[],
  socket: { readonly uid: number; readonly mark: number },
): DnsRedirect[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'dns-rewrite') return []
    const { uid, marks, redirects } = step.apply
    const concerns =
      (uid === undefined || uid === socket.uid) && marks.every((each) => holds(each, socket.mark))
    return concerns ? redirects : []
  })
}

function holds({ mask, values, match }: MarkCondition, mark: number): boolean {
  const isAmong = values.includes((mark & mask) >>> 0)
  return match === 'any' ? isAmong : !isAmong
}
