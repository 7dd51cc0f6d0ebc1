import { addressOf } from './libc.ts'
import { checkedSyscall } from './raw-syscall.ts'

const SETRESUID = { x64: 117, arm64: 147 }
const GETRESUID = { x64: 118, arm64: 148 }
const SETRESGID = { x64: 119, arm64: 149 }
const GETRESGID = { x64: 120, arm64: 150 }
const GETGROUPS = { x64: 115, arm64: 158 }
const SETGROUPS = { x64: 116, arm64: 159 }
/** -1 means "leave it" to the kernel. */
const MAX_ID = 0xfffffffe
/** include/uapi/linux/limits.h. */
const NGROUPS_MAX = 65536

/** Whom a thread acts as. Each id is 0 to 2^32-2. */
export interface ProcessIdentity {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
}

/**
 * Sets the real, effective and saved user and group id and the supplementary groups of the calling thread, for good,
 * and reads them back. By raw system calls: only this thread changes, so call it on the main thread and then
 * {@link execve}. Leaving uid 0 also drops the effective and permitted capabilities.
 *
 * @throws RangeError naming the id that is out of range; nothing has changed then
 * @throws SystemError EPERM without CAP_SETUID and CAP_SETGID, EINVAL for an id the user namespace does not map
 */
export function setProcessIdentity(identity: ProcessIdentity): void {
  const { uid, gid, groups } = identity
  checkId('uid', uid)
  checkId('gid', gid)
  groups.forEach((group, index) => checkId(`groups[${index}]`, group))
  const list = Buffer.alloc(Math.max(4, 4 * groups.length))
  groups.forEach((group, index) => list.writeUInt32LE(group, 4 * index))
  checkedSyscall('setgroups', SETGROUPS, groups.length, addressOf(list))
  checkedSyscall('setresgid', SETRESGID, gid, gid, gid)
  checkedSyscall('setresuid', SETRESUID, uid, uid, uid)
  const found = JSON.stringify(threadIdentity())
  const wanted = JSON.stringify({
    uid: [uid, uid, uid],
    gid: [gid, gid, gid],
    groups: [...new Set(groups)].toSorted((a, b) => a - b),
  })
  if (found !== wanted) throw new Error(`identity: wanted ${wanted}, but the kernel says ${found}`)
}

/** The ids of the calling thread: real, effective, saved; groups ascending. */
export interface ThreadIdentity {
  readonly uid: readonly number[]
  readonly gid: readonly number[]
  readonly groups: readonly number[]
}

/** Reads the identity of the calling thread. */
export function threadIdentity(): ThreadIdentity {
  return {
    uid: readThree('getresuid', GETRESUID),
    gid: readThree('getresgid', GETRESGID),
    groups: readGroups(),
  }
}

function readThree(name: string, number: Readonly<{ x64: number; arm64: number }>): number[] {
  const ids = Buffer.alloc(12)
  const address = addressOf(ids)
  checkedSyscall(name, number, address, address + 4n, address + 8n)
  return [ids.readUInt32LE(0), ids.readUInt32LE(4), ids.readUInt32LE(8)]
}

function readGroups(): number[] {
  const list = Buffer.alloc(4 * NGROUPS_MAX)
  const count = checkedSyscall('getgroups', GETGROUPS, NGROUPS_MAX, addressOf(list))
  const groups = Array.from({ length: count }, (_, index) => list.readUInt32LE(4 * index))
  return [...new Set(groups)].toSorted((a, b) => a - b)
}

function checkId(field: string, id: number): void {
  if (!Number.isInteger(id) || id < 0 || id > MAX_ID) throw new RangeError(`${field}: ${id} is no id`)
}
