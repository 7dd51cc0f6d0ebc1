declare module '@arkts.lang' {
  namespace lang {
    // oxlint-disable-next-line typescript/no-empty-object-type -- as HarmonyOS declares it
    interface ISendable {}
  }
  export default lang
}

declare module '@arkts.collections' {
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

  /** The language's own containers. What goes to a thread is copied. */
  namespace collections {
    interface Array<T> extends List<T> {
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
    type Map<K, V> = Table<K, V>
    const Map: MapConstructor
    type Set<T> = Collection<T>
    const Set: SetConstructor
    type ArrayBuffer = Bytes
    const ArrayBuffer: ArrayBufferConstructor
    type Int8Array = Ints8
    const Int8Array: Int8ArrayConstructor
    type Uint8Array = Bytes8
    const Uint8Array: Uint8ArrayConstructor
    type Uint8ClampedArray = Clamped8
    const Uint8ClampedArray: Uint8ClampedArrayConstructor
    type Int16Array = Ints16
    const Int16Array: Int16ArrayConstructor
    type Uint16Array = Words16
    const Uint16Array: Uint16ArrayConstructor
    type Int32Array = Ints32
    const Int32Array: Int32ArrayConstructor
    type Uint32Array = Words32
    const Uint32Array: Uint32ArrayConstructor
    type Float32Array = Floats32
    const Float32Array: Float32ArrayConstructor
    type Float64Array = Floats64
    const Float64Array: Float64ArrayConstructor
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
