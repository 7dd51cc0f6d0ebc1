import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { BusinessError } from '@vpnext/api'

import { Connection } from './connection.ts'
import { rdbError, rdbUnsupported } from './rdb-error.ts'
import type { StoreConfig } from './store-config.ts'

/** What SQLite keeps beside a database for a time. */
const companions = ['', '-journal', '-wal', '-shm']

/** A database as the `RdbStore` objects of a thread share it. */
export class SharedStore implements Disposable {
  readonly connection: Connection
  readonly readOnly: boolean
  /** It was damaged, and is empty now. */
  #rebuilt = false
  #depth = 0
  readonly #others = new Set<Connection>()

  private constructor({ path, readOnly }: StoreConfig) {
    this.readOnly = readOnly
    this.connection = new Connection(path, { readOnly })
  }

  get rebuilt(): boolean {
    return this.#rebuilt
  }

  /** Opens a database, and makes one that is not there. @throws BusinessError 14800010, 14800011, 14800024 */
  static async open(config: StoreConfig): Promise<SharedStore> {
    const { path, readOnly, allowRebuild } = config
    if (path !== ':memory:') {
      if (!readOnly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      else if (!existsSync(path)) throw rdbError(14800010, `${path} is not there`)
    }
    const store = new SharedStore(config)
    const look = async (): Promise<unknown> =>
      await store.connection.later(() => store.connection.query('SELECT count(*) FROM sqlite_master'))
    try {
      await look()
    } catch (error) {
      store.connection.letGo()
      const damaged = error instanceof BusinessError && error.code === 14800011
      if (!damaged || !allowRebuild || readOnly) throw error
      removeDatabase(path)
      store.#rebuilt = true
      await look()
    }
    return store
  }

  /** A transaction, and one in another as a savepoint. */
  begin(): void {
    const { connection } = this
    if (!connection.inTransaction) {
      connection.run('BEGIN IMMEDIATE')
      this.#depth = 0
    } else connection.run(`SAVEPOINT vpnext_${this.#depth}`)
    this.#depth++
  }

  /** @throws BusinessError 14800000 */
  commit(): void {
    const at = this.#innermost()
    this.connection.run(at === 0 ? 'COMMIT' : `RELEASE vpnext_${at}`)
    this.#depth = at
  }

  /** @throws BusinessError 14800000 */
  rollBack(): void {
    const at = this.#innermost()
    if (at === 0) this.connection.run('ROLLBACK')
    else {
      this.connection.run(`ROLLBACK TO vpnext_${at}`)
      this.connection.run(`RELEASE vpnext_${at}`)
    }
    this.#depth = at
  }

  /** Writes a copy, in the place of what is there once it is whole. */
  backup(path: string): void {
    this.#checkFile()
    if (path === this.connection.path) throw rdbError(14800010, 'a database is no copy of itself')
    if (!existsSync(dirname(path))) throw rdbError(14800010, `${dirname(path)} is not there`)
    const fresh = freshPath(path)
    try {
      this.connection.run('VACUUM INTO ?', [fresh])
      renameSync(fresh, path)
    } finally {
      removeDatabase(fresh)
    }
  }

  /** Puts a copy into the place of the database; other processes see it at their next call. */
  restore(path: string): void {
    this.#checkFile()
    const { connection } = this
    if (!existsSync(path)) throw rdbError(14800010, `${path} is not there`)
    if (connection.inTransaction) throw rdbError(14800000, 'a transaction is open')
    const fresh = freshPath(connection.path)
    try {
      writeFileSync(fresh, readFileSync(path), { mode: 0o600, flush: true })
      using copy = new Connection(fresh)
      copy.now(() => checkWhole(copy, path))
      connection.run('BEGIN EXCLUSIVE')
      try {
        renameSync(fresh, connection.path)
      } finally {
        connection.run('ROLLBACK')
        connection.letGo()
      }
    } finally {
      removeDatabase(fresh)
    }
  }

  /** A connection for a transaction of its own. @returns one that the caller disposes; it ends with the store at the latest */
  anotherConnection(): Connection {
    this.#checkFile()
    const connection = new Connection(this.connection.path)
    this.#others.add(connection)
    return connection
  }

  release(connection: Connection): void {
    this.#others.delete(connection)
    connection[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    for (const connection of this.#others) this.release(connection)
    this.connection[Symbol.dispose]()
  }

  #innermost(): number {
    if (!this.connection.inTransaction) throw rdbError(14800000, 'no transaction is open')
    return Math.max(this.#depth - 1, 0)
  }

  #checkFile(): void {
    if (this.connection.isMemory) throw rdbUnsupported('persist', 'a database in memory has no file')
  }
}

/** Removes a database and what SQLite keeps beside it; one that is not there is no error. */
export function removeDatabase(path: string): void {
  for (const companion of companions) rmSync(`${path}${companion}`, { force: true })
}

function freshPath(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.new`
}

function checkWhole(copy: Connection, path: string): void {
  if (copy.query('PRAGMA quick_check').rows[0]?.[0] !== 'ok') throw rdbError(14800011, `${path} is damaged`)
}
