import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'

import { SqliteFiles } from './sqlite-files.ts'
import { sqliteFolder } from './sqlite-folder.ts'

/** What a column holds and a parameter takes. */
export type SqlValue = number | bigint | string | Uint8Array | null

/** A statement of `node-sqlite3-wasm`. */
export interface SqliteStatement {
  run(values: readonly SqlValue[]): { changes: number; lastInsertRowid: number | bigint }
  all(values: readonly SqlValue[]): Record<string, SqlValue>[]
  finalize(): void
  /** Not of its public interface: the names of the columns, which an empty result has too. */
  _getColumnNames(): string[]
}

/** A connection of `node-sqlite3-wasm`. */
export interface SqliteDatabase {
  readonly isOpen: boolean
  readonly inTransaction: boolean
  close(): void
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
}

/** SQLite as this thread has it. */
export interface Sqlite {
  readonly files: SqliteFiles
  open(path: string, options: { readOnly: boolean }): SqliteDatabase
}

let loaded: Sqlite | undefined

/** SQLite, which is loaded when a database is first asked for: some 20 ms, and memory. */
export function sqlite(): Sqlite {
  return (loaded ??= load())
}

function load(): Sqlite {
  const folder = sqliteFolder()
  const path = join(folder, 'node-sqlite3-wasm.js')
  const files = new SqliteFiles()
  const require = createRequire(path)
  const module = { exports: {} }
  const run = compileFunction(
    readFileSync(path, 'utf8'),
    ['module', 'exports', 'require', '__filename', '__dirname'],
    { filename: path },
  )
  run(
    module,
    module.exports,
    (name: string): unknown => (name === 'node:fs' ? files.fs : require(name)),
    path,
    folder,
  )
  const Database: new (path: string, options: object) => SqliteDatabase = Reflect.get(
    module.exports,
    'Database',
  )
  return { files, open: (file, options) => new Database(file, options) }
}
