import { Fd } from './fd.ts'
import { check } from './libc.ts'
import { readOption } from './socket-option.ts'
import { errnoNumber } from './system-error.ts'

const SO_PEERCRED = 17
const SO_PEERGROUPS = 59
const SO_PEERPIDFD = 77
const ERANGE = errnoNumber('ERANGE')
/** ENOPROTOOPT: before Linux 6.5. ENODATA: no peer. ESRCH, EINVAL: it was reaped already. */
const withoutPidfd = new Set(['ENOPROTOOPT', 'ENODATA', 'ESRCH', 'EINVAL'].map((name) => -errnoNumber(name)))

/** Who connected, as the kernel noted at connect(2); for a socket pair, who made the pair. */
export interface PeerCredentials {
  /** In the reader's pid namespace; 0 if it has none there. May be reused by now: see {@link peerPidfd}. */
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

/** The credentials of the peer of a connected unix socket (SO_PEERCRED). */
export function peerCredentials(fd: Fd): PeerCredentials {
  const value = Buffer.alloc(12)
  check(readOption(fd, SO_PEERCRED, value).result, 'getsockopt', 'SO_PEERCRED')
  return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) }
}

/** The supplementary groups of the peer of a connected unix socket (SO_PEERGROUPS). */
export function peerGroups(fd: Fd): number[] {
  let value = Buffer.alloc(4 * 64)
  let answer = readOption(fd, SO_PEERGROUPS, value)
  if (answer.result === -ERANGE) {
    value = Buffer.alloc(answer.length)
    answer = readOption(fd, SO_PEERGROUPS, value)
  }
  check(answer.result, 'getsockopt', 'SO_PEERGROUPS')
  return Array.from({ length: answer.length / 4 }, (_, index) => value.readUInt32LE(4 * index))
}

/**
 * A pidfd of the peer process of a connected unix socket, which cannot come to mean another process (SO_PEERPIDFD).
 *
 * @returns undefined when the peer was reaped already, or before Linux 6.5
 */
export function peerPidfd(fd: Fd): Fd | undefined {
  const value = Buffer.alloc(4)
  const { result } = readOption(fd, SO_PEERPIDFD, value)
  if (withoutPidfd.has(result)) return undefined
  check(result, 'getsockopt', 'SO_PEERPIDFD')
  return Fd.adopt(value.readInt32LE(0))
}
