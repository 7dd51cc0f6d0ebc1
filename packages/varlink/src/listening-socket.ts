import { lstatSync, unlinkSync } from 'node:fs'
import { connectUnix, type Fd, isSystemError, listenUnix } from '@vpnext/native'

/** A listening socket and its file. */
export interface ListeningSocket extends Disposable {
  readonly fd: Fd
}

/**
 * Listens at `path`. A socket file at which nobody listens any more is replaced. Disposing closes the socket and removes
 * the file, unless it is somebody else's by now.
 *
 * @throws SystemError EADDRINUSE when somebody answers there, or it is no socket
 */
export function listenAt(path: string, mode: number): ListeningSocket {
  const fd = listenReplacing(path, mode)
  const inode = inodeOf(path)
  return {
    fd,
    [Symbol.dispose]() {
      if (fd.closed) return
      fd.close()
      if (inode !== undefined && inodeOf(path) === inode) unlinkSync(path)
    },
  }
}

function listenReplacing(path: string, mode: number): Fd {
  try {
    return listenUnix(path, { mode })
  } catch (error) {
    if (!isSystemError(error, 'EADDRINUSE') || !isDead(path)) throw error
    unlinkSync(path)
    return listenUnix(path, { mode })
  }
}

/** Only a socket file can refuse a connection with ECONNREFUSED because nobody listens; other files refuse too. */
function isDead(path: string): boolean {
  if (!lstatSync(path).isSocket()) return false
  try {
    connectUnix(path).close()
    return false
  } catch (error) {
    return isSystemError(error, 'ECONNREFUSED')
  }
}

function inodeOf(path: string): string | undefined {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`
}
