import { textParameter } from '../parameters.ts'
import { unreadableText } from './arkts-error.ts'

/** RFC 3986, appendix B. */
const parts = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*$/
/** Marks that RFC 3986 has for more than itself, and the percent sign. */
const allowed = /^(?:[\p{L}\p{N}\-._~:/?#[\]@!$&'()*+,;=|]|%[0-9A-Fa-f]{2})*$/u

/** `uri.URI`: a text of RFC 3986, its parts decoded, or encoded as they stand. */
export class URI {
  readonly #text: string
  readonly #parts: readonly (string | undefined)[]

  /** @throws BusinessError 401; 10200002 when it is none */
  constructor(text: unknown) {
    this.#text = textParameter(text, 'uri')
    const found = parts.exec(this.#text)
    if (found === null || !allowed.test(this.#text)) throw unreadableText('uri', 'uri')
    this.#parts = found.slice(1)
    const [name] = this.#parts
    if (name !== undefined && !scheme.test(name)) throw unreadableText('uri', 'uri')
  }

  static createFromString(text: unknown): URI {
    return new URI(text)
  }

  get scheme(): string | null {
    return this.#parts[0] ?? null
  }
  get encodedAuthority(): string | null {
    return this.#parts[1] ?? null
  }
  get encodedPath(): string | null {
    return this.#parts[2] ?? null
  }
  get encodedQuery(): string | null {
    return this.#parts[3] ?? null
  }
  get encodedFragment(): string | null {
    return this.#parts[4] ?? null
  }
  get encodedUserInfo(): string | null {
    return /^(.*)@/.exec(this.encodedAuthority ?? '')?.[1] ?? null
  }
  /** All between the scheme and the fragment. */
  get encodedSSP(): string {
    return this.#text.replace(/^[^:/?#]+:/, '').replace(/#.*$/, '')
  }
  get authority(): string | null {
    return decoded(this.encodedAuthority)
  }
  get path(): string | null {
    return decoded(this.encodedPath)
  }
  get query(): string | null {
    return decoded(this.encodedQuery)
  }
  get fragment(): string | null {
    return decoded(this.encodedFragment)
  }
  get userInfo(): string | null {
    return decoded(this.encodedUserInfo)
  }
  get ssp(): string {
    return decoded(this.encodedSSP) ?? ''
  }
  get host(): string | null {
    const found = /^(?:.*@)?(\[[^\]]*\]|[^:]*)/.exec(this.encodedAuthority ?? '')?.[1]
    return found === undefined || found === '' ? null : found
  }
  /** -1 for none, as text, as on the device. */
  get port(): string {
    return /:(\d+)$/.exec(this.encodedAuthority ?? '')?.[1] ?? '-1'
  }

  checkIsAbsolute(): boolean {
    return this.scheme !== null
  }
  checkRelative(): boolean {
    return this.scheme === null
  }
  /** Not a path after its scheme: `mailto:a@b`. */
  checkOpaque(): boolean {
    return this.scheme !== null && !this.encodedSSP.startsWith('/')
  }
  checkHierarchical(): boolean {
    return !this.checkOpaque()
  }
  equals(other: unknown): boolean {
    return this.equalsTo(other)
  }
  equalsTo(other: unknown): boolean {
    return other instanceof URI && other.#text === this.#text
  }
  /** Without `.` and `..` in its path. */
  normalize(): URI {
    const path = this.encodedPath ?? ''
    const kept: string[] = []
    for (const segment of path.split('/')) {
      if (segment === '.') continue
      if (segment === '..' && kept.length > 0 && kept.at(-1) !== '..' && kept.at(-1) !== '') kept.pop()
      else if (segment !== '..' || !path.startsWith('/')) kept.push(segment)
    }
    return this.#with({ path: kept.join('/') })
  }
  toString(): string {
    return this.#text
  }

  getQueryNames(): string[] {
    return [...new Set(this.#query().keys())]
  }
  getQueryValue(name: string): string | null {
    return this.#query().get(name)
  }
  getQueryValues(name: string): string[] {
    return this.#query().getAll(name)
  }
  getBooleanQueryValue(name: string, otherwise: boolean): boolean {
    const value = this.getQueryValue(name)
    return value === null ? otherwise : value !== 'false' && value !== '0'
  }
  addQueryValue(name: string, value: string): URI {
    const added = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
    return this.#with({ query: this.encodedQuery ? `${this.encodedQuery}&${added}` : added })
  }
  clearQuery(): URI {
    return this.#with({ query: undefined })
  }
  getSegment(): string[] {
    return (this.encodedPath ?? '')
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => decoded(segment) ?? '')
  }
  getLastSegment(): string {
    return this.getSegment().at(-1) ?? ''
  }
  addSegment(segment: string): URI {
    return this.addEncodedSegment(encodeURIComponent(segment))
  }
  addEncodedSegment(segment: string): URI {
    const path = this.encodedPath ?? ''
    return this.#with({ path: `${path}${path.endsWith('/') ? '' : '/'}${segment}` })
  }

  #query(): URLSearchParams {
    return new URLSearchParams(this.encodedQuery ?? '')
  }

  #with(change: { path?: string; query?: string | undefined }): URI {
    const path = change.path ?? this.encodedPath ?? ''
    const query = 'query' in change ? change.query : (this.encodedQuery ?? undefined)
    const texts = [
      this.scheme === null ? '' : `${this.scheme}:`,
      this.encodedAuthority === null ? '' : `//${this.encodedAuthority}`,
      path,
      query === undefined ? '' : `?${query}`,
      this.encodedFragment === null ? '' : `#${this.encodedFragment}`,
    ]
    return new URI(texts.join(''))
  }
}

function decoded(text: string | null): string | null {
  if (text === null) return null
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
