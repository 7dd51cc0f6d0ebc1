import { WgQuickError } from './wg-quick-error.ts'

/** A line that says something: the name of a section, or a key with its value. */
export type ConfigLine =
  | { readonly kind: 'section'; readonly line: number; readonly name: string }
  | {
      readonly kind: 'setting'
      readonly line: number
      readonly key: string
      readonly value: string
      /** The value with all that is behind it: in a command `#` may stand for something else, of which a shell knows. */
      readonly command: string
    }

/** A full route table with the longest prefixes has about 6 MB. */
const longestFile = 16 * 1024 * 1024

/**
 * Splits a file as wg-quick does: everything from `#` on is a comment, but in commands; blanks around names, keys and values do
 * not count.
 *
 * @throws WgQuickError
 */
export function* configLines(text: string, file: string): Generator<ConfigLine> {
  if (text.length > longestFile) throw new WgQuickError({ file, line: 1 }, 'the file is longer than 16 MB')
  let line = 0
  for (const raw of text.replace(/^\uFEFF/, '').split('\n')) {
    line += 1
    const said = raw.replace(/#.*$/s, '').trim()
    if (said !== '') yield readLine(said, raw, { file, line })
  }
}

function readLine(said: string, raw: string, place: { file: string; line: number }): ConfigLine {
  const { line } = place
  const section = /^\[\s*(\w+)\s*\]$/.exec(said)?.[1]
  if (section !== undefined) return { kind: 'section', line, name: section }
  const equals = said.indexOf('=')
  // The line itself is not shown: it may be a key that lost its name.
  if (equals < 0) throw new WgQuickError(place, 'neither a [Section] nor "Key = value"')
  const key = said.slice(0, equals).trim()
  if (!/^\w+$/.test(key)) throw new WgQuickError(place, 'what is before the "=" is no key')
  const [value, command] = [said, raw].map((text) => text.slice(text.indexOf('=') + 1).trim())
  return { kind: 'setting', line, key, value: value ?? '', command: command ?? '' }
}
