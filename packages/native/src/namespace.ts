import { openSync, readlinkSync } from 'node:fs'

import { Fd } from './fd.ts'
import { declareChecked } from './libc.ts'

const switchNamespace = declareChecked<[fd: number, type: number]>('int setns(int, int)')
const unshareFlags = declareChecked<[flags: number]>('int unshare(int)')

// include/uapi/linux/sched.h
const CLONE_NEWNS = 0x00020000
const CLONE_NEWCGROUP = 0x02000000
const CLONE_NEWUTS = 0x04000000
const CLONE_NEWIPC = 0x08000000
const CLONE_NEWPID = 0x20000000
const CLONE_NEWNET = 0x40000000
/** include/linux/proc_ns.h, PROC_USER_INIT_INO: the inode of the user namespace that the machine booted with. */
const INITIAL_USER_NAMESPACE = 'user:[4026531837]'

/** Names as in /proc/PID/ns. */
export type NamespaceKind = 'cgroup' | 'ipc' | 'mnt' | 'net' | 'pid' | 'time' | 'user' | 'uts'

/**
 * A descriptor of a namespace: of the calling thread, or of a process.
 *
 * @param pid the caller makes sure that it still is the process meant
 * @throws node's ENOENT when the process is gone, EACCES when it is foreign
 */
export function openNamespace(kind: NamespaceKind, pid?: number): Fd {
  return Fd.adopt(openSync(`/proc/${pid ?? 'thread-self'}/ns/${kind}`, 'r'))
}

/**
 * Makes a network namespace that holds nothing but a loopback device, which is down. It lasts while the descriptor, a
 * process or a mount holds it. The calling thread is back in its own namespace when this returns.
 *
 * @throws SystemError EPERM without CAP_SYS_ADMIN
 */
export function createNetworkNamespace(): Fd {
  using own = openNamespace('net')
  unshareFlags(CLONE_NEWNET)
  try {
    return openNamespace('net')
  } finally {
    switchNamespace(own.number, CLONE_NEWNET)
  }
}

/**
 * Runs `action` with the calling thread inside a network namespace. Sockets and TUN devices made by `action` stay in
 * it. Only this thread moves: asynchronous fs calls, which run on other threads, do not.
 *
 * @param action synchronous
 * @returns what `action` returns
 * @throws TypeError when that is a promise, which would go on outside the namespace
 * @throws SystemError EPERM without CAP_SYS_ADMIN, EINVAL for no network namespace
 */
export function withNetworkNamespace<T>(namespace: Fd, action: () => T): T {
  using own = openNamespace('net')
  switchNamespace(namespace.number, CLONE_NEWNET)
  let result: T
  try {
    result = action()
  } finally {
    switchNamespace(own.number, CLONE_NEWNET)
  }
  if (isThenable(result)) throw new TypeError('action: must be synchronous, but it returned a promise')
  return result
}

/** The namespaces to leave. */
export interface UnshareFlags {
  readonly mount?: boolean
  readonly network?: boolean
  readonly ipc?: boolean
  readonly uts?: boolean
  readonly cgroup?: boolean
  /** Only children made later are in the new one. */
  readonly pid?: boolean
}

/**
 * Moves the calling thread (no other one) into new namespaces. There is no flag for a user namespace: the kernel allows
 * that to processes with one thread only, which node never is; start through unshare(1) instead.
 *
 * @throws SystemError EPERM without CAP_SYS_ADMIN, ENOSPC at the limit of namespaces
 */
export function unshare(flags: UnshareFlags): void {
  unshareFlags(
    (flags.mount === true ? CLONE_NEWNS : 0) |
      (flags.network === true ? CLONE_NEWNET : 0) |
      (flags.ipc === true ? CLONE_NEWIPC : 0) |
      (flags.uts === true ? CLONE_NEWUTS : 0) |
      (flags.cgroup === true ? CLONE_NEWCGROUP : 0) |
      (flags.pid === true ? CLONE_NEWPID : 0),
  )
}

/** Whether this thread is in the user namespace that the machine booted with, so that its root is the machine's. */
export function currentUserNamespaceIsInitial(): boolean {
  return readlinkSync('/proc/thread-self/ns/user') === INITIAL_USER_NAMESPACE
}

function isThenable(value: unknown): boolean {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}
