import { constants, openSync, readFileSync } from 'node:fs'

import { Fd } from '../../fd.ts'
import { addressOf, check } from '../../libc.ts'
import { mountedPath } from '../../mounted-path.ts'
import { errnoNumber } from '../../system-error.ts'
import { BPF_PROG_ATTACH, BPF_PROG_DETACH, BPF_PROG_QUERY, callBpf } from './bpf-call.ts'
import { cgroupHooks } from './hooks.ts'
import type { CgroupHook } from './hooks.ts'
import { openProgram } from './program.ts'

/** Other programs may be attached to the same hook; all of them run. */
const BPF_F_ALLOW_MULTI = 2
/** The kernel's own limit, BPF_CGROUP_MAX_PROGS. */
const MAX_PROGRAMS = 64
const ENOENT = errnoNumber('ENOENT')

/** Where cgroup2 is mounted, e.g. `/sys/fs/cgroup`; undefined when it is not. */
export function cgroup2Mount(): string | undefined {
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, target, type] = line.split(' ')
    if (type === 'cgroup2' && target !== undefined) return mountedPath(target)
  }
  return undefined
}

/**
 * Attaches a program to a cgroup, beside those already there. It stays after this process has ended, until it is
 * detached or the cgroup is removed, and it counts for the cgroups below.
 *
 * @param cgroup path of a cgroup2 directory
 * @param program from `loadProgram`, made for the same hook
 * @throws SystemError EPERM without CAP_BPF and CAP_NET_ADMIN, or when an ancestor forbids more programs; EEXIST when
 * this very program is attached
 * @throws node's ENOENT for no such directory
 */
export function attachToCgroup(cgroup: string, program: Fd, hook: CgroupHook): void {
  using directory = openCgroup(cgroup)
  const attributes = attachAttributes(directory, program, hook)
  attributes.writeUInt32LE(BPF_F_ALLOW_MULTI, 12)
  check(callBpf(BPF_PROG_ATTACH, attributes), 'bpf', `attach ${hook} to ${cgroup}`)
}

/**
 * Detaches a program from a cgroup.
 *
 * @returns whether it was attached there
 * @throws SystemError EPERM
 */
export function detachFromCgroup(cgroup: string, programId: number, hook: CgroupHook): boolean {
  using program = openProgram(programId)
  if (program === undefined) return false
  using directory = openCgroup(cgroup)
  const result = callBpf(BPF_PROG_DETACH, attachAttributes(directory, program, hook))
  if (result === -ENOENT) return false
  check(result, 'bpf', `detach ${hook} from ${cgroup}`)
  return true
}

/** The ids of the programs attached to a cgroup itself (not to its ancestors). @throws SystemError EPERM */
export function queryCgroup(cgroup: string, hook: CgroupHook): number[] {
  using directory = openCgroup(cgroup)
  const ids = Buffer.alloc(MAX_PROGRAMS * 4)
  // target_fd @0, attach_type @4, query_flags @8, attach_flags @12, prog_ids @16, prog_cnt @24
  const attributes = Buffer.alloc(32)
  attributes.writeUInt32LE(directory.number, 0)
  attributes.writeUInt32LE(cgroupHooks[hook].attachType, 4)
  attributes.writeBigUInt64LE(addressOf(ids), 16)
  attributes.writeUInt32LE(MAX_PROGRAMS, 24)
  check(callBpf(BPF_PROG_QUERY, attributes), 'bpf', `query ${hook} of ${cgroup}`)
  const count = attributes.readUInt32LE(24)
  return Array.from({ length: count }, (_, position) => ids.readUInt32LE(position * 4))
}

/** target_fd @0, attach_bpf_fd @4, attach_type @8, attach_flags @12 */
function attachAttributes(directory: Fd, program: Fd, hook: CgroupHook): Buffer {
  const attributes = Buffer.alloc(16)
  attributes.writeUInt32LE(directory.number, 0)
  attributes.writeUInt32LE(program.number, 4)
  attributes.writeUInt32LE(cgroupHooks[hook].attachType, 8)
  return attributes
}

function openCgroup(path: string): Fd {
  return Fd.adopt(openSync(path, constants.O_RDONLY | constants.O_DIRECTORY))
}
