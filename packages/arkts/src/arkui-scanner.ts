/** One piece of code: a word, a single mark, or a whole literal (text, template, regular expression). */
export interface CodeToken {
  readonly kind: 'word' | 'mark' | 'literal' | 'end'
  readonly start: number
  readonly end: number
  readonly text: string
}

const blank = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/y
const word = /[\p{ID_Start}$_#\d][\p{ID_Continue}$\u200c\u200d]*/uy
const quoted = /"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?/y
const regularExpression = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y

/** Words after which a `/` begins a regular expression and does not divide. */
const beforeExpression: ReadonlySet<string> = new Set(
  'return typeof case in of delete void throw new else do instanceof await yield'.split(' '),
)

/**
 * Cuts ArkTS into tokens, far enough to see which braces belong together: comments, texts, templates and regular expressions
 * are not taken for code. It accepts anything, because the compiler proper complains later, at the right place.
 */
export class ArkuiScanner {
  readonly #text: string
  #offset = 0
  #last: CodeToken = { kind: 'end', start: 0, end: 0, text: '' }

  constructor(text: string) {
    this.#text = text
  }

  next(): CodeToken {
    this.#match(blank)
    const start = this.#offset
    const first = this.#text[start]
    if (first === undefined) return (this.#last = { kind: 'end', start, end: start, text: '' })
    const kind = this.#skipOne(first)
    const text = this.#text.slice(start, this.#offset)
    return (this.#last = { kind, start, end: this.#offset, text })
  }

  /** The token after the current one, which stays the current one. */
  peek(): CodeToken {
    const [offset, last] = [this.#offset, this.#last]
    const token = this.next()
    this.#offset = offset
    this.#last = last
    return token
  }

  /** From an opening mark, just taken, to behind the one that closes it. @returns the offset there */
  skipBalanced(): number {
    for (let depth = 1; depth > 0;) {
      const { kind, text } = this.next()
      if (kind === 'end') break
      if (kind === 'mark' && '({['.includes(text)) depth++
      if (kind === 'mark' && ')}]'.includes(text)) depth--
    }
    return this.#offset
  }

  #skipOne(first: string): CodeToken['kind'] {
    if (first === '`') {
      this.#skipTemplate()
      return 'literal'
    }
    if (this.#match(quoted) || (first === '/' && this.#expectsExpression() && this.#match(regularExpression)))
      return 'literal'
    if (this.#match(word)) return 'word'
    this.#offset++
    return 'mark'
  }

  #skipTemplate(): void {
    this.#offset++
    while (this.#offset < this.#text.length) {
      const character = this.#text[this.#offset]
      this.#offset += character === '\\' ? 2 : 1
      if (character === '`') return
      if (character === '$' && this.#text[this.#offset] === '{') {
        this.#offset++
        this.skipBalanced()
      }
    }
  }

  #expectsExpression(): boolean {
    const { kind, text } = this.#last
    if (kind === 'word') return beforeExpression.has(text)
    return kind === 'end' || (kind === 'mark' && !')]}'.includes(text))
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#offset
    const length = pattern.exec(this.#text)?.[0].length ?? 0
    this.#offset += length
    return length > 0
  }
}
