/** Control characters but for tab, and what turns the direction of the text around it. */
const unwanted = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/**
 * Text of a bundle or its extension, for a terminal, which it must not steer: what is unwanted becomes `\xNN` or `\uNNNN`.
 */
export function visible(text: string): string {
  return text.replace(unwanted, (character) => {
    if (character === '\t') return character
    const code = character.charCodeAt(0)
    const digits = code.toString(16)
    return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`
  })
}

/** Several lines of a bundle or its extension: each {@link visible}. */
export function visibleText(text: string): string {
  return text.split('\n').map(visible).join('\n')
}

/** Longer lines of a message are cut; in UTF-16 units. A person has named what is longer. */
const longestLine = 1000

/** A message that may hold what a person, a file or a bundle wrote, line by line: {@link visible}, and of bounded length. */
export function visibleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => visible(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line))
    .join('\n')
}
