import { constants } from 'node:os'

import { declareChecked } from './libc.ts'

const control = declareChecked<[option: number, a: bigint | number, b: number, c: number, d: number]>(
  'int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)',
)
const yieldNow = declareChecked<[]>('int sched_yield(void)')
const setAction = declareChecked<[signal: number, action: Uint8Array, before: null]>(
  'int sigaction(int, const void *, void *)',
)
/** glibc's `struct sigaction` (bits/sigaction.h), in bytes. All zero: SIG_DFL, nothing masked, no flags. */
const sizeOfAction = 152

// include/uapi/linux/prctl.h
const PR_SET_PDEATHSIG = 1
const PR_GET_DUMPABLE = 3
const PR_SET_DUMPABLE = 4
const PR_SET_NO_NEW_PRIVS = 38
const PR_GET_NO_NEW_PRIVS = 39

/**
 * From now on neither the calling thread nor what it executes gains privileges by execve(2) (set-uid files, file
 * capabilities). Cannot be undone; needed for Landlock and seccomp without CAP_SYS_ADMIN. Other threads are unaffected.
 */
export function setNoNewPrivileges(): void {
  control(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
}

/** Whether {@link setNoNewPrivileges} holds for the calling thread. */
export function hasNoNewPrivileges(): boolean {
  return control(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) === 1
}

/**
 * Has the kernel send `signal` to this process when the *thread* that started it ends. Survives execve(2), but a change
 * of identity clears it. A parent that ended before this call is not noticed: compare `process.ppid` afterwards.
 */
export function setParentDeathSignal(signal: NodeJS.Signals): void {
  control(PR_SET_PDEATHSIG, constants.signals[signal], 0, 0, 0)
}

/** Whether others of the same uid may trace this process and read its memory, and whether it dumps core. Reset by execve(2). */
export function setDumpable(dumpable: boolean): void {
  control(PR_SET_DUMPABLE, dumpable ? 1 : 0, 0, 0, 0)
}

/** Whether this process is dumpable; false also for the kernel's middle state `suid_dumpable` 2. */
export function isDumpable(): boolean {
  return control(PR_GET_DUMPABLE, 0, 0, 0, 0) === 1
}

/** From now on a signal does to this process what signal(7) says, whatever node does at it. */
export function useDefaultAction(signal: NodeJS.Signals): void {
  setAction(constants.signals[signal], new Uint8Array(sizeOfAction), null)
}

/** Lets what waits for this processor run first, sched_yield(2); returns at once where nothing waits. */
export function yieldProcessor(): void {
  yieldNow()
}
