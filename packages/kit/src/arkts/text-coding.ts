import { StringDecoder as NodeStringDecoder } from 'node:string_decoder'
import { TextDecoder as NodeDecoder, TextEncoder as NodeEncoder, types } from 'node:util'

import { parameterError, textParameter } from '../parameters.ts'
import { type CharacterEncoder, characterEncoder } from './character-encodings.ts'

/** What stands for a character that an encoding does not have: a question mark. */
const replacement: readonly number[] = [0x3f]

/** `util.TextEncoder`: UTF-8, which is its default, UTF-16 in both orders, GBK, GB2312 and GB18030; another encoding is refused. */
export class TextEncoder {
  readonly #encoder = new NodeEncoder()
  /** Of one character; undefined for UTF-8, which node has. */
  readonly #character: CharacterEncoder | undefined
  readonly encoding: string

  constructor(encoding: unknown = 'utf-8') {
    const name = textParameter(encoding, 'encoding')
    this.#character = characterEncoder(name)
    if (this.#character === undefined && !/^utf-?8$/i.test(name)) {
      throw parameterError('encoding', `${name} is not provided`)
    }
    this.encoding = name
  }

  static create(encoding?: unknown): TextEncoder {
    return new TextEncoder(encoding)
  }

  /** All of the text in an array of its own; with a destination, as `encodeIntoUint8Array`. */
  encodeInto(text: unknown = '', destination?: unknown): Uint8Array | { read: number; written: number } {
    if (destination !== undefined) return this.encodeIntoUint8Array(text, destination)
    return this.encode(text)
  }

  /** The older name of `encodeInto` without a destination. */
  encode(text: unknown = ''): Uint8Array {
    const input = textParameter(text, 'input')
    // node's encoder gives bytes of a pool at times: `.buffer` would be more than the text.
    if (this.#character === undefined) return new Uint8Array(this.#encoder.encode(input))
    const bytes: number[] = []
    for (const character of input) bytes.push(...(this.#character(character) ?? replacement))
    return Uint8Array.from(bytes)
  }

  /** As much of the text as there is room for. `read` counts UTF-16 units, `written` bytes. */
  encodeIntoUint8Array(text: unknown, destination: unknown): { read: number; written: number } {
    if (!types.isUint8Array(destination)) throw parameterError('dest', 'is not a Uint8Array')
    const input = textParameter(text, 'input')
    if (this.#character === undefined) {
      const { read, written } = this.#encoder.encodeInto(input, destination)
      return { read, written }
    }
    let [read, written] = [0, 0]
    for (const character of input) {
      const bytes = this.#character(character) ?? replacement
      if (written + bytes.length > destination.length) break
      destination.set(bytes, written)
      read += character.length
      written += bytes.length
    }
    return { read, written }
  }
}

interface DecoderOptions {
  readonly fatal?: boolean
  readonly ignoreBOM?: boolean
}

/** The encodings whose texts may begin with a byte order mark. */
const unicode: readonly string[] = ['utf-8', 'utf-16le', 'utf-16be']

/** `util.TextDecoder`: the encodings that node knows. */
export class TextDecoder {
  readonly #decoder: NodeDecoder
  readonly ignoreBOM: boolean

  constructor(encoding: unknown = 'utf-8', options: DecoderOptions = {}) {
    const name = textParameter(encoding, 'encoding')
    this.ignoreBOM = options.ignoreBOM === true
    try {
      // The Encoding Standard says with this that the mark stays: HarmonyOS means the reverse by it.
      this.#decoder = new NodeDecoder(name, { fatal: options.fatal === true, ignoreBOM: true })
    } catch {
      throw parameterError('encoding', `${name} is not provided`)
    }
  }

  static create(encoding?: unknown, options?: DecoderOptions): TextDecoder {
    return new TextDecoder(encoding, options)
  }

  get encoding(): string {
    return this.#decoder.encoding
  }
  get fatal(): boolean {
    return this.#decoder.fatal
  }

  /** A byte order mark at its beginning is left out with `ignoreBOM`, and else part of the text. @throws BusinessError 401 for what is no Uint8Array, or is wrong with `fatal` */
  decodeToString(bytes: unknown, options: { stream?: boolean } = {}): string {
    if (!types.isUint8Array(bytes)) throw parameterError('input', 'is not a Uint8Array')
    let text: string
    try {
      text = this.#decoder.decode(bytes, { stream: options.stream === true })
    } catch {
      throw parameterError('input', `is not ${this.encoding}`)
    }
    return this.ignoreBOM && unicode.includes(this.encoding) && text.startsWith('\uFEFF')
      ? text.slice(1)
      : text
  }

  decodeWithStream(bytes: unknown, options: { stream?: boolean } = {}): string {
    return this.decodeToString(bytes, options)
  }

  decode(bytes: unknown, options: { stream?: boolean } = {}): string {
    return this.decodeToString(bytes, options)
  }
}

/** `util.StringDecoder`: bytes that arrive in pieces. */
export class StringDecoder {
  readonly #decoder: NodeStringDecoder

  constructor(encoding: unknown = 'utf-8') {
    const name = textParameter(encoding, 'encoding')
    if (!Buffer.isEncoding(name)) throw parameterError('encoding', `${name} is not provided`)
    this.#decoder = new NodeStringDecoder(name)
  }

  write(chunk: unknown): string {
    if (typeof chunk === 'string') return chunk
    if (!types.isUint8Array(chunk)) throw parameterError('chunk', 'is neither text nor a Uint8Array')
    return this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
  }

  end(chunk?: unknown): string {
    return (chunk === undefined ? '' : this.write(chunk)) + this.#decoder.end()
  }
}
