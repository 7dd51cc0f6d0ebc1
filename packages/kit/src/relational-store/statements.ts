import { type CallOperation, type Forms, callForms } from '../call-forms.ts'
import {
  integerParameter,
  listParameter,
  optionalParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import type { Connection, Rows } from './connection.ts'
import { RdbPredicates } from './predicates.ts'
import { rdbError } from './rdb-error.ts'
import { ResultSet } from './result-set.ts'
import {
  type Sql,
  conflictResolution,
  deleteSql,
  insertSql,
  selectSql,
  sqlKind,
  updateSql,
} from './sql-text.ts'
import type { SqlValue } from './sqlite.ts'
import { type KitValue, kitValue, sqlValue, valuesBucket } from './stored-values.ts'

/** What statements go to: a store or a transaction. */
export interface StatementTarget {
  /** @throws BusinessError 14800014 when it is closed */
  forReading(): Connection
  /** @throws BusinessError 14800014; 801 for a store that is for reading only */
  forWriting(): Connection
}

/** A function of a target, in each of its forms. */
export function storeCall<Input, Output>(
  read: (args: readonly unknown[]) => Input,
  connection: () => Connection,
  work: (connection: Connection, input: Input) => Output,
): Forms<Output> {
  const operation: CallOperation<Input, Output> = {
    read,
    now: (input) => {
      const of = connection()
      return of.now(() => work(of, input))
    },
    later: async (input) => {
      const of = connection()
      return await of.later(() => work(of, input))
    },
  }
  return callForms(operation)
}

/** The functions that stores and transactions have in common, for `bothForms`. */
export function statementCalls(target: StatementTarget): Record<string, Forms<unknown>> {
  const reading = (): Connection => target.forReading()
  const writing = (): Connection => target.forWriting()
  return {
    insert: storeCall(
      ([table, values, conflict]) =>
        insertSql(tableParameter(table), valuesBucket(values, 'values'), conflictParameter(conflict)),
      writing,
      inserted,
    ),
    batchInsert: storeCall(
      ([table, values]) => batch(table, values, conflictResolution.ON_CONFLICT_REPLACE),
      writing,
      insertedAll,
    ),
    batchInsertWithConflictResolution: storeCall(
      ([table, values, conflict]) => batch(table, values, conflictParameter(conflict, 'required')),
      writing,
      insertedAll,
    ),
    update: storeCall(
      ([values, predicates, conflict]) =>
        updateSql(
          valuesBucket(values, 'values'),
          predicatesParameter(predicates),
          conflictParameter(conflict),
        ),
      writing,
      changed,
    ),
    delete: storeCall(([predicates]) => deleteSql(predicatesParameter(predicates)), writing, changed),
    query: storeCall(
      ([predicates, columns]) =>
        selectSql(predicatesParameter(predicates), listParameter(columns ?? [], 'columns', textParameter)),
      reading,
      (connection, { sql, args }) => resultSet(connection.query(sql, args)),
    ),
    querySql: storeCall(sqlParameters, reading, (connection, { sql, args }) => {
      const kind = sqlKind(sql)
      if (kind !== 'query' && kind !== 'pragma') throw rdbError(14800019, sql)
      return resultSet(connection.query(sql, args))
    }),
    execute: storeCall(sqlParameters, writing, executed),
  }
}

/** Reads `(sql, bindArgs)`. @throws BusinessError 401 */
export function sqlParameters([sql, bindArgs]: readonly unknown[]): Sql {
  const text = textParameter(sql, 'sql')
  if (text.trim() === '') throw parameterError('sql', 'is empty')
  return { sql: text, args: listParameter(bindArgs ?? [], 'bindArgs', sqlValue) }
}

/** What `execute` does. @returns of an INSERT the row or -1, of other changes how many, of a PRAGMA its value, else null */
export function executed(connection: Connection, { sql, args }: Sql): KitValue {
  switch (sqlKind(sql)) {
    case 'query':
    case 'transaction':
    case 'attach':
      throw rdbError(14800000, `execute is not for ${sql}: there are functions for that`)
    case 'insert':
      return inserted(connection, { sql, args })
    case 'change':
      return changed(connection, { sql, args })
    case 'pragma':
      return kitValue(connection.query(sql, args).rows[0]?.[0] ?? null)
    case 'other':
  }
  connection.run(sql, args)
  return null
}

function inserted(connection: Connection, { sql, args }: Sql): number {
  const { changes, lastRow } = connection.run(sql, args)
  return changes > 0 ? Number(lastRow) : -1
}

function changed(connection: Connection, { sql, args }: Sql): number {
  return connection.run(sql, args).changes
}

function insertedAll(connection: Connection, all: readonly Sql[]): number {
  return connection.atomically(() => {
    let count = 0
    for (const { sql, args } of all) count += connection.run(sql, args).changes
    return count
  })
}

/** Every row gets every column that one of them names, as on the device: null where it says nothing. */
function batch(table: unknown, values: unknown, conflict: number): Sql[] {
  const name = tableParameter(table)
  const rows = listParameter(values, 'values', valuesBucket)
  if (rows.length === 0) throw parameterError('values', 'is empty')
  const columns = new Set(rows.flatMap((row) => [...row.keys()]))
  return rows.map((row) =>
    insertSql(
      name,
      new Map([...columns].map((column): [string, SqlValue] => [column, row.get(column) ?? null])),
      conflict,
    ),
  )
}

function resultSet(rows: Rows): ResultSet {
  return new ResultSet(rows)
}

export function tableParameter(value: unknown): string {
  const table = textParameter(value, 'table')
  if (table.trim() === '') throw parameterError('table', 'is empty')
  return table
}

export function predicatesParameter(value: unknown): RdbPredicates {
  if (value instanceof RdbPredicates) return value
  throw parameterError('predicates', 'are no RdbPredicates')
}

export function conflictParameter(value: unknown, need: 'optional' | 'required' = 'optional'): number {
  const conflict =
    need === 'required'
      ? integerParameter(value, 'conflict', 0, 5)
      : optionalParameter(value, 'conflict', (given) => integerParameter(given, 'conflict', 0, 5))
  return conflict ?? conflictResolution.ON_CONFLICT_NONE
}
