const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b

/**
 * Whether JSON text has more than `most` values, without making them: an empty object takes two bytes of text, and thirty times
 * as many of memory, and whoever walks over ten million of them is busy for seconds. Counts members, elements, lists and
 * objects; of text that is no JSON something, which is no matter, as it is refused anyway.
 *
 * @param bytes UTF-8
 */
export function hasMoreValues(bytes: Uint8Array, most: number): boolean {
  // Each is counted by a byte of its own.
  if (bytes.length <= most) return false
  let values = 0
  for (let index = 0; index < bytes.length; index += 1) {
    switch (bytes[index]) {
      case QUOTE:
        index = endOfString(bytes, index + 1)
        break
      case COMMA:
      case OPEN_LIST:
      case OPEN_OBJECT:
        values += 1
        if (values > most) return true
        break
      default:
    }
  }
  return false
}

/** What is looked at byte by byte before the next quote is searched for: a search takes as long as some 30 bytes. */
const near = 32

/** @returns where the closing quote is */
function endOfString(bytes: Uint8Array, start: number): number {
  let index = start
  for (;;) {
    const end = Math.min(index + near, bytes.length)
    while (index < end && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1
    if (index < end) return index
    const quote = bytes.indexOf(QUOTE, index)
    if (quote < 0) return bytes.length
    let first = quote
    while (first > index && bytes[first - 1] === BACKSLASH) first -= 1
    // Of an even number each is escaped by the one before.
    if ((quote - first) % 2 === 0) return quote
    index = quote + 1
  }
}
