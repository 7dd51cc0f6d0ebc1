import { TextDecoder as NodeDecoder, TextEncoder as NodeEncoder } from 'node:util'

import { provide } from '../provided.ts'

/** `util.TextEncoder`: UTF-8 only, which is its default; another encoding is refused. */
class TextEncoder {
  readonly #encoder = new NodeEncoder()
  readonly encoding: string

  constructor(encoding = 'utf-8') {
    if (!/^utf-?8$/i.test(encoding)) throw new RangeError(`encoding: ${encoding} is not provided, only utf-8`)
    this.encoding = encoding
  }

  encodeInto(text: string): Uint8Array
  encodeInto(text: string, destination: Uint8Array): { read: number; written: number }
  encodeInto(text: string, destination?: Uint8Array): Uint8Array | { read: number; written: number } {
    return destination === undefined
      ? this.#encoder.encode(text)
      : this.encodeIntoUint8Array(text, destination)
  }

  encodeIntoUint8Array(text: string, destination: Uint8Array): { read: number; written: number } {
    return this.#encoder.encodeInto(text, destination)
  }
}

/** `util.TextDecoder`: the encodings that node knows. */
class TextDecoder {
  readonly #decoder: NodeDecoder

  private constructor(decoder: NodeDecoder) {
    this.#decoder = decoder
  }

  static create(encoding = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}): TextDecoder {
    return new TextDecoder(new NodeDecoder(encoding, options))
  }

  get encoding(): string {
    return this.#decoder.encoding
  }

  decodeToString(bytes: Uint8Array, options: { stream?: boolean } = {}): string {
    return this.#decoder.decode(bytes, options)
  }

  decodeWithStream(bytes: Uint8Array, options: { stream?: boolean } = {}): string {
    return this.#decoder.decode(bytes, options)
  }
}

/** `util` of `@kit.ArkTS`, as far as it is provided. */
export interface UtilNamespace {
  readonly TextEncoder: typeof TextEncoder
  readonly TextDecoder: typeof TextDecoder
}

export function utilNamespace(): UtilNamespace {
  return provide('util', { TextEncoder, TextDecoder })
}
