import type { BusinessError } from '@vpnext/api'

import { asyncForm, bothForms, callForms, noInput } from '../call-forms.ts'
import { integerParameter, parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { ChangeObservers } from './change-observers.ts'
import type { Connection } from './connection.ts'
import { rdbError, rdbUnsupported } from './rdb-error.ts'
import type { SharedStore } from './shared-store.ts'
import { executed, sqlParameters, statementCalls, storeCall } from './statements.ts'
import { contextParameter, pathBeside, storeConfig } from './store-config.ts'
import { transaction, transactionTypeParameter } from './transaction.ts'

/** Seconds that `attach` and `detach` wait. */
const wait = { least: 1, most: 300, usual: 2 } as const

/**
 * Makes a `relationalStore.RdbStore`.
 *
 * @param leave the object is closed: nothing uses the store through it any more
 */
export function rdbStore(store: SharedStore, observers: ChangeObservers, leave: () => void): object {
  let isClosed = false
  const forReading = (): Connection => {
    if (isClosed) throw rdbError(14800014, `${store.connection.path} is closed`)
    return store.connection
  }
  const forWriting = (): Connection => {
    const connection = forReading()
    if (store.readOnly) throw rdbUnsupported('isReadOnly', 'the store is for reading only')
    return connection
  }
  const calls = statementCalls({ forReading, forWriting })
  const { now: begin } = storeCall(noInput, forWriting, () => store.begin())
  const commit = storeCall(noInput, forWriting, () => store.commit())
  const rollBack = storeCall(noInput, forWriting, () => store.rollBack())
  return provide('relationalStore.RdbStore', {
    ...bothForms(calls),
    execute: (...args: unknown[]) =>
      typeof args[1] === 'number' ? Promise.reject(noVectors('txId')) : calls['execute']?.later(...args),
    executeSql: storeCall(sqlParameters, forWriting, (connection, sql) => void executed(connection, sql))
      .later,
    get version(): number {
      const connection = forReading()
      return connection.now(() => Number(connection.query('PRAGMA user_version').rows[0]?.[0] ?? 0))
    },
    set version(value: number) {
      const version = integerParameter(value, 'version', 1, 2 ** 31 - 1)
      const connection = forWriting()
      connection.now(() => connection.run(`PRAGMA user_version=${version}`))
    },
    get rebuilt(): number {
      return store.rebuilt ? 1 : 0
    },
    beginTransaction: begin,
    commit: (...args: unknown[]) => (args.length === 0 ? commit.now() : Promise.reject(noVectors('txId'))),
    rollBack: rollBack.now,
    beginTrans: () => Promise.reject(noVectors('beginTrans')),
    rollback: () => Promise.reject(noVectors('txId')),
    createTransaction: asyncForm(transactionTypeParameter, async (type) => {
      forWriting()
      return await transaction(store, type)
    }),
    backup: callForms({
      read: ([name]) => pathBeside(store.connection.path, name, 'destName'),
      now: (path) => forWriting().now(() => store.backup(path)),
      later: async (path) => await forWriting().later(() => store.backup(path)),
    }).later,
    restore: callForms({
      read: ([name]) => pathBeside(store.connection.path, name, 'srcName'),
      now: (path) => forWriting().now(() => store.restore(path)),
      later: async (path) => await forWriting().later(() => store.restore(path)),
    }).later,
    attach: asyncForm(attachParameters, async ({ path, name, time }) => {
      const connection = forReading()
      await connection.later(() => connection.attach(path, name), time)
      return connection.attached.size
    }),
    detach: asyncForm(
      ([name, time]) => ({ name: aliasParameter(name), time: waitParameter(time) }),
      async ({ name, time }) => {
        const connection = forReading()
        await connection.later(() => connection.detach(name), time)
        return connection.attached.size
      },
    ),
    on: (...args: unknown[]) => observers.on(...args),
    off: (...args: unknown[]) => observers.off(...args),
    emit: (event: unknown) => observers.emit(event),
    close: asyncForm(noInput, async () => {
      if (isClosed) return
      isClosed = true
      leave()
    }),
  })
}

function noVectors(field: string): BusinessError {
  return rdbUnsupported(field, 'numbered transactions are those of databases of vectors')
}

/** Reads `(fullPath, attachName, waitTime)` and `(context, config, attachName, waitTime)`. @throws BusinessError 401 */
function attachParameters(args: readonly unknown[]): { path: string; name: string; time: number } {
  if (typeof args[0] === 'string') {
    const [path, name, time] = args
    if (!path.startsWith('/')) throw rdbError(14800010, `${path} is not absolute`)
    return { path, name: aliasParameter(name), time: waitParameter(time) }
  }
  const [context, config, name, time] = args
  const { path } = storeConfig([contextParameter(context), config])
  return { path, name: aliasParameter(name), time: waitParameter(time) }
}

function aliasParameter(value: unknown): string {
  const name = textParameter(value, 'attachName')
  if (!/^[a-z_]\w*$/i.test(name)) throw parameterError('attachName', 'is not a name')
  return name
}

/** @returns ms */
function waitParameter(value: unknown): number {
  return 1000 * integerParameter(value ?? wait.usual, 'waitTime', wait.least, wait.most)
}
