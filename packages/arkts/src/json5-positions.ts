/** Where a value stands in a text, from 1. Columns count UTF-16 code units, as editors do. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/** The steps from the root of a document to a value: `['module', 'abilities', 0]`. */
export type KeyPath = readonly (string | number)[]

/**
 * Finds the values of a JSON5 document, for error messages; `json5` itself tells positions of syntax errors only.
 *
 * @param text a document that `json5` has parsed without error: the scan relies on it
 * @returns the position of the value at a path (of its key, for a member of an object), or of its nearest ancestor when
 * there is no such value. Of two equal keys the last one counts, as for `json5`.
 */
export function json5Positions(text: string): (path: KeyPath) => TextPosition {
  const offsets = new Map<string, number>()
  scanValue(new Scanner(text), [], offsets, undefined)
  return (path) => {
    for (let length = path.length; length >= 0; length--) {
      const offset = offsets.get(JSON.stringify(path.slice(0, length)))
      if (offset !== undefined) return positionOf(text, offset)
    }
    return { line: 1, column: 1 }
  }
}

/** `['module', 'abilities', 0]` as `module.abilities[0]`. */
export function formatKeyPath(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

function positionOf(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/)
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

const blank = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/y
const quoted = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y
/** Identifiers, numbers, `true`, `Infinity`, with their signs and escapes: all that runs up to the next mark. */
const bare = /[^\s,:{}[\]"'/]+/y

class Scanner {
  offset = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    this.skipBlank()
  }

  skipBlank(): void {
    this.#match(blank)
  }

  /** Steps over `mark` and the blank after it, if it comes next. */
  take(mark: string): boolean {
    if (this.#text[this.offset] !== mark) return false
    this.offset++
    this.skipBlank()
    return true
  }

  /** Steps over a string, number or name and returns it as written. */
  takeToken(): string {
    const token = this.#match(quoted) || this.#match(bare)
    if (token === '') throw new Error(`json5Positions: the text is not JSON5 at offset ${this.offset}`)
    this.skipBlank()
    return token
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.offset
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.offset += found.length
    return found
  }
}

function scanValue(
  scanner: Scanner,
  path: KeyPath,
  offsets: Map<string, number>,
  keyOffset: number | undefined,
): void {
  offsets.set(JSON.stringify(path), keyOffset ?? scanner.offset)
  if (scanner.take('{')) {
    while (!scanner.take('}')) {
      const start = scanner.offset
      const key = keyText(scanner.takeToken())
      scanner.take(':')
      scanValue(scanner, [...path, key], offsets, start)
      scanner.take(',')
    }
  } else if (scanner.take('[')) {
    for (let index = 0; !scanner.take(']'); index++) {
      scanValue(scanner, [...path, index], offsets, undefined)
      scanner.take(',')
    }
  } else {
    scanner.takeToken()
  }
}

/** The name a key stands for. Keys with escapes stay as written: they only lose their exact position. */
function keyText(token: string): string {
  return token.startsWith('"') || token.startsWith("'") ? token.slice(1, -1) : token
}
