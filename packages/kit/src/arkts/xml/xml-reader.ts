/** A text that is not well-formed. */
export class XmlSyntaxError extends Error {
  constructor(reason: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${reason}`)
    this.name = 'XmlSyntaxError'
  }
}

export interface XmlAttribute {
  /** With its prefix, as it is written. */
  readonly name: string
  readonly value: string
}

/** One piece of a document. */
export type XmlPiece =
  | {
      readonly kind: 'start' | 'end'
      readonly name: string
      readonly attributes: readonly XmlAttribute[]
      readonly isEmpty: boolean
    }
  | { readonly kind: 'text' | 'cdata' | 'comment' | 'doctype' | 'instruction'; readonly text: string }
  | { readonly kind: 'declaration'; readonly attributes: readonly XmlAttribute[] }

const nameText = String.raw`[\p{L}_:][\p{L}\p{N}_:.\u00B7-]*`
const attribute = new RegExp(String.raw`\s+(${nameText})\s*=\s*("[^"<]*"|'[^'<]*')`, 'uy')
const start = new RegExp(String.raw`<(${nameText})`, 'uy')
const end = new RegExp(String.raw`</(${nameText})\s*>`, 'uy')
const declaration = /<\?xml(?=\s)/y
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' }

/**
 * Reads a document piece by piece: XML 1.0 without the declarations of a document type, which are told and not followed.
 */
export class XmlReader {
  readonly #text: string
  readonly #open: string[] = []
  #at = 0
  #hasRoot = false
  /** Lines up to a place that was asked for. */
  #lines = 1
  #counted = 0

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, '')
  }

  /** How many elements are open. */
  get depth(): number {
    return this.#open.length
  }

  /** Behind the last piece, from 1. */
  get line(): number {
    for (let next = this.#counted; ;) {
      next = this.#text.indexOf('\n', next)
      if (next === -1 || next >= this.#at) break
      this.#lines++
      next++
      this.#counted = next
    }
    return this.#lines
  }

  /** Behind the last piece, from 1. */
  get column(): number {
    return this.#at - (this.#at === 0 ? -1 : this.#text.lastIndexOf('\n', this.#at - 1))
  }

  /** @throws XmlSyntaxError */
  *pieces(): Generator<XmlPiece, void> {
    if (this.#match(declaration) !== null) {
      const attributes = this.#attributes()
      this.#expect(/\s*\?>/y, 'the declaration has no end')
      yield { kind: 'declaration', attributes }
    }
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] === '<') yield* this.#markup()
      else yield* this.#characters()
    }
    const missing = this.#open.at(-1)
    if (missing !== undefined) throw this.#error(`<${missing}> has no end`)
    if (!this.#hasRoot) throw this.#error('there is no element')
  }

  *#markup(): Generator<XmlPiece, void> {
    const starts = (text: string): boolean => this.#text.startsWith(text, this.#at)
    if (starts('<!--')) yield { kind: 'comment', text: this.#between('<!--', '-->') }
    else if (starts('<![CDATA[')) {
      if (this.depth === 0) throw this.#error('characters stand outside of the element')
      yield { kind: 'cdata', text: this.#between('<![CDATA[', ']]>') }
    } else if (starts('<!DOCTYPE')) yield { kind: 'doctype', text: this.#doctype() }
    else if (starts('<?')) yield { kind: 'instruction', text: this.#between('<?', '?>') }
    else if (starts('</')) yield* this.#end()
    else yield* this.#element()
  }

  *#element(): Generator<XmlPiece, void> {
    const name = this.#match(start)?.[1]
    if (name === undefined) throw this.#error('this is no tag')
    if (this.depth === 0 && this.#hasRoot) throw this.#error('there is a second element')
    this.#hasRoot = true
    const attributes = this.#attributes()
    const isEmpty = this.#expect(/\s*\/?>/y, `<${name}> has no end`).includes('/')
    this.#open.push(name)
    yield { kind: 'start', name, attributes, isEmpty }
    if (!isEmpty) return
    yield { kind: 'end', name, attributes, isEmpty: false }
    this.#open.pop()
  }

  /** The end has the depth of its element. */
  *#end(): Generator<XmlPiece, void> {
    const name = this.#match(end)?.[1]
    const open = this.#open.at(-1)
    if (name === undefined || name !== open)
      throw this.#error(open === undefined ? 'an end without a start' : `<${open}> ends otherwise`)
    yield { kind: 'end', name, attributes: [], isEmpty: false }
    this.#open.pop()
  }

  *#characters(): Generator<XmlPiece, void> {
    const next = this.#text.indexOf('<', this.#at)
    const text = this.#text.slice(this.#at, next === -1 ? undefined : next)
    if (this.depth === 0 && text.trim() !== '') throw this.#error('characters stand outside of the element')
    const decoded = this.#decoded(text)
    this.#at += text.length
    // Between the parts of a document there is room for looks.
    if (this.depth > 0) yield { kind: 'text', text: decoded }
  }

  #attributes(): XmlAttribute[] {
    const attributes: XmlAttribute[] = []
    for (;;) {
      const found = this.#match(attribute)
      if (found === null) return attributes
      const [, name = '', quoted = ''] = found
      if (attributes.some((each) => each.name === name)) throw this.#error(`${name} is there twice`)
      attributes.push({ name, value: this.#decoded(quoted.slice(1, -1).replace(/[\t\n\r]/g, ' ')) })
    }
  }

  /** Brackets hold declarations, which may hold ends of their own. */
  #doctype(): string {
    const from = this.#at
    const whole = this.#expect(
      /<!DOCTYPE(?:"[^"]*"|'[^']*'|\[(?:"[^"]*"|'[^']*'|<!--(?:(?!-->)[^])*-->|(?!<!--)[^\]"'])*\]|[^>[\]"'])*>/y,
      'the document type has no end',
    )
    if (this.#hasRoot) {
      this.#at = from
      throw this.#error('a document type stands behind the element')
    }
    return whole.slice('<!DOCTYPE'.length, -1).trim()
  }

  #between(before: string, after: string): string {
    const from = this.#at + before.length
    const to = this.#text.indexOf(after, from)
    if (to === -1) throw this.#error(`${before} has no end`)
    this.#at = to + after.length
    return this.#text.slice(from, to)
  }

  #decoded(text: string): string {
    return text.replace(/&([^;&\s]*);?/g, (whole, name: string) => {
      const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name)
      const code =
        number === null
          ? Number.NaN
          : Number.parseInt(number[1] ?? number[2] ?? '', number[1] === undefined ? 10 : 16)
      const character =
        code <= 0x10_ff_ff
          ? String.fromCodePoint(code)
          : Object.hasOwn(entities, name)
            ? entities[name]
            : undefined
      if (character === undefined || !whole.endsWith(';')) throw this.#error(`${whole} is no reference`)
      return character
    })
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found !== null) this.#at = pattern.lastIndex
    return found
  }

  #expect(pattern: RegExp, reason: string): string {
    const found = this.#match(pattern)
    if (found === null) throw this.#error(reason)
    return found[0]
  }

  #error(reason: string): XmlSyntaxError {
    return new XmlSyntaxError(reason, this.line, this.column)
  }
}
