declare module '@ohos.util' {
  namespace util {
    /** UTF-8. */
    class TextEncoder {
      constructor(encoding?: 'utf-8')
      readonly encoding: string
      encodeInto(text?: string): Uint8Array
      encodeIntoUint8Array(text: string, destination: Uint8Array): { read: number; written: number }
    }
    class TextDecoder {
      private constructor()
      static create(encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder
      readonly encoding: string
      decodeToString(bytes: Uint8Array, options?: { stream?: boolean }): string
      decodeWithStream(bytes: Uint8Array, options?: { stream?: boolean }): string
    }
  }
  export default util
}

declare module '@kit.ArkTS' {
  import util from '@ohos.util'
  export { util }
}
