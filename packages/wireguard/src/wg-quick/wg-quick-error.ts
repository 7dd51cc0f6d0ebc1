/** A wg-quick file cannot be understood. Tells where and why, and never holds a key. */
export class WgQuickError extends Error {
  override readonly name = 'WgQuickError'
  /** As given to the parser. */
  readonly file: string
  /** The first one is 1. */
  readonly line: number
  /** `AllowedIPs`, as we write it; absent when the line has none. */
  readonly key: string | undefined
  readonly reason: string

  constructor(
    place: { readonly file: string; readonly line: number; readonly key?: string },
    reason: string,
  ) {
    super(`${place.file}:${place.line}: ${place.key === undefined ? '' : `${place.key}: `}${reason}`)
    this.file = place.file
    this.line = place.line
    this.key = place.key
    this.reason = reason
  }
}
