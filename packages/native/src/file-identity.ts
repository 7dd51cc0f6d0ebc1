import { rawSyscall } from './raw-syscall.ts'
import { SystemError, errnoNumber } from './system-error.ts'

const SETFSUID = { x64: 122, arm64: 151 }
const SETFSGID = { x64: 123, arm64: 152 }
/** No such id: setfsuid(2) changes nothing then, and answers the present one. */
const NOBODY_AT_ALL = 0xffffffff

/**
 * Runs `action` with another file system identity of the calling thread (setfsuid(2)). Sockets and files made by it
 * belong to that user for routing rules (`uidrange`), nftables (`meta skuid`) and sock_diag, but capabilities other than
 * those for files stay, so the caller can still set up the socket.
 *
 * @param identity ids that the user namespace maps
 * @param action synchronous
 * @throws SystemError EINVAL when the ids are not mapped, EPERM without CAP_SETUID and CAP_SETGID; nothing was run then
 */
export function withFileIdentity<T>(
  identity: { readonly uid: number; readonly gid: number },
  action: () => T,
): T {
  const uid = currentId(SETFSUID)
  const gid = currentId(SETFSGID)
  try {
    set('setfsgid', SETFSGID, identity.gid)
    set('setfsuid', SETFSUID, identity.uid)
    return action()
  } finally {
    set('setfsuid', SETFSUID, uid)
    set('setfsgid', SETFSGID, gid)
  }
}

/** setfsuid(2) tells the id from before, never an error: a second call shows what became of the first. */
function set(name: string, number: Readonly<{ x64: number; arm64: number }>, id: number): void {
  rawSyscall(number, id)
  if (currentId(number) !== id) throw new SystemError(errnoNumber('EINVAL'), name, { detail: `id ${id}` })
}

function currentId(number: Readonly<{ x64: number; arm64: number }>): number {
  return rawSyscall(number, NOBODY_AT_ALL)
}
