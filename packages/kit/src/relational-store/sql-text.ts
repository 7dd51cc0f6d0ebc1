import type { RdbPredicates } from './predicates.ts'
import type { SqlValue } from './sqlite.ts'

/** A statement and what its question marks stand for: `relationalStore.SqlInfo`. */
export interface Sql {
  readonly sql: string
  readonly args: readonly SqlValue[]
}

/** `relationalStore.ConflictResolution`, and what each adds to INSERT and UPDATE. */
export const conflictResolution = {
  ON_CONFLICT_NONE: 0,
  ON_CONFLICT_ROLLBACK: 1,
  ON_CONFLICT_ABORT: 2,
  ON_CONFLICT_FAIL: 3,
  ON_CONFLICT_IGNORE: 4,
  ON_CONFLICT_REPLACE: 5,
} as const
const conflictClauses = ['', ' OR ROLLBACK', ' OR ABORT', ' OR FAIL', ' OR IGNORE', ' OR REPLACE']

type Row = ReadonlyMap<string, SqlValue>

/** @param conflict a number of {@link conflictResolution} */
export function insertSql(table: string, row: Row, conflict: number): Sql {
  const names = [...row.keys()]
  return {
    sql: `INSERT${conflictClauses[conflict]} INTO ${table}(${names.join(',')}) VALUES (${names.map(() => '?').join(',')})`,
    args: [...row.values()],
  }
}

export function updateSql(row: Row, predicates: RdbPredicates, conflict: number): Sql {
  const { table, where } = predicates.parts()
  const set = [...row.keys()].map((name) => `${name}=?`).join(',')
  return {
    sql: `UPDATE${conflictClauses[conflict]} ${table} SET ${set}${where.sql}`,
    args: [...row.values(), ...where.args],
  }
}

export function deleteSql(predicates: RdbPredicates): Sql {
  const { table, where } = predicates.parts()
  return { sql: `DELETE FROM ${table}${where.sql}`, args: where.args }
}

/** @param columns none: all of them */
export function selectSql(predicates: RdbPredicates, columns: readonly string[]): Sql {
  const { table, distinct, where, rest } = predicates.parts()
  return {
    sql: `SELECT ${distinct ? 'DISTINCT ' : ''}${columns.length === 0 ? '*' : columns.join(', ')} FROM ${table}${where.index}${where.sql}${rest.sql}`,
    args: [...where.args, ...rest.args],
  }
}

export type SqlKind = 'query' | 'insert' | 'change' | 'transaction' | 'attach' | 'pragma' | 'other'

const kinds: Readonly<Record<string, SqlKind>> = {
  SELECT: 'query',
  VALUES: 'query',
  EXPLAIN: 'query',
  INSERT: 'insert',
  REPLACE: 'insert',
  UPDATE: 'change',
  DELETE: 'change',
  BEGIN: 'transaction',
  COMMIT: 'transaction',
  END: 'transaction',
  ROLLBACK: 'transaction',
  ATTACH: 'attach',
  DETACH: 'attach',
  PRAGMA: 'pragma',
}

/** What a statement does, by its first word. */
export function sqlKind(sql: string): SqlKind {
  const bare = sql.replace(/^(\s+|--[^\n]*(\n|$)|\/\*[^]*?\*\/)+/, '')
  const word = /^[a-z]+/i.exec(bare)?.[0].toUpperCase() ?? ''
  if (word === 'WITH')
    return /\b(INSERT|UPDATE|DELETE|REPLACE)\b\s+(OR|INTO|FROM|\w+\s+SET)\b/i.test(bare) ? 'change' : 'query'
  return kinds[word] ?? 'other'
}
