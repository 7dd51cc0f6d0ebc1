import { inspect } from 'node:util'

/** `%s`, `%{public}d`, `%{private}s`, `%%`: hilog's place holders. */
const placeHolder = /%(?:%|(?:\{(public|private)\})?([sdiufxXoOjcp]))/g

/**
 * Fills in the arguments of a hilog line.
 *
 * Arguments are private unless their place holder says `public`, and appear as `<private>`. A place holder without an
 * argument stays as it is; arguments without a place holder are left out. `d` and `i` give integers, `f` numbers, `x`
 * and `X` hexadecimal, `s`, `c` and `p` text, `o`, `O` and `j` JSON.
 */
export function formatHilog(format: string, values: readonly unknown[]): string {
  let next = 0
  return format.replace(placeHolder, (whole, privacy: string | undefined, kind: string | undefined) => {
    if (kind === undefined) return '%'
    if (next >= values.length) return whole
    const value = values[next++]
    return privacy === 'public' ? render(kind, value) : '<private>'
  })
}

function render(kind: string, value: unknown): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return typeof value === 'number' ? String(Math.trunc(value)) : text(value)
    case 'x':
      return hexadecimal(value)
    case 'X':
      return hexadecimal(value).toUpperCase()
    case 'o':
    case 'O':
    case 'j':
      return json(value)
    default:
      return text(value)
  }
}

function hexadecimal(value: unknown): string {
  if (typeof value === 'bigint') return value.toString(16)
  return typeof value === 'number' && Number.isInteger(value) ? value.toString(16) : text(value)
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? text(value)
  } catch {
    return inspect(value)
  }
}

function text(value: unknown): string {
  return typeof value === 'object' && value !== null ? json(value) : String(value)
}
