/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.util.stream' {
  import type { Callback } from '@ohos.base'
  import type emitter from '@ohos.events.emitter'

  /** Pieces one after another, bytes or texts. Listeners get `{ data }`; errors are 1020003x. */
  namespace stream {
    /** A subclass has `doWrite`, `doWritev` or both, and calls back when a piece is done. */
    class Writable {
      constructor()
      readonly writableObjectMode: boolean
      /** Bytes. */
      readonly writableHighWatermark: number
      readonly writable: boolean
      /** Bytes that wait. */
      readonly writableLength: number
      readonly writableCorked: number
      readonly writableEnded: boolean
      readonly writableFinished: boolean
      /** Whether there is room for more; otherwise `drain` says when. */
      write(chunk?: string | Uint8Array, encoding?: string, callback?: Function): boolean
      end(chunk?: string | Uint8Array, encoding?: string, callback?: Function): Writable
      setDefaultEncoding(encoding?: string): boolean
      /** Keeps what is written, until as many `uncork`. */
      cork(): boolean
      uncork(): boolean
      on(event: 'close' | 'drain' | 'error' | 'finish', callback: Callback<emitter.EventData>): void
      off(event: 'close' | 'drain' | 'error' | 'finish', callback?: Callback<emitter.EventData>): void
      doInitialize(callback: Function): void
      doWrite(chunk: string | Uint8Array, encoding: string, callback: Function): void
      doWritev(chunks: string[] | Uint8Array[], callback: Function): void
    }
    /** A subclass has `doRead`, which calls `push`; null is the end. */
    class Readable {
      constructor()
      readonly readableObjectMode: boolean
      readonly readable: boolean
      /** Bytes. */
      readonly readableHighWatermark: number
      readonly readableFlowing: boolean | null
      /** Bytes that wait. */
      readonly readableLength: number
      readonly readableEncoding: string | null
      readonly readableEnded: boolean
      /** Of one piece, `size` bytes at most; null when there is none yet. */
      read(size?: number): string | null
      resume(): Readable
      pause(): Readable
      isPaused(): boolean
      setEncoding(encoding?: string): boolean
      pipe(destination: Writable | Duplex, options?: Object): Writable
      unpipe(destination?: Writable | Duplex): Readable
      on(
        event: 'close' | 'data' | 'end' | 'error' | 'readable' | 'pause' | 'resume' | 'drain' | 'finish',
        callback: Callback<emitter.EventData>,
      ): void
      off(
        event: 'close' | 'data' | 'end' | 'error' | 'readable' | 'pause' | 'resume' | 'drain' | 'finish',
        callback?: Callback<emitter.EventData>,
      ): void
      doInitialize(callback: Function): void
      doRead(size: number): void
      /** Whether there is room for more. */
      push(chunk: Uint8Array | string | null, encoding?: string): boolean
    }
    class Duplex extends Readable {
      readonly writableObjectMode: boolean
      readonly writableHighWatermark: number
      readonly writable: boolean
      readonly writableLength: number
      readonly writableCorked: number
      readonly writableEnded: boolean
      readonly writableFinished: boolean
      write(chunk?: string | Uint8Array, encoding?: string, callback?: Function): boolean
      end(chunk?: string | Uint8Array, encoding?: string, callback?: Function): Duplex
      setDefaultEncoding(encoding?: string): boolean
      cork(): boolean
      uncork(): boolean
      doWrite(chunk: string | Uint8Array, encoding: string, callback: Function): void
      doWritev(chunks: string[] | Uint8Array[], callback: Function): void
    }
    /** What is written comes out as `doTransform` makes it; `callback(error?, data?)`. */
    class Transform extends Duplex {
      doTransform(chunk: string, encoding: string, callback: Function): void
      doFlush(callback: Function): void
    }
  }
  export default stream
}

declare module '@kit.ArkTS' {
  import stream from '@ohos.util.stream'
  export { stream }
}
