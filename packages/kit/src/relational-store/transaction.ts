import { asyncForm, bothForms, noInput } from '../call-forms.ts'
import { integerParameter, objectParameter, optionalMember } from '../parameters.ts'
import { provide } from '../provided.ts'
import type { Connection } from './connection.ts'
import { rdbError } from './rdb-error.ts'
import type { SharedStore } from './shared-store.ts'
import { statementCalls } from './statements.ts'

/** `relationalStore.TransactionType`, and how each begins. */
export const transactionType = { DEFERRED: 0, IMMEDIATE: 1, EXCLUSIVE: 2 } as const
const beginnings = ['BEGIN DEFERRED', 'BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE']

/** Reads `options` of `createTransaction`. @returns a number of {@link transactionType} */
export function transactionTypeParameter([options]: readonly unknown[]): number {
  if (options === undefined || options === null) return transactionType.DEFERRED
  const type = optionalMember(
    objectParameter(options, 'options'),
    'transactionType',
    'options',
    (value, field) => integerParameter(value, field, 0, 2),
  )
  return type ?? transactionType.DEFERRED
}

/** A `relationalStore.Transaction`: statements on a connection of its own, until `commit` or `rollback`. */
export async function transaction(store: SharedStore, type: number): Promise<object> {
  const connection = store.anotherConnection()
  try {
    await connection.later(() => connection.run(beginnings[type] ?? 'BEGIN'))
  } catch (error) {
    store.release(connection)
    throw error
  }
  let isOver = false
  const open = (): Connection => {
    if (isOver) throw rdbError(14800014, 'the transaction is over')
    return connection
  }
  const end = (sql: string) => async (): Promise<void> => {
    const of = open()
    await of.later(() => {
      // A conflict's own clause may have rolled it back.
      if (of.inTransaction) of.run(sql)
    })
    isOver = true
    store.release(of)
  }
  return provide('relationalStore.Transaction', {
    ...bothForms(statementCalls({ forReading: open, forWriting: open })),
    commit: asyncForm(noInput, end('COMMIT')),
    rollback: asyncForm(noInput, end('ROLLBACK')),
  })
}
