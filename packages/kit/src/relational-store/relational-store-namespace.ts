import { asyncForm } from '../call-forms.ts'
import type { Owned } from '../owned.ts'
import { integerParameter, listParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { ChangeObservers } from './change-observers.ts'
import { RdbPredicates } from './predicates.ts'
import { asRdbError, rdbError } from './rdb-error.ts'
import { rdbStore } from './rdb-store.ts'
import { columnType } from './result-set.ts'
import { SharedStore, removeDatabase } from './shared-store.ts'
import { type Sql, conflictResolution, deleteSql, insertSql, selectSql, updateSql } from './sql-text.ts'
import { conflictParameter, predicatesParameter, tableParameter } from './statements.ts'
import { type StoreConfig, deletedPath, isTokenizerSupported, storeConfig } from './store-config.ts'
import { valuesBucket } from './stored-values.ts'
import { transactionType } from './transaction.ts'

const enumerations = {
  SecurityLevel: { S1: 1, S2: 2, S3: 3, S4: 4 },
  ConflictResolution: conflictResolution,
  TransactionType: transactionType,
  ColumnType: columnType,
  RebuildType: { NONE: 0, REBUILT: 1, REPAIRED: 2 },
  AssetStatus: {
    ASSET_NORMAL: 1,
    ASSET_INSERT: 2,
    ASSET_UPDATE: 3,
    ASSET_DELETE: 4,
    ASSET_ABNORMAL: 5,
    ASSET_DOWNLOADING: 6,
  },
  SubscribeType: {
    SUBSCRIBE_TYPE_REMOTE: 0,
    SUBSCRIBE_TYPE_CLOUD: 1,
    SUBSCRIBE_TYPE_CLOUD_DETAILS: 2,
    SUBSCRIBE_TYPE_LOCAL_DETAILS: 3,
  },
  SyncMode: {
    SYNC_MODE_PUSH: 0,
    SYNC_MODE_PULL: 1,
    SYNC_MODE_TIME_FIRST: 4,
    SYNC_MODE_NATIVE_FIRST: 5,
    SYNC_MODE_CLOUD_FIRST: 6,
  },
  Progress: { SYNC_BEGIN: 0, SYNC_IN_PROGRESS: 1, SYNC_FINISH: 2 },
  ProgressCode: {
    SUCCESS: 0,
    UNKNOWN_ERROR: 1,
    NETWORK_ERROR: 2,
    CLOUD_DISABLED: 3,
    LOCKED_BY_OTHERS: 4,
    RECORD_LIMIT_EXCEEDED: 5,
    NO_SPACE_FOR_ASSET: 6,
    BLOCKED_BY_NETWORK_STRATEGY: 7,
  },
  Origin: { LOCAL: 0, CLOUD: 1, REMOTE: 2 },
  ChangeType: { DATA_CHANGE: 0, ASSET_CHANGE: 1 },
  DistributedType: { DISTRIBUTED_DEVICE: 0, DISTRIBUTED_CLOUD: 1 },
  Tokenizer: { NONE_TOKENIZER: 0, ICU_TOKENIZER: 1, CUSTOM_TOKENIZER: 2 },
  EncryptionAlgo: { AES_256_GCM: 0, AES_256_CBC: 1, PLAIN_TEXT: 2 },
  HmacAlgo: { SHA1: 0, SHA256: 1, SHA512: 2 },
  KdfAlgo: { KDF_SHA1: 0, KDF_SHA256: 1, KDF_SHA512: 2 },
  Field: {
    CURSOR_FIELD: '#_cursor',
    ORIGIN_FIELD: '#_origin',
    DELETED_FLAG_FIELD: '#_deleted_flag',
    DATA_STATUS_FIELD: '#_data_status',
    OWNER_FIELD: '#_cloud_owner',
    PRIVILEGE_FIELD: '#_cloud_privilege',
    SHARING_RESOURCE_FIELD: '#_sharing_resource_field',
  },
} as const

/** A store, who uses it, and who hears of its events. */
interface OpenStore {
  readonly path: string
  readonly store: Promise<SharedStore>
  readonly observers: ChangeObservers
  users: number
}

/**
 * `relationalStore` of `@kit.ArkData`: SQLite databases below the context's `databaseDir`, which the processes of a bundle share.
 *
 * @param owned closes what is open
 */
export function relationalStoreNamespace(owned: Owned): object {
  const open = new Map<string, OpenStore>()
  const opened = new Set<SharedStore>()
  const close = async (entry: OpenStore): Promise<void> => {
    try {
      const store = await entry.store
      opened.delete(store)
      store[Symbol.dispose]()
    } catch {
      // It was never opened, and whoever asked for it knows.
    }
  }
  owned.add({
    [Symbol.dispose]: () => {
      for (const store of opened) store[Symbol.dispose]()
      open.clear()
    },
  })
  const getRdbStore = async (config: StoreConfig): Promise<object> => {
    const known = open.get(config.key)
    const entry = known ?? {
      path: config.path,
      store: SharedStore.open(config),
      observers: new ChangeObservers(),
      users: 0,
    }
    open.set(config.key, entry)
    entry.users++
    const leave = (): void => {
      entry.users--
      if (entry.users > 0) return
      if (open.get(config.key) === entry) open.delete(config.key)
      void close(entry)
    }
    try {
      const store = await entry.store
      opened.add(store)
      return rdbStore(store, entry.observers, leave)
    } catch (error) {
      leave()
      throw asRdbError(error)
    }
  }
  return provide('relationalStore', {
    getRdbStore: asyncForm(storeConfig, getRdbStore),
    deleteRdbStore: asyncForm(deletedPath, async (path) => {
      for (const [key, entry] of open) {
        if (entry.path !== path) continue
        open.delete(key)
        await close(entry)
      }
      try {
        removeDatabase(path)
      } catch (error) {
        throw rdbError(14800010, `${path} cannot be removed`, error)
      }
    }),
    isVectorSupported: () => false,
    isTokenizerSupported: (tokenizer: unknown) =>
      isTokenizerSupported(integerParameter(tokenizer, 'tokenizer', 0, 2)),
    getInsertSqlInfo: (table: unknown, values: unknown, conflict: unknown) =>
      info(insertSql(tableParameter(table), valuesBucket(values, 'values'), conflictParameter(conflict))),
    getUpdateSqlInfo: (predicates: unknown, values: unknown, conflict: unknown) =>
      info(
        updateSql(
          valuesBucket(values, 'values'),
          predicatesParameter(predicates),
          conflictParameter(conflict),
        ),
      ),
    getDeleteSqlInfo: (predicates: unknown) => info(deleteSql(predicatesParameter(predicates))),
    getQuerySqlInfo: (predicates: unknown, columns: unknown) =>
      info(
        selectSql(predicatesParameter(predicates), listParameter(columns ?? [], 'columns', textParameter)),
      ),
    RdbPredicates,
    ...Object.fromEntries(
      Object.entries(enumerations).map(([name, members]) => [
        name,
        provide(`relationalStore.${name}`, members),
      ]),
    ),
  })
}

function info({ sql, args }: Sql): { sql: string; args: unknown[] } {
  return { sql, args: [...args] }
}
