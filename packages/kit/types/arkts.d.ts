/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type, typescript/no-extraneous-class, typescript/no-unnecessary-type-parameters -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.util' {
  import type { AsyncCallback } from '@ohos.base'

  namespace util {
    interface EncodeIntoUint8ArrayInfo {
      /** UTF-16 units. */
      read: number
      /** Bytes. */
      written: number
    }
    /** UTF-8 when nothing else is said; `utf-16le`, `utf-16be`, `gbk`, `gb2312` and `gb18030`. */
    class TextEncoder {
      constructor(encoding?: string)
      static create(encoding?: string): TextEncoder
      readonly encoding: string
      encodeInto(input?: string): Uint8Array
      /** Newer code writes encodeInto. */
      encode(input?: string): Uint8Array
      encodeIntoUint8Array(input: string, dest: Uint8Array): EncodeIntoUint8ArrayInfo
    }
    interface TextDecoderOptions {
      fatal?: boolean
      ignoreBOM?: boolean
    }
    interface DecodeToStringOptions {
      stream?: boolean
    }
    class TextDecoder {
      constructor(encoding?: string, options?: TextDecoderOptions)
      static create(encoding?: string, options?: TextDecoderOptions): TextDecoder
      readonly encoding: string
      readonly fatal?: boolean
      readonly ignoreBOM?: boolean
      decodeToString(input: Uint8Array, options?: DecodeToStringOptions): string
      decodeWithStream(input: Uint8Array, options?: DecodeToStringOptions): string
      /** Newer code writes decodeToString. */
      decode(input: Uint8Array, options?: DecodeToStringOptions): string
    }
    class StringDecoder {
      constructor(encoding?: string)
      write(chunk: string | Uint8Array): string
      end(chunk?: string | Uint8Array): string
    }
    enum Type {
      BASIC = 0,
      MIME = 1,
      BASIC_URL_SAFE = 2,
      MIME_URL_SAFE = 3,
    }
    class Base64Helper {
      encode(src: Uint8Array, options?: Type): Promise<Uint8Array>
      encodeSync(src: Uint8Array, options?: Type): Uint8Array
      encodeToString(src: Uint8Array, options?: Type): Promise<string>
      encodeToStringSync(src: Uint8Array, options?: Type): string
      decode(src: Uint8Array | string, options?: Type): Promise<Uint8Array>
      decodeSync(src: Uint8Array | string, options?: Type): Uint8Array
    }
    class LRUCache<K, V> {
      constructor(capacity?: number)
      readonly length: number
      updateCapacity(newCapacity: number): void
      get(key: K): V | undefined
      put(key: K, value: V): V
      remove(key: K): V | undefined
      contains(key: K): boolean
      isEmpty(): boolean
      clear(): void
      createDefault(key: K): V
      afterRemoval(isEvict: boolean, key: K, value: V, newValue: V): void
      keys(): K[]
      values(): V[]
      entries(): IterableIterator<[K, V]>
      getCapacity(): number
      getPutCount(): number
      getCreateCount(): number
      getMatchCount(): number
      getMissCount(): number
      getRemovalCount(): number
      toString(): string
      [Symbol.iterator](): IterableIterator<[K, V]>
    }
    /** Questions about what a value is. */
    class types {
      isAnyArrayBuffer(value: unknown): boolean
      isArrayBuffer(value: unknown): boolean
      isArrayBufferView(value: unknown): boolean
      isAsyncFunction(value: unknown): boolean
      isBigInt64Array(value: unknown): boolean
      isBigUint64Array(value: unknown): boolean
      isBooleanObject(value: unknown): boolean
      isBoxedPrimitive(value: unknown): boolean
      isBuffer(value: unknown): boolean
      isDataView(value: unknown): boolean
      isDate(value: unknown): boolean
      isExternal(value: unknown): boolean
      isFloat32Array(value: unknown): boolean
      isFloat64Array(value: unknown): boolean
      isGeneratorFunction(value: unknown): boolean
      isGeneratorObject(value: unknown): boolean
      isInt8Array(value: unknown): boolean
      isInt16Array(value: unknown): boolean
      isInt32Array(value: unknown): boolean
      isMap(value: unknown): boolean
      isMapIterator(value: unknown): boolean
      isNativeError(value: unknown): boolean
      isNumberObject(value: unknown): boolean
      isPromise(value: unknown): boolean
      isProxy(value: unknown): boolean
      isRegExp(value: unknown): boolean
      isSet(value: unknown): boolean
      isSetIterator(value: unknown): boolean
      isSharedArrayBuffer(value: unknown): boolean
      isStringObject(value: unknown): boolean
      isSymbolObject(value: unknown): boolean
      isTypedArray(value: unknown): boolean
      isUint8Array(value: unknown): boolean
      isUint8ClampedArray(value: unknown): boolean
      isUint16Array(value: unknown): boolean
      isUint32Array(value: unknown): boolean
      isWeakMap(value: unknown): boolean
      isWeakSet(value: unknown): boolean
    }
    /** Errors: 401, 10200002. */
    class RationalNumber {
      constructor(numerator: number, denominator: number)
      static parseRationalNumber(numerator: number, denominator: number): RationalNumber
      /** `3:4` or `3/4`. */
      static createRationalFromString(rationalString: string): RationalNumber
      static getCommonFactor(number1: number, number2: number): number
      static getCommonDivisor(number1: number, number2: number): number
      compareTo(another: RationalNumber): number
      compare(another: RationalNumber): number
      equals(obj: object): boolean
      valueOf(): number
      getNumerator(): number
      getDenominator(): number
      isZero(): boolean
      isNaN(): boolean
      isFinite(): boolean
      toString(): string
    }
    interface ScopeComparable {
      /** Whether this is at least the other. */
      compareTo(other: ScopeComparable): boolean
    }
    type ScopeType = ScopeComparable | number
    /** From one bound to another, both included. Errors: 401, 10200001. */
    class ScopeHelper {
      constructor(lowerObj: ScopeType, upperObj: ScopeType)
      getLower(): ScopeType
      getUpper(): ScopeType
      contains(value: ScopeType | ScopeHelper): boolean
      clamp(value: ScopeType): ScopeType
      intersect(range: ScopeHelper): ScopeHelper
      intersect(lowerObj: ScopeType, upperObj: ScopeType): ScopeHelper
      expand(range: ScopeHelper | ScopeType): ScopeHelper
      expand(lowerObj: ScopeType, upperObj: ScopeType): ScopeHelper
      toString(): string
    }
    /** Puts code before, after or in the place of a class's methods. */
    // oxlint-disable-next-line typescript/no-extraneous-class -- as HarmonyOS declares it
    /** Its `onFinalization` is called once an object that AutoFinalizerCleaner knows is gone. */
    abstract class AutoFinalizer<T> {
      abstract onFinalization(heldValue: T): void
    }
    class AutoFinalizerCleaner {
      static register<T>(obj: AutoFinalizer<T>, heldValue: T): void
    }
    function getMainThreadStackTrace(): string
    class Aspect {
      static addBefore(targetClass: Object, methodName: string, isStatic: boolean, before: Object): void
      static addAfter(targetClass: Object, methodName: string, isStatic: boolean, after: Object): void
      static replace(targetClass: Object, methodName: string, isStatic: boolean, instead: Object): void
    }
    function format(format: string, ...args: unknown[]): string
    function errnoToString(errno: number): string
    function promisify(original: (...args: never[]) => void): (...args: unknown[]) => Promise<unknown>
    /** The older name of `errnoToString`. */
    function getErrorString(errno: number): string
    /** The older name of `promisify`. */
    function promiseWrapper(original: (...args: never[]) => void): (...args: unknown[]) => Promise<unknown>
    function callbackWrapper<T>(
      original: (...args: never[]) => Promise<T>,
    ): (...args: [...unknown[], AsyncCallback<T>]) => void
    function generateRandomUUID(entropyCache?: boolean): string
    function generateRandomBinaryUUID(entropyCache?: boolean): Uint8Array
    function parseUUID(uuid: string): Uint8Array
    function getHash(object: object): number
  }
  export default util
}

declare module '@ohos.buffer' {
  namespace buffer {
    type BufferEncoding =
      | 'ascii'
      | 'utf8'
      | 'utf-8'
      | 'utf16le'
      | 'ucs2'
      | 'ucs-2'
      | 'base64'
      | 'base64url'
      | 'latin1'
      | 'binary'
      | 'hex'
    interface BlobOptions {
      type?: string
      endings?: 'transparent' | 'native'
    }
    /** Bytes that do not change. */
    class Blob {
      constructor(sources: string[] | ArrayBuffer[] | ArrayBufferView[] | Blob[], options?: BlobOptions)
      readonly size: number
      readonly type: string
      arrayBuffer(): Promise<ArrayBuffer>
      text(): Promise<string>
      slice(start?: number, end?: number, type?: string): Blob
    }
    function alloc(size: number, fill?: string | Buffer | number, encoding?: BufferEncoding): Buffer
    function allocUninitialized(size: number): Buffer
    function allocUninitializedFromPool(size: number): Buffer
    function byteLength(
      value: string | Buffer | ArrayBufferView | ArrayBufferLike,
      encoding?: BufferEncoding,
    ): number
    function compare(buf1: Buffer | Uint8Array, buf2: Buffer | Uint8Array): -1 | 0 | 1
    function concat(list: Buffer[] | Uint8Array[], totalLength?: number): Buffer
    function from(array: number[]): Buffer
    /** The same bytes, not a copy. */
    function from(arrayBuffer: ArrayBufferLike, byteOffset?: number, length?: number): Buffer
    function from(buffer: Buffer | Uint8Array): Buffer
    function from(text: string, encoding?: BufferEncoding): Buffer
    function isBuffer(value: unknown): boolean
    function isEncoding(encoding: string): boolean
    function transcode(source: Buffer | Uint8Array, fromEnc: string, toEnc: string): Buffer

    /** Errors: 401, 10200001 (out of range), 10200009 (size). */
    interface Buffer {
      readonly length: number
      /** This buffer's bytes alone, unless it was made on an ArrayBuffer. */
      readonly buffer: ArrayBuffer
      readonly byteOffset: number
      [index: number]: number
      compare(
        target: Buffer | Uint8Array,
        targetStart?: number,
        targetEnd?: number,
        sourceStart?: number,
        sourceEnd?: number,
      ): -1 | 0 | 1
      copy(
        target: Buffer | Uint8Array,
        targetStart?: number,
        sourceStart?: number,
        sourceEnd?: number,
      ): number
      entries(): IterableIterator<[number, number]>
      equals(other: Buffer | Uint8Array): boolean
      fill(
        value: string | Buffer | Uint8Array | number,
        offset?: number,
        end?: number,
        encoding?: BufferEncoding,
      ): Buffer
      includes(
        value: string | number | Buffer | Uint8Array,
        byteOffset?: number,
        encoding?: BufferEncoding,
      ): boolean
      indexOf(
        value: string | number | Buffer | Uint8Array,
        byteOffset?: number,
        encoding?: BufferEncoding,
      ): number
      keys(): IterableIterator<number>
      lastIndexOf(
        value: string | number | Buffer | Uint8Array,
        byteOffset?: number,
        encoding?: BufferEncoding,
      ): number
      readBigInt64BE(offset?: number): bigint
      readBigInt64LE(offset?: number): bigint
      readBigUInt64BE(offset?: number): bigint
      readBigUInt64LE(offset?: number): bigint
      readDoubleBE(offset?: number): number
      readDoubleLE(offset?: number): number
      readFloatBE(offset?: number): number
      readFloatLE(offset?: number): number
      readInt8(offset?: number): number
      readInt16BE(offset?: number): number
      readInt16LE(offset?: number): number
      readInt32BE(offset?: number): number
      readInt32LE(offset?: number): number
      readIntBE(offset: number, byteLength: number): number
      readIntLE(offset: number, byteLength: number): number
      readUInt8(offset?: number): number
      readUInt16BE(offset?: number): number
      readUInt16LE(offset?: number): number
      readUInt32BE(offset?: number): number
      readUInt32LE(offset?: number): number
      readUIntBE(offset: number, byteLength: number): number
      readUIntLE(offset: number, byteLength: number): number
      /** The same bytes, not a copy. */
      subarray(start?: number, end?: number): Buffer
      swap16(): Buffer
      swap32(): Buffer
      swap64(): Buffer
      toJSON(): object
      toString(encoding?: string, start?: number, end?: number): string
      values(): IterableIterator<number>
      write(text: string, offset?: number, length?: number, encoding?: string): number
      writeBigInt64BE(value: bigint, offset?: number): number
      writeBigInt64LE(value: bigint, offset?: number): number
      writeBigUInt64BE(value: bigint, offset?: number): number
      writeBigUInt64LE(value: bigint, offset?: number): number
      writeDoubleBE(value: number, offset?: number): number
      writeDoubleLE(value: number, offset?: number): number
      writeFloatBE(value: number, offset?: number): number
      writeFloatLE(value: number, offset?: number): number
      writeInt8(value: number, offset?: number): number
      writeInt16BE(value: number, offset?: number): number
      writeInt16LE(value: number, offset?: number): number
      writeInt32BE(value: number, offset?: number): number
      writeInt32LE(value: number, offset?: number): number
      writeIntBE(value: number, offset: number, byteLength: number): number
      writeIntLE(value: number, offset: number, byteLength: number): number
      writeUInt8(value: number, offset?: number): number
      writeUInt16BE(value: number, offset?: number): number
      writeUInt16LE(value: number, offset?: number): number
      writeUInt32BE(value: number, offset?: number): number
      writeUInt32LE(value: number, offset?: number): number
      writeUIntBE(value: number, offset: number, byteLength: number): number
      writeUIntLE(value: number, offset: number, byteLength: number): number
    }
  }
  export default buffer
}

declare module '@ohos.process' {
  namespace process {
    class ProcessManager {
      isAppUid(v: number): boolean
      /** -1: none. */
      getUidForName(v: string): number
      getThreadPriority(v: number): number
      /** Of sysconf; -1 for what is not told. */
      getSystemConfig(name: number): number
      getEnvironmentVar(name: string): string
      /** Ends the process at once; the service cleans up. */
      exit(code: number): void
      kill(signal: number, pid: number): boolean
    }
    const uid: number
    const euid: number
    const gid: number
    const egid: number
    const pid: number
    const ppid: number
    const tid: number
    function abort(): void
    function is64Bit(): boolean
    function isIsolatedProcess(): boolean
    /** Seconds. */
    function uptime(): number
    /** Milliseconds from the start of the machine to that of the process. */
    function getStartRealtime(): number
    /** Milliseconds. */
    function getPastCpuTime(): number
    function cwd(): string
    function chdir(dir: string): void
    /** Newer code asks a ProcessManager. */
    function isAppUid(v: number): boolean
    function getUidForName(v: string): number
    function getThreadPriority(v: number): number
    function getSystemConfig(name: number): number
    function getEnvironmentVar(name: string): string
    function kill(signal: number, pid: number): boolean
  }
  export default process
}

declare module '@ohos.util.json' {
  /** The global JSON, with errors 401. */
  namespace JSON {
    type Transformer = (this: Object, key: string, value: Object) => Object | undefined | null
    enum BigIntMode {
      DEFAULT = 0,
      /** Only numbers that are too large. */
      PARSE_AS_BIGINT = 1,
      ALWAYS_PARSE_AS_BIGINT = 2,
    }
    enum ParseReturnType {
      OBJECT = 0,
      MAP = 1,
    }
    interface ParseOptions {
      bigIntMode?: BigIntMode
      parseReturnType?: ParseReturnType
    }
    function parse(text: string, reviver?: Transformer | null, options?: ParseOptions): Object | null
    function stringify(
      value: Object,
      replacer?: ((this: Object, key: string, value: Object) => Object) | (number | string)[] | null,
      space?: string | number,
    ): string
    function has(obj: object, property: string): boolean
    function remove(obj: object, property: string): void
  }
  export default JSON
}

declare module '@ohos.url' {
  namespace url {
    class URLParams {
      constructor(init?: string[][] | Record<string, string> | string | URLParams)
      append(name: string, value: string): void
      delete(name: string): void
      get(name: string): string | null
      getAll(name: string): string[]
      has(name: string): boolean
      set(name: string, value: string): void
      sort(): void
      entries(): IterableIterator<[string, string]>
      keys(): IterableIterator<string>
      values(): IterableIterator<string>
      forEach(callback: (value: string, key: string, params: URLParams) => void): void
      toString(): string
      [Symbol.iterator](): IterableIterator<[string, string]>
    }
    /** Errors: 401, 10200002. */
    class URL {
      constructor(url: string, base?: string | URL)
      static parseURL(url: string, base?: string | URL): URL
      hash: string
      host: string
      hostname: string
      href: string
      readonly origin: string
      password: string
      pathname: string
      port: string
      protocol: string
      search: string
      username: string
      readonly params: URLParams
      toString(): string
      toJSON(): string
    }
  }
  export default url
}

declare module '@kit.ArkTS' {
  import buffer from '@ohos.buffer'
  import process from '@ohos.process'
  import url from '@ohos.url'
  import util from '@ohos.util'
  import JSON from '@ohos.util.json'
  export { JSON, buffer, process, url, util }
}
