declare module '@arkts.lang' {
  namespace lang {
    // oxlint-disable-next-line typescript/no-empty-object-type -- as HarmonyOS declares it
    interface ISendable {}
  }
  export default lang
}

declare module '@arkts.collections' {
  import lang from '@arkts.lang'
  // Their global namesakes cannot be named inside of a namespace that has its own.
  type List<T> = T[]
  type Table<K, V> = Map<K, V>
  type Collection<T> = Set<T>
  type Bytes = ArrayBuffer
  type Ints8 = Int8Array
  type Bytes8 = Uint8Array
  type Clamped8 = Uint8ClampedArray
  type Ints16 = Int16Array
  type Words16 = Uint16Array
  type Ints32 = Int32Array
  type Words32 = Uint32Array
  type Floats32 = Float32Array
  type Floats64 = Float64Array

  interface ViewConstructor<T> {
    new (length?: number): T
    new (array: ArrayLike<number> | Iterable<number>): T
    new (buffer: Bytes, byteOffset?: number, length?: number): T
    from(array: ArrayLike<number> | Iterable<number>): T
  }

  /** Containers as those of the language. What goes to a thread is copied. */
  namespace collections {
    interface Array<T> extends List<T>, lang.ISendable {
      /** Drops what is beyond. */
      shrinkTo(arrayLength: number): void
      extendTo(arrayLength: number, initialValue: T): void
    }
    const Array: {
      /** A single number is the first element. */
      new <T>(...elements: T[]): Array<T>
      create<T>(arrayLength: number, initialValue: T): Array<T>
      from<T>(arrayLike: ArrayLike<T> | Iterable<T>): Array<T>
      isArray(value: unknown): boolean
    }
    interface Map<K, V> extends Table<K, V>, lang.ISendable {}
    const Map: {
      new <K, V>(entries?: readonly (readonly [K, V])[] | Iterable<readonly [K, V]> | null): Map<K, V>
    }
    interface Set<T> extends Collection<T>, lang.ISendable {}
    const Set: {
      new <T>(values?: readonly T[] | Iterable<T> | null): Set<T>
    }
    interface ArrayBuffer extends Bytes, lang.ISendable {}
    const ArrayBuffer: {
      new (byteLength: number): ArrayBuffer
    }
    interface Int8Array extends Ints8, lang.ISendable {}
    const Int8Array: ViewConstructor<Int8Array>
    interface Uint8Array extends Bytes8, lang.ISendable {}
    const Uint8Array: ViewConstructor<Uint8Array>
    interface Uint8ClampedArray extends Clamped8, lang.ISendable {}
    const Uint8ClampedArray: ViewConstructor<Uint8ClampedArray>
    interface Int16Array extends Ints16, lang.ISendable {}
    const Int16Array: ViewConstructor<Int16Array>
    interface Uint16Array extends Words16, lang.ISendable {}
    const Uint16Array: ViewConstructor<Uint16Array>
    interface Int32Array extends Ints32, lang.ISendable {}
    const Int32Array: ViewConstructor<Int32Array>
    interface Uint32Array extends Words32, lang.ISendable {}
    const Uint32Array: ViewConstructor<Uint32Array>
    interface Float32Array extends Floats32, lang.ISendable {}
    const Float32Array: ViewConstructor<Float32Array>
    interface Float64Array extends Floats64, lang.ISendable {}
    const Float64Array: ViewConstructor<Float64Array>
  }
  export default collections
}

declare module '@arkts.utils' {
  namespace ArkTSUtils {
    /** Whether it keeps its class on the way to another thread. */
    function isSendable(value: unknown): boolean
    namespace locks {
      type AsyncLockCallback<T> = () => T | Promise<T>
      enum AsyncLockMode {
        SHARED = 1,
        EXCLUSIVE = 2,
      }
      // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as HarmonyOS declares it
      class AsyncLockOptions<T = unknown> {
        /** Whether to fail at once when the lock is held. */
        isAvailable: boolean
        signal: T | null
        /** Milliseconds; 0: as long as it takes. */
        timeout: number
      }
      interface AsyncLockInfo {
        name: string
        mode: AsyncLockMode
        contextId: number
      }
      interface AsyncLockState {
        held: AsyncLockInfo[]
        pending: AsyncLockInfo[]
      }
      /** Within one thread. Errors: 401, 10200030 (no such lock), 10200031 (past the time). */
      class AsyncLock {
        readonly name: string
        constructor(name?: string)
        /** The lock of a name, made when nobody has asked for it. */
        static request(name: string): AsyncLock
        static query(name: string): AsyncLockState
        static queryAll(): AsyncLockState[]
        /** Calls `callback` once the lock is there: exclusive when nothing else is said. */
        lockAsync<T>(callback: AsyncLockCallback<T>, mode?: AsyncLockMode): Promise<T>
        lockAsync<T, U>(
          callback: AsyncLockCallback<T>,
          mode: AsyncLockMode,
          options: Partial<AsyncLockOptions<U>>,
        ): Promise<T>
      }
    }
  }
  export default ArkTSUtils
}

declare module '@kit.ArkTS' {
  import collections from '@arkts.collections'
  import lang from '@arkts.lang'
  import ArkTSUtils from '@arkts.utils'
  export { ArkTSUtils, collections, lang }
}
