import { type BpfProgram, type CgroupHook, lockDeviceProgram, markSocketsPrograms } from '@vpnext/native'
import type { AppIdentity } from './app-identity.ts'
import {
  type ApplicationList,
  identityMark,
  type IdentitySettings,
  type ListedApplication,
  memberOf,
  selectorsOf,
} from './application-list.ts'
import { type AttachedProgram, detach, ProgramLoader, programsOf } from './cgroup-programs.ts'
import { cgroupId, cgroupsBelow, findApplications } from './cgroup-tree.ts'
import { closeSocketsOf } from './member-sockets.ts'
import { parseProgramName, programName } from './program-name.ts'

const hooks: readonly CgroupHook[] = ['sock-create', 'connect4', 'connect6', 'setsockopt']

/**
 * Identity by control group: BPF programs give each socket that is made in an application's cgroup a mark, before any
 * address is chosen. Children are covered. The programs stay with their cgroup when this process ends (BPF_PROG_ATTACH), and
 * carry the instance, the slot and the value in their names.
 *
 * Applications are the cgroups that exist when a list is applied; `watchApplications` and `enterApplication` see to those
 * that come later.
 *
 * @param root where cgroup2 is mounted
 */
export function cgroupIdentity(settings: IdentitySettings, root: string): AppIdentity {
  return {
    kind: 'cgroup',
    selectors: (list) => selectorsOf(list, settings),
    apply(list) {
      using loader = new ProgramLoader()
      for (const { path, application } of findApplications(root, settings.instance).applications) {
        attachMember(path, list, memberOf(list, application), settings, loader)
      }
    },
    withdraw: (slot) => detachAll(root, settings, (each) => each === slot),
    reconcile(keep) {
      const kept = new Set(keep)
      return detachAll(root, settings, (slot) => !kept.has(slot))
    },
    closeSockets: (list) =>
      closeSocketsOf({
        marks: new Set(selectorsOf(list, settings).marks),
        identityMask: settings.identityMask,
        uids: new Set(selectorsOf(list, settings).uids),
        cgroups: memberCgroups(root, list, settings),
      }),
  }
}

/**
 * Makes one control group agree with a list.
 *
 * @param member what the group's application is in the list; absent: it must have no program of the list
 */
export function attachMember(
  path: string,
  list: ApplicationList,
  member: ListedApplication | undefined,
  settings: IdentitySettings,
  loader: ProgramLoader,
): void {
  const wanted = member === undefined || member.value === 0 ? [] : programsFor(list, member, settings)
  // The new before the old: no socket is made without a mark in between.
  for (const program of wanted) loader.attachOnce(path, program)
  const names = new Set(wanted.map(({ name }) => name))
  for (const program of programsOf(path, hooks)) {
    if (slotOf(program, settings) === list.slot && !names.has(program.name)) detach(program)
  }
}

/** Inode numbers of the control groups of a list's members, with all groups below them. */
export function memberCgroups(root: string, list: ApplicationList, settings: IdentitySettings): Set<bigint> {
  const members = findApplications(root, settings.instance).applications.filter(
    ({ application }) => memberOf(list, application) !== undefined,
  )
  const ids = members.flatMap(({ path }) => [...cgroupsBelow(path)]).map(cgroupId)
  return new Set(ids.filter((id) => id !== undefined))
}

function programsFor(
  list: ApplicationList,
  { value }: ListedApplication,
  settings: IdentitySettings,
): BpfProgram[] {
  const { slot, lockDevice } = list
  const name = programName(settings, { role: 'identity', slot, value })
  return [
    ...markSocketsPrograms(name, identityMark(settings, value), settings.identityMask),
    ...(lockDevice ? [lockDeviceProgram(programName(settings, { role: 'lock', slot, value }))] : []),
  ]
}

function detachAll(root: string, settings: IdentitySettings, isDoomed: (slot: number) => boolean): string[] {
  const lines: string[] = []
  for (const path of cgroupsBelow(root)) {
    for (const program of programsOf(path, hooks)) {
      const slot = slotOf(program, settings)
      if (slot !== undefined && isDoomed(slot) && detach(program))
        lines.push(`BPF program ${program.name} of ${path}`)
    }
  }
  return lines
}

/** @returns undefined for what is no program of a list: those that send DNS questions elsewhere have hooks in common with them */
function slotOf({ name }: AttachedProgram, settings: IdentitySettings): number | undefined {
  const purpose = parseProgramName(settings, name)
  return purpose?.role === 'identity' || purpose?.role === 'lock' ? purpose.slot : undefined
}
