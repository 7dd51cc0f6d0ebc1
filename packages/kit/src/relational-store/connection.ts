import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

import { asRdbError, isBusy, rdbError } from './rdb-error.ts'
import { type SqlValue, type SqliteDatabase, type SqliteStatement, sqlite } from './sqlite.ts'

/** What a query has found. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** What a statement has changed. */
export interface Changes {
  readonly changes: number
  readonly lastRow: number | bigint
}

/** How long a call waits for somebody else's transaction, and how often it looks, in ms. */
const patience = 2000
const interval = 2

/**
 * One connection to a database. Processes and threads share a database by its lock; one that finds another file in its place, as `restore` puts it
 * there, opens that one.
 */
export class Connection implements Disposable {
  readonly path: string
  readonly #readOnly: boolean
  readonly #attached = new Map<string, string>()
  #database: SqliteDatabase | undefined
  #inode = 0n
  #closed = false

  /** @param path absolute, its folder there; `:memory:` */
  constructor(path: string, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
    this.path = path
    this.#readOnly = readOnly
  }

  get isMemory(): boolean {
    return this.path === ':memory:'
  }

  get inTransaction(): boolean {
    return this.#database?.inTransaction === true
  }

  /** The databases that are attached: their names and paths. */
  get attached(): ReadonlyMap<string, string> {
    return this.#attached
  }

  /**
   * @param work is asked again while somebody else has the database; blocks until then
   * @throws BusinessError 14800014 when closed, 14800024 when that takes 2 s
   */
  now<T>(work: () => T, time: number = patience): T {
    const end = performance.now() + time
    for (;;) {
      try {
        return this.#attempt(work)
      } catch (error) {
        if (!isBusy(error) || performance.now() >= end) throw asRdbError(error)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, interval)
      }
    }
  }

  /** {@link now}, which lets others work while it waits; the first try is at once. */
  async later<T>(work: () => T, time: number = patience): Promise<T> {
    const end = performance.now() + time
    for (;;) {
      try {
        return this.#attempt(work)
      } catch (error) {
        if (!isBusy(error) || performance.now() >= end) throw asRdbError(error)
        await wait(interval)
      }
    }
  }

  /** For `work` only. */
  query(sql: string, args: readonly SqlValue[] = []): Rows {
    return this.#with(sql, (statement) => {
      const columns = statement._getColumnNames()
      // Names may be the same, or numbers: as members of an object they would not keep their places.
      const places = columns.map((_, at) => `c${at}`)
      statement._getColumnNames = () => places
      return { columns, rows: statement.all(args).map((row) => places.map((place) => row[place] ?? null)) }
    })
  }

  /** For `work` only. */
  run(sql: string, args: readonly SqlValue[] = []): Changes {
    return this.#with(sql, (statement) => {
      const { changes, lastInsertRowid } = statement.run(args)
      return { changes, lastRow: lastInsertRowid }
    })
  }

  /** For `work` only: everything or nothing, in a transaction or out of one. */
  atomically<T>(work: () => T): T {
    this.run('SAVEPOINT vpnext')
    try {
      const outcome = work()
      this.run('RELEASE vpnext')
      return outcome
    } catch (error) {
      // A rollback by the conflict's own clause has ended it.
      if (this.inTransaction) {
        this.run('ROLLBACK TO vpnext')
        this.run('RELEASE vpnext')
      }
      throw error
    }
  }

  attach(path: string, name: string): void {
    if (this.#attached.has(name)) throw rdbError(14800016, `${name} is attached`)
    this.run('ATTACH ? AS ?', [path, name])
    this.#attached.set(name, path)
  }

  detach(name: string): void {
    this.run('DETACH ?', [name])
    this.#attached.delete(name)
  }

  /** Closes the file; the next call opens what lies there by then. */
  letGo(): void {
    const database = this.#database
    this.#database = undefined
    if (database?.isOpen === true) database.close()
  }

  [Symbol.dispose](): void {
    this.#closed = true
    this.letGo()
  }

  #attempt<T>(work: () => T): T {
    if (this.#closed) throw rdbError(14800014, `${this.path} is closed`)
    this.#reopen()
    return work()
  }

  #reopen(): void {
    if (this.isMemory) {
      this.#database ??= this.#open()
      return
    }
    if (this.#database !== undefined && !this.#database.inTransaction) {
      if (statSync(this.path, { bigint: true, throwIfNoEntry: false })?.ino !== this.#inode) this.letGo()
    }
    this.#database ??= this.#open()
    sqlite().files.expect(this.path, this.#inode)
  }

  #open(): SqliteDatabase {
    const database = sqlite().open(this.path, { readOnly: this.#readOnly })
    if (!this.#readOnly && !this.isMemory && hasWal(this.path)) leaveWal(database)
    // As SQLite has them unless it is built otherwise.
    database.exec('PRAGMA foreign_keys=OFF; PRAGMA recursive_triggers=OFF')
    this.#database = database
    if (!this.isMemory) this.#inode = statSync(this.path, { bigint: true }).ino
    for (const [name, path] of this.#attached) this.run('ATTACH ? AS ?', [path, name])
    return database
  }

  #with<T>(sql: string, use: (statement: SqliteStatement) => T): T {
    const statement = this.#prepare(sql)
    let outcome: T
    try {
      outcome = use(statement)
    } catch (error) {
      finalizeFailed(statement)
      throw error
    }
    statement.finalize()
    return outcome
  }

  #prepare(sql: string): SqliteStatement {
    if (this.#database === undefined) throw rdbError(14800014, `${this.path} is closed`)
    let text = sql
    for (;;) {
      try {
        return this.#database.prepare(text)
      } catch (error) {
        const corrected = withText(text, error)
        if (corrected === undefined) throw error
        text = corrected
      }
    }
  }
}

/** Whether a database keeps a write-ahead log, as those of a device do (file format of SQLite, section 1.3.3). */
function hasWal(path: string): boolean {
  const fd = openSync(path, 'r')
  try {
    const version = Buffer.alloc(1)
    return readSync(fd, version, 0, 1, 18) === 1 && version[0] === 2
  } finally {
    closeSync(fd)
  }
}

/** A write-ahead log needs memory that processes share, unless one has the database alone: that one may put an end to it. */
function leaveWal(database: SqliteDatabase): void {
  try {
    database.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=DELETE; PRAGMA locking_mode=NORMAL')
    // Only a look lets go of the lock.
    database.exec('SELECT count(*) FROM sqlite_master')
  } catch (error) {
    database.close()
    throw error
  }
}

/** Of a statement that failed, `finalize` tells the failure once more. */
function finalizeFailed(statement: SqliteStatement): void {
  try {
    statement.finalize()
  } catch {
    // Known already.
  }
}

/** A name in double quotes that no column has is a text, as SQLite has it unless it is built otherwise. */
function withText(sql: string, error: unknown): string | undefined {
  const name =
    error instanceof Error
      ? /^no such column: "(.*)" - should this be a string/s.exec(error.message)?.[1]
      : undefined
  if (name === undefined) return undefined
  const quoted = `"${name.replaceAll('"', '""')}"`
  return sql.includes(quoted) ? sql.replace(quoted, () => `'${name.replaceAll("'", "''")}'`) : undefined
}
