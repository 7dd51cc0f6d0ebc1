declare module '@ohos.data.relationalStore' {
  import type { AsyncCallback, Callback } from '@ohos.base'
  import type common from '@ohos.app.ability.common'

  /**
   * Databases of SQLite below `context.databaseDir`; the processes of a bundle may share one. While a transaction is open, nobody else reads: calls wait for
   * 2 s, then they fail 14800024. Errors: 401, 801, 14800000 to 14800050, 14801002.
   */
  namespace relationalStore {
    type ValueType = null | number | string | boolean | Uint8Array | Asset | Assets | Float32Array | bigint
    /** Members that are undefined say nothing. */
    type ValuesBucket = Record<string, ValueType>
    type Assets = Asset[]
    interface Asset {
      name: string
      uri: string
      path: string
      createTime: string
      modifyTime: string
      size: string
      status?: AssetStatus
    }
    enum SecurityLevel {
      S1 = 1,
      S2 = 2,
      S3 = 3,
      S4 = 4,
    }
    enum ConflictResolution {
      ON_CONFLICT_NONE = 0,
      ON_CONFLICT_ROLLBACK = 1,
      ON_CONFLICT_ABORT = 2,
      ON_CONFLICT_FAIL = 3,
      ON_CONFLICT_IGNORE = 4,
      ON_CONFLICT_REPLACE = 5,
    }
    enum TransactionType {
      DEFERRED = 0,
      IMMEDIATE = 1,
      EXCLUSIVE = 2,
    }
    enum ColumnType {
      NULL = 0,
      INTEGER = 1,
      REAL = 2,
      TEXT = 3,
      BLOB = 4,
      ASSET = 5,
      ASSETS = 6,
      FLOAT_VECTOR = 7,
      UNLIMITED_INT = 8,
    }
    enum RebuildType {
      NONE = 0,
      REBUILT = 1,
      REPAIRED = 2,
    }
    enum AssetStatus {
      ASSET_NORMAL = 1,
      ASSET_INSERT = 2,
      ASSET_UPDATE = 3,
      ASSET_DELETE = 4,
      ASSET_ABNORMAL = 5,
      ASSET_DOWNLOADING = 6,
    }
    enum SubscribeType {
      SUBSCRIBE_TYPE_REMOTE = 0,
      SUBSCRIBE_TYPE_CLOUD = 1,
      SUBSCRIBE_TYPE_CLOUD_DETAILS = 2,
      SUBSCRIBE_TYPE_LOCAL_DETAILS = 3,
    }
    enum SyncMode {
      SYNC_MODE_PUSH = 0,
      SYNC_MODE_PULL = 1,
      SYNC_MODE_TIME_FIRST = 4,
      SYNC_MODE_NATIVE_FIRST = 5,
      SYNC_MODE_CLOUD_FIRST = 6,
    }
    enum Progress {
      SYNC_BEGIN = 0,
      SYNC_IN_PROGRESS = 1,
      SYNC_FINISH = 2,
    }
    enum ProgressCode {
      SUCCESS = 0,
      UNKNOWN_ERROR = 1,
      NETWORK_ERROR = 2,
      CLOUD_DISABLED = 3,
      LOCKED_BY_OTHERS = 4,
      RECORD_LIMIT_EXCEEDED = 5,
      NO_SPACE_FOR_ASSET = 6,
      BLOCKED_BY_NETWORK_STRATEGY = 7,
    }
    enum Origin {
      LOCAL = 0,
      CLOUD = 1,
      REMOTE = 2,
    }
    enum ChangeType {
      DATA_CHANGE = 0,
      ASSET_CHANGE = 1,
    }
    enum DistributedType {
      DISTRIBUTED_DEVICE = 0,
      DISTRIBUTED_CLOUD = 1,
    }
    enum Tokenizer {
      NONE_TOKENIZER = 0,
      ICU_TOKENIZER = 1,
      CUSTOM_TOKENIZER = 2,
    }
    enum EncryptionAlgo {
      AES_256_GCM = 0,
      AES_256_CBC = 1,
      PLAIN_TEXT = 2,
    }
    enum HmacAlgo {
      SHA1 = 0,
      SHA256 = 1,
      SHA512 = 2,
    }
    enum KdfAlgo {
      KDF_SHA1 = 0,
      KDF_SHA256 = 1,
      KDF_SHA512 = 2,
    }
    enum Field {
      CURSOR_FIELD = '#_cursor',
      ORIGIN_FIELD = '#_origin',
      DELETED_FLAG_FIELD = '#_deleted_flag',
      DATA_STATUS_FIELD = '#_data_status',
      OWNER_FIELD = '#_cloud_owner',
      PRIVILEGE_FIELD = '#_cloud_privilege',
      SHARING_RESOURCE_FIELD = '#_sharing_resource_field',
    }
    interface CryptoParam {
      encryptionKey: Uint8Array
      iterationCount?: number
      encryptionAlgo?: EncryptionAlgo
      hmacAlgo?: HmacAlgo
      kdfAlgo?: KdfAlgo
      cryptoPageSize?: number
    }
    interface StoreConfig {
      /** A file name without `/`. */
      name: string
      /** Has to be there, and changes nothing: folders of a bundle are its own in any case. */
      securityLevel: SecurityLevel
      /** Nothing here encrypts a database: `true` is 801. */
      encrypt?: boolean
      cryptoParam?: CryptoParam
      /** A bundle has no data groups: any is 14801002. */
      dataGroupId?: string
      /** A path below `databaseDir/rdb`. */
      customDir?: string
      /** Where a database lies that is opened for reading only. */
      rootDir?: string
      /** Without effect. */
      autoCleanDirtyData?: boolean
      /** A damaged database is made anew, and empty. */
      allowRebuild?: boolean
      isReadOnly?: boolean
      /** 801 when there are any. */
      pluginLibs?: string[]
      /** `true` is 801. */
      vector?: boolean
      /** Anything but `NONE_TOKENIZER` is 801. */
      tokenizer?: Tokenizer
      /** `false`: in memory, for this process. */
      persist?: boolean
      /** `true` is 801. */
      enableSemanticIndex?: boolean
    }
    interface TransactionOptions {
      transactionType?: TransactionType
    }
    interface SqlInfo {
      sql: string
      args: ValueType[]
    }
    interface ChangeInfo {
      table: string
      type: ChangeType
      inserted: string[] | number[]
      updated: string[] | number[]
      deleted: string[] | number[]
    }
    interface Statistic {
      total: number
      successful: number
      failed: number
      remained: number
    }
    interface TableDetails {
      upload: Statistic
      download: Statistic
    }
    interface ProgressDetails {
      schedule: Progress
      code: ProgressCode
      details: Record<string, TableDetails>
    }

    function getRdbStore(context: common.Context, config: StoreConfig): Promise<RdbStore>
    function getRdbStore(
      context: common.Context,
      config: StoreConfig,
      callback: AsyncCallback<RdbStore>,
    ): void
    /** Removes the files; stores of this process that are open are closed. */
    function deleteRdbStore(context: common.Context, name: string): Promise<void>
    function deleteRdbStore(context: common.Context, config: StoreConfig): Promise<void>
    function deleteRdbStore(context: common.Context, name: string, callback: AsyncCallback<void>): void
    function deleteRdbStore(context: common.Context, config: StoreConfig, callback: AsyncCallback<void>): void
    /** Never. */
    function isVectorSupported(): boolean
    /** Only SQLite's own. */
    function isTokenizerSupported(tokenizer: Tokenizer): boolean
    function getInsertSqlInfo(table: string, values: ValuesBucket, conflict?: ConflictResolution): SqlInfo
    function getUpdateSqlInfo(
      predicates: RdbPredicates,
      values: ValuesBucket,
      conflict?: ConflictResolution,
    ): SqlInfo
    function getDeleteSqlInfo(predicates: RdbPredicates): SqlInfo
    function getQuerySqlInfo(predicates: RdbPredicates, columns?: string[]): SqlInfo

    /** Names of columns go into the statement as they are: one that is a word of SQL needs its quotes. */
    class RdbPredicates {
      constructor(name: string)
      equalTo(field: string, value: ValueType): RdbPredicates
      notEqualTo(field: string, value: ValueType): RdbPredicates
      greaterThan(field: string, value: ValueType): RdbPredicates
      lessThan(field: string, value: ValueType): RdbPredicates
      greaterThanOrEqualTo(field: string, value: ValueType): RdbPredicates
      lessThanOrEqualTo(field: string, value: ValueType): RdbPredicates
      between(field: string, low: ValueType, high: ValueType): RdbPredicates
      notBetween(field: string, low: ValueType, high: ValueType): RdbPredicates
      contains(field: string, value: string): RdbPredicates
      notContains(field: string, value: string): RdbPredicates
      beginsWith(field: string, value: string): RdbPredicates
      endsWith(field: string, value: string): RdbPredicates
      like(field: string, value: string): RdbPredicates
      notLike(field: string, value: string): RdbPredicates
      glob(field: string, value: string): RdbPredicates
      isNull(field: string): RdbPredicates
      isNotNull(field: string): RdbPredicates
      orderByAsc(field: string): RdbPredicates
      orderByDesc(field: string): RdbPredicates
      indexedBy(field: string): RdbPredicates
      in(field: string, value: ValueType[]): RdbPredicates
      notIn(field: string, value: ValueType[]): RdbPredicates
      and(): RdbPredicates
      or(): RdbPredicates
      beginWrap(): RdbPredicates
      endWrap(): RdbPredicates
      distinct(): RdbPredicates
      inAllDevices(): RdbPredicates
      limitAs(value: number): RdbPredicates
      offsetAs(rowOffset: number): RdbPredicates
      groupBy(fields: string[]): RdbPredicates
      /** After `groupBy`. */
      having(conditions: string, args?: ValueType[]): RdbPredicates
      /** There are no other devices. */
      inDevices(devices: string[]): RdbPredicates
    }

    /** What a query has found: all of it, read when it was asked for. */
    interface ResultSet {
      readonly columnNames: string[]
      readonly columnCount: number
      readonly rowCount: number
      readonly rowIndex: number
      readonly isAtFirstRow: boolean
      readonly isAtLastRow: boolean
      readonly isEnded: boolean
      readonly isStarted: boolean
      readonly isClosed: boolean
      /** -1 for a name that no column has. */
      getColumnIndex(columnName: string): number
      getColumnName(columnIndex: number): string
      /** Of the current row's value. */
      getColumnType(columnIdentifier: number | string): Promise<ColumnType>
      getColumnTypeSync(columnIdentifier: number | string): ColumnType
      goTo(offset: number): boolean
      goToRow(position: number): boolean
      goToFirstRow(): boolean
      goToLastRow(): boolean
      goToNextRow(): boolean
      goToPreviousRow(): boolean
      getBlob(columnIndex: number): Uint8Array
      getString(columnIndex: number): string
      getLong(columnIndex: number): number
      getDouble(columnIndex: number): number
      getAsset(columnIndex: number): Asset
      getAssets(columnIndex: number): Assets
      getValue(columnIndex: number): ValueType
      getFloat32Array(columnIndex: number): Float32Array
      getRow(): ValuesBucket
      getRows(maxCount: number, position?: number): Promise<ValuesBucket[]>
      isColumnNull(columnIndex: number): boolean
      close(): void
    }

    interface RdbStore {
      /** More than 0. */
      version: number
      readonly rebuilt: RebuildType
      /** The row; -1 when a conflict left it out. */
      insert(table: string, values: ValuesBucket, conflict?: ConflictResolution): Promise<number>
      insert(table: string, values: ValuesBucket, callback: AsyncCallback<number>): void
      insert(
        table: string,
        values: ValuesBucket,
        conflict: ConflictResolution,
        callback: AsyncCallback<number>,
      ): void
      insertSync(table: string, values: ValuesBucket, conflict?: ConflictResolution): number
      /** All or none; a row in the way is replaced. */
      batchInsert(table: string, values: ValuesBucket[]): Promise<number>
      batchInsert(table: string, values: ValuesBucket[], callback: AsyncCallback<number>): void
      batchInsertSync(table: string, values: ValuesBucket[]): number
      batchInsertWithConflictResolution(
        table: string,
        values: ValuesBucket[],
        conflict: ConflictResolution,
      ): Promise<number>
      batchInsertWithConflictResolutionSync(
        table: string,
        values: ValuesBucket[],
        conflict: ConflictResolution,
      ): number
      update(values: ValuesBucket, predicates: RdbPredicates, conflict?: ConflictResolution): Promise<number>
      update(values: ValuesBucket, predicates: RdbPredicates, callback: AsyncCallback<number>): void
      update(
        values: ValuesBucket,
        predicates: RdbPredicates,
        conflict: ConflictResolution,
        callback: AsyncCallback<number>,
      ): void
      updateSync(values: ValuesBucket, predicates: RdbPredicates, conflict?: ConflictResolution): number
      delete(predicates: RdbPredicates): Promise<number>
      delete(predicates: RdbPredicates, callback: AsyncCallback<number>): void
      deleteSync(predicates: RdbPredicates): number
      query(predicates: RdbPredicates, columns?: string[]): Promise<ResultSet>
      query(predicates: RdbPredicates, callback: AsyncCallback<ResultSet>): void
      query(predicates: RdbPredicates, columns: string[], callback: AsyncCallback<ResultSet>): void
      querySync(predicates: RdbPredicates, columns?: string[]): ResultSet
      querySql(sql: string, bindArgs?: ValueType[]): Promise<ResultSet>
      querySql(sql: string, callback: AsyncCallback<ResultSet>): void
      querySql(sql: string, bindArgs: ValueType[], callback: AsyncCallback<ResultSet>): void
      querySqlSync(sql: string, bindArgs?: ValueType[]): ResultSet
      /** Of an INSERT the row, of other changes how many, of a PRAGMA its value, else null. */
      execute(sql: string, args?: ValueType[]): Promise<ValueType>
      executeSync(sql: string, args?: ValueType[]): ValueType
      executeSql(sql: string, bindArgs?: ValueType[]): Promise<void>
      executeSql(sql: string, callback: AsyncCallback<void>): void
      executeSql(sql: string, bindArgs: ValueType[], callback: AsyncCallback<void>): void
      /** One in another is a savepoint. */
      beginTransaction(): void
      commit(): void
      rollBack(): void
      createTransaction(options?: TransactionOptions): Promise<Transaction>
      /** 801, as for every database that is not of vectors. */
      beginTrans(): Promise<number>
      commit(txId: number): Promise<void>
      rollback(txId: number): Promise<void>
      execute(sql: string, txId: number, args?: ValueType[]): Promise<ValueType>
      /** A name beside the store, or an absolute path. */
      backup(destName: string): Promise<void>
      backup(destName: string, callback: AsyncCallback<void>): void
      restore(srcName: string): Promise<void>
      restore(srcName: string, callback: AsyncCallback<void>): void
      /** How many are attached then. @param waitTime seconds, 1 to 300 */
      attach(fullPath: string, attachName: string, waitTime?: number): Promise<number>
      attach(
        context: common.Context,
        config: StoreConfig,
        attachName: string,
        waitTime?: number,
      ): Promise<number>
      detach(attachName: string, waitTime?: number): Promise<number>
      /** Nothing comes from other devices or a cloud; `SUBSCRIBE_TYPE_LOCAL_DETAILS` is 801. */
      on(
        event: 'dataChange',
        type: SubscribeType,
        observer: Callback<string[]> | Callback<ChangeInfo[]>,
      ): void
      on(event: 'autoSyncProgress', progress: Callback<ProgressDetails>): void
      /** Events of this process by `emit`; `interProcess` is 14800050. */
      on(event: string, interProcess: boolean, observer: Callback<void>): void
      off(
        event: 'dataChange',
        type: SubscribeType,
        observer?: Callback<string[]> | Callback<ChangeInfo[]>,
      ): void
      off(event: 'autoSyncProgress', progress?: Callback<ProgressDetails>): void
      off(event: string, interProcess: boolean, observer?: Callback<void>): void
      emit(event: string): void
      close(): Promise<void>
    }

    interface Transaction {
      /** The row; -1 when a conflict left it out. */
      insert(table: string, values: ValuesBucket, conflict?: ConflictResolution): Promise<number>
      insertSync(table: string, values: ValuesBucket, conflict?: ConflictResolution): number
      /** All or none; a row in the way is replaced. */
      batchInsert(table: string, values: ValuesBucket[]): Promise<number>
      batchInsertSync(table: string, values: ValuesBucket[]): number
      batchInsertWithConflictResolution(
        table: string,
        values: ValuesBucket[],
        conflict: ConflictResolution,
      ): Promise<number>
      batchInsertWithConflictResolutionSync(
        table: string,
        values: ValuesBucket[],
        conflict: ConflictResolution,
      ): number
      update(values: ValuesBucket, predicates: RdbPredicates, conflict?: ConflictResolution): Promise<number>
      updateSync(values: ValuesBucket, predicates: RdbPredicates, conflict?: ConflictResolution): number
      delete(predicates: RdbPredicates): Promise<number>
      deleteSync(predicates: RdbPredicates): number
      query(predicates: RdbPredicates, columns?: string[]): Promise<ResultSet>
      querySync(predicates: RdbPredicates, columns?: string[]): ResultSet
      querySql(sql: string, bindArgs?: ValueType[]): Promise<ResultSet>
      querySqlSync(sql: string, bindArgs?: ValueType[]): ResultSet
      /** Of an INSERT the row, of other changes how many, of a PRAGMA its value, else null. */
      execute(sql: string, args?: ValueType[]): Promise<ValueType>
      executeSync(sql: string, args?: ValueType[]): ValueType
      commit(): Promise<void>
      rollback(): Promise<void>
    }
  }
  export default relationalStore
}
