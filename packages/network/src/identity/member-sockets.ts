import { destroySockets, isSystemError, type SocketInfo } from '@vpnext/native'

/** What the sockets of some applications are known by; one of them is enough. */
export interface SocketOwners {
  /** Identity bits of the mark. */
  readonly marks: ReadonlySet<number>
  readonly identityMask: number
  readonly uids: ReadonlySet<number>
  /** Inode numbers of the control groups that they were made in. */
  readonly cgroups: ReadonlySet<bigint>
}

/** Whether a socket is of one of the owners. */
export function isOwnedBy(owners: SocketOwners, { mark, uid, cgroupId }: SocketInfo): boolean {
  return (
    owners.marks.has((mark & owners.identityMask) >>> 0) ||
    owners.uids.has(uid) ||
    (cgroupId !== undefined && owners.cgroups.has(cgroupId))
  )
}

/**
 * Closes the owners' sockets that are no listening ones.
 *
 * @param only which of them; all when absent
 * @returns how many; 0 where the kernel cannot (CONFIG_INET_DIAG_DESTROY)
 */
export function closeSocketsOf(
  owners: SocketOwners,
  only: (socket: SocketInfo) => boolean = () => true,
): number {
  try {
    return destroySockets(
      () => (socket) =>
        socket.state !== 'listen' &&
        socket.state !== 'time-wait' &&
        isOwnedBy(owners, socket) &&
        only(socket),
    )
  } catch (error) {
    if (isSystemError(error, 'EOPNOTSUPP', 'ENOENT', 'EPROTONOSUPPORT')) return 0
    throw error
  }
}
