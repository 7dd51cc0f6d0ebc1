import { isErrno, readPlainFile } from '@vpnext/native'
import type { Caller } from './standing.ts'

/** Where accounts are looked up: files as in passwd(5) and group(5). */
export interface AccountFiles {
  readonly passwdFile: string
  readonly groupFile: string
}

/**
 * A user as the system's files know them, for what is started without anybody's call. Accounts that only a directory
 * service knows have no groups here.
 */
export function accountOf(uid: number, files: AccountFiles): Caller {
  const account = lines(files.passwdFile).find(([, , id]) => id === String(uid))
  const [name, , , gid] = account ?? []
  if (name === undefined || !isId(gid)) return { uid, gid: uid, groups: [] }
  const groups = lines(files.groupFile).flatMap(([, , id, members = '']) =>
    isId(id) && members.split(',').includes(name) ? [Number(id)] : [],
  )
  return { uid, gid: Number(gid), groups }
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text)
}

function lines(path: string): string[][] {
  try {
    return readPlainFile(path)
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(':'))
  } catch (error) {
    // A minimal container has none.
    if (isErrno(error, 'ENOENT')) return []
    throw error
  }
}
