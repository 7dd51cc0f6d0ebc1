import { Fd, tryLockFile } from '@vpnext/native'
import * as fs from 'node:fs'

/**
 * The files of SQLite's databases: what its WebAssembly gets for node's `fs`, with locks of the kernel.
 *
 * The package locks a database by a folder beside it (`x.db.lock`). Such a folder stays after a SIGKILL, which is how a host always ends, and the
 * database with it; and as its holder sees it too, SQLite takes the journal that a killed process has left for one in use, and reads half a
 * transaction. Here the folder is a flock(2) on the database itself: one holder, whoever it is, until it lets go or ends.
 */
export class SqliteFiles {
  readonly #held = new Map<string, Fd>()
  readonly #expected = new Map<string, bigint>()

  /** What the package is given for `node:fs`. */
  readonly fs: object

  constructor() {
    const own = {
      openSync: (path: string, flags: number): number => fs.openSync(path, flags, 0o600),
      mkdirSync: (path: string): void => this.#lock(databaseOf(path)),
      rmdirSync: (path: string): void => this.#unlock(databaseOf(path)),
      accessSync: (path: string, mode: number): void => {
        // Whether anybody else has the lock: SQLite asks with the lock in its hands.
        if (path.endsWith(lockSuffix)) throw new Error('not locked by others')
        fs.accessSync(path, mode)
      },
    }
    this.fs = { ...fs, ...own }
  }

  /** Has locks of a path refused unless that very file is there: another process may put a file in its place. */
  expect(path: string, inode: bigint): void {
    this.#expected.set(path, inode)
  }

  #lock(path: string): void {
    const fd = Fd.adopt(fs.openSync(path, fs.constants.O_RDONLY))
    const expected = this.#expected.get(path)
    const isIt = expected === undefined || fs.fstatSync(fd.number, { bigint: true }).ino === expected
    if (isIt && tryLockFile(fd, 'exclusive')) {
      this.#held.set(path, fd)
      return
    }
    fd[Symbol.dispose]()
    throw Object.assign(new Error('locked'), { code: 'EEXIST' })
  }

  #unlock(path: string): void {
    this.#held.get(path)?.[Symbol.dispose]()
    this.#held.delete(path)
  }
}

/** What the package adds to the path of a database. */
const lockSuffix = '.lock'

function databaseOf(path: string): string {
  return path.slice(0, -lockSuffix.length)
}
