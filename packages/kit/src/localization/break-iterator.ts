import { integerParameter, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { localeParameter } from './locale-parameter.ts'

/** Between these a line may be broken: after blanks and hyphens, and around ideographs. */
const breakAfter = /[\s\u002d\u2010\u200b]$/u
const ideograph = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/** `i18n.BreakIterator`: where a line of a text may be broken, counted in UTF-16 units from its start. */
export class BreakIterator {
  readonly #locale: string
  #text = ''
  #breaks: readonly number[] = [0]
  #at = 0

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('BreakIterator'))
  }

  /** @throws BusinessError 401 */
  constructor(locale: unknown) {
    this.#locale = localeParameter(locale, 'locale').baseName
  }

  setLineBreakText(text: unknown): void {
    this.#text = textParameter(text, 'text')
    this.#breaks = breaksOf(this.#text, this.#locale)
    this.#at = 0
  }

  getLineBreakText(): string {
    return this.#text
  }

  current(): number {
    return this.#breaks[this.#at] ?? 0
  }

  first(): number {
    this.#at = 0
    return this.current()
  }

  last(): number {
    this.#at = this.#breaks.length - 1
    return this.current()
  }

  /** @param count breaks from here, back when it is less than 0. @returns -1, without moving, where there is none */
  next(count: unknown = 1): number {
    const place = this.#at + integerParameter(count, 'index')
    if (place < 0 || place >= this.#breaks.length) return -1
    this.#at = place
    return this.current()
  }

  previous(): number {
    return this.next(-1)
  }

  /** The first break behind a place; -1, at the last break, where there is none. */
  following(offset: unknown): number {
    const place = integerParameter(offset, 'offset')
    const index = this.#breaks.findIndex((each) => each > place)
    this.#at = index === -1 ? this.#breaks.length - 1 : index
    return index === -1 ? -1 : this.current()
  }

  /** Whether there is one; if not, the next one is the current one. */
  isBoundary(offset: unknown): boolean {
    const place = integerParameter(offset, 'offset')
    if (this.#breaks.includes(place)) {
      this.#at = this.#breaks.indexOf(place)
      return true
    }
    this.following(place)
    return false
  }
}

function breaksOf(text: string, locale: string): number[] {
  const words = [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(text)]
  const inside = words
    .filter(({ index, segment }) => {
      if (index === 0) return false
      if (/^\s/u.test(segment)) return false
      return breakAfter.test(text.slice(0, index)) || ideograph.test(segment)
    })
    .map(({ index }) => index)
  return [...new Set([0, ...inside, text.length])]
}
