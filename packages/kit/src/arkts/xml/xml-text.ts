import { types } from 'node:util'

import { optionalParameter, parameterError, textParameter } from '../../parameters.ts'

/** @throws BusinessError 401 for anything but UTF-8 */
export function encodingParameter(value: unknown): string {
  const encoding = optionalParameter(value, 'encoding', textParameter) ?? 'utf-8'
  if (encoding.toLowerCase() !== 'utf-8') throw parameterError('encoding', 'is not utf-8, the only one')
  return encoding
}

/** The bytes of a buffer, and not a copy. @throws BusinessError 401 */
export function bytesParameter(buffer: unknown): Uint8Array {
  if (types.isAnyArrayBuffer(buffer)) return new Uint8Array(buffer)
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  throw parameterError('buffer', 'is neither an ArrayBuffer nor a DataView')
}

const references: Readonly<Record<string, string>> = {
  "'": '&apos;',
  '"': '&quot;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}

/** A text as it stands between tags and in attributes. */
export function escaped(text: string): string {
  return text.replace(/['"&<>]/g, (character) => references[character] ?? character)
}

/** What went wrong with a document that is written. */
export type WriteFault = 'position' | 'match' | 'empty'

/** Writes a document piece by piece: every element in a line of its own, but for one that holds a text alone. */
export class XmlWriter {
  readonly #encoding: string
  readonly #write: (text: string) => void
  readonly #fail: (fault: WriteFault, reason: string) => Error
  readonly #open: { readonly name: string; readonly prefix: string }[] = []
  #namespaces: { readonly prefix: string; readonly namespace: string }[] = []
  /** What was written last. */
  #last: 'nothing' | 'declaration' | 'start' | 'text' | 'other' = 'nothing'

  constructor(
    encoding: string,
    write: (text: string) => void,
    fail: (fault: WriteFault, reason: string) => Error,
  ) {
    this.#encoding = encoding
    this.#write = write
    this.#fail = fail
  }

  declaration(): void {
    if (this.#last !== 'nothing') throw this.#fail('position', 'a declaration stands at the start')
    this.#write(`<?xml version="1.0" encoding="${this.#encoding}"?>`)
    this.#last = 'declaration'
  }

  /** For the next element and those in it. */
  namespace(prefix: string, namespace: string): void {
    this.#filled(prefix)
    this.#filled(namespace)
    this.#namespaces.push({ prefix, namespace })
  }

  start(name: string): void {
    this.#filled(name)
    const prefix = this.#namespaces.at(-1)?.prefix ?? this.#open.at(-1)?.prefix ?? ''
    const full = prefix === '' ? name : `${prefix}:${name}`
    const declared = this.#namespaces.map((each) => ` xmlns:${each.prefix}="${escaped(each.namespace)}"`)
    this.#write(`${this.#closedStart()}${this.#line(['nothing', 'declaration'])}<${full}${declared.join('')}`)
    this.#namespaces = []
    this.#open.push({ name: full, prefix })
    this.#last = 'start'
  }

  attribute(name: string, value: string): void {
    this.#filled(name)
    if (this.#last !== 'start') throw this.#fail('position', 'attributes follow startElement')
    this.#write(` ${name}="${escaped(value)}"`)
  }

  end(): void {
    const element = this.#open.at(-1)
    if (element === undefined) throw this.#fail('match', 'no element is open')
    if (this.#last === 'start') this.#write('/>')
    else this.#write(`${this.#last === 'text' ? '' : this.#newLine(this.#open.length - 1)}</${element.name}>`)
    this.#open.pop()
    this.#last = 'other'
  }

  text(text: string): void {
    this.#write(`${this.#closedStart()}${escaped(text)}`)
    this.#last = 'text'
  }

  /** @param piece whole, with its marks */
  piece(piece: string): void {
    this.#write(`${this.#closedStart()}${this.#line(['nothing'])}${piece}`)
    this.#last = 'other'
  }

  emptyElement(name: string): void {
    this.#filled(name)
    this.piece(`<${name}/>`)
  }

  #closedStart(): string {
    return this.#last === 'start' ? '>' : ''
  }

  #line(except: readonly string[]): string {
    return except.includes(this.#last) ? '' : this.#newLine(this.#open.length)
  }

  #newLine(depth: number): string {
    return `\r\n${'  '.repeat(depth)}`
  }

  #filled(text: string): void {
    if (text === '') throw this.#fail('empty', 'a name is empty')
  }
}
