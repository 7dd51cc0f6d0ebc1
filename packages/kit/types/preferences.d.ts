declare module '@ohos.data.preferences' {
  import type { AsyncCallback, Callback } from '@ohos.base'
  import type common from '@ohos.app.ability.common'

  /** Values that outlive the process, by name. Processes of a bundle may share them. Errors: 401, 15500000, 15501002. */
  namespace preferences {
    type ValueType =
      number | string | boolean | number[] | string[] | boolean[] | Uint8Array | object | bigint
    /** Bytes. */
    const MAX_KEY_LENGTH: number
    /** Bytes, or characters of a text. */
    const MAX_VALUE_LENGTH: number
    enum StorageType {
      XML = 0,
      /** Not provided. */
      GSKV = 1,
    }
    interface Options {
      /** A file name without `/`. */
      name: string
      storageType?: StorageType
    }

    function isStorageTypeSupported(storageType: StorageType): boolean
    /** The same object each time, until it is removed from the cache or deleted. */
    function getPreferences(context: common.Context, options: string | Options): Promise<Preferences>
    function getPreferences(
      context: common.Context,
      options: string | Options,
      callback: AsyncCallback<Preferences>,
    ): void
    function getPreferencesSync(context: common.Context, options: string | Options): Preferences
    /** Removes the file too. */
    function deletePreferences(context: common.Context, options: string | Options): Promise<void>
    function deletePreferences(
      context: common.Context,
      options: string | Options,
      callback: AsyncCallback<void>,
    ): void
    function deletePreferencesSync(context: common.Context, options: string | Options): void
    /** The next `getPreferences` reads the file anew; what was not flushed is lost. */
    function removePreferencesFromCache(context: common.Context, options: string | Options): Promise<void>
    function removePreferencesFromCache(
      context: common.Context,
      options: string | Options,
      callback: AsyncCallback<void>,
    ): void
    function removePreferencesFromCacheSync(context: common.Context, options: string | Options): void

    interface Preferences {
      get(key: string, defValue: ValueType): Promise<ValueType>
      get(key: string, defValue: ValueType, callback: AsyncCallback<ValueType>): void
      getSync(key: string, defValue: ValueType): ValueType
      // As HarmonyOS declares it, so that code typed against its SDK compiles.
      // oxlint-disable-next-line typescript/no-wrapper-object-types
      getAll(): Promise<Object>
      // oxlint-disable-next-line typescript/no-wrapper-object-types
      getAll(callback: AsyncCallback<Object>): void
      // oxlint-disable-next-line typescript/no-wrapper-object-types
      getAllSync(): Object
      has(key: string): Promise<boolean>
      has(key: string, callback: AsyncCallback<boolean>): void
      hasSync(key: string): boolean
      /** In memory, until `flush`. */
      put(key: string, value: ValueType): Promise<void>
      put(key: string, value: ValueType, callback: AsyncCallback<void>): void
      putSync(key: string, value: ValueType): void
      delete(key: string): Promise<void>
      delete(key: string, callback: AsyncCallback<void>): void
      deleteSync(key: string): void
      clear(): Promise<void>
      clear(callback: AsyncCallback<void>): void
      clearSync(): void
      /** Writes what has changed, and nothing else, into whatever the file holds by now. */
      flush(): Promise<void>
      flush(callback: AsyncCallback<void>): void
      flushSync(): void
      /** `change`: this process has flushed another value; `multiProcessChange`: another process has. */
      on(type: 'change' | 'multiProcessChange', callback: Callback<string>): void
      on(type: 'dataChange', keys: string[], callback: Callback<Record<string, ValueType>>): void
      off(type: 'change' | 'multiProcessChange', callback?: Callback<string>): void
      off(type: 'dataChange', keys: string[], callback?: Callback<Record<string, ValueType>>): void
    }
  }
  export default preferences
}

declare module '@ohos.data.ValuesBucket' {
  /** What a store of ArkData holds; types that code shares with `preferences`. */
  export type ValueType = null | number | string | boolean | Uint8Array | object
  export type ValuesBucket = Record<string, ValueType>
}

declare module '@kit.ArkData' {
  import preferences from '@ohos.data.preferences'
  import relationalStore from '@ohos.data.relationalStore'
  export { preferences, relationalStore }
  export type { ValueType, ValuesBucket } from '@ohos.data.ValuesBucket'
}
