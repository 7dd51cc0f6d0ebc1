import { TextDecoder } from 'node:util'

/** How one character is written: its bytes, or undefined for one that the encoding does not have. */
export type CharacterEncoder = (character: string) => readonly number[] | undefined

/**
 * The encodings of `util.TextEncoder` beside UTF-8, as the device has them: UTF-16 in both orders, GBK, GB2312 and GB18030.
 * The tables are those of ICU, asked through node's TextDecoder when they are first needed (some ms).
 *
 * @returns undefined for a name that the device does not have either
 */
export function characterEncoder(name: string): CharacterEncoder | undefined {
  switch (name.toLowerCase()) {
    case 'utf-16':
    case 'utf-16le':
      return (character) => utf16(character, true)
    case 'utf-16be':
      return (character) => utf16(character, false)
    case 'gbk':
    case 'gb2312':
      return gbk
    case 'gb18030':
      return gb18030
    default:
      return undefined
  }
}

function utf16(character: string, littleEndian: boolean): number[] {
  const bytes: number[] = []
  for (let index = 0; index < character.length; index += 1) {
    const unit = character.charCodeAt(index)
    const [low, high] = [unit & 0xff, unit >> 8]
    bytes.push(...(littleEndian ? [low, high] : [high, low]))
  }
  return bytes
}

/** The euro has a byte of its own in GBK, and a pair in GB18030 (Encoding Standard, 10.2.2). */
function gbk(character: string): readonly number[] | undefined {
  if (character === '€') return [0x80]
  return ascii(character) ?? pairs().get(character)
}

function gb18030(character: string): readonly number[] | undefined {
  const short = ascii(character) ?? pairs().get(character)
  if (short !== undefined) return short
  const point = character.codePointAt(0) ?? 0
  // The first pointer of the planes beyond the first one (Encoding Standard, index gb18030 ranges).
  if (point > 0xffff) return fourBytes(189_000 + point - 0x1_0000)
  const pointer = fours().get(character)
  return pointer === undefined ? undefined : fourBytes(pointer)
}

function ascii(character: string): number[] | undefined {
  const unit = character.charCodeAt(0)
  return unit < 0x80 ? [unit] : undefined
}

let pairTable: Map<string, readonly number[]> | undefined

/** Characters of two bytes. */
function pairs(): Map<string, readonly number[]> {
  if (pairTable !== undefined) return pairTable
  const decoder = new TextDecoder('gb18030')
  pairTable = new Map()
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue
      const character = decoder.decode(Uint8Array.of(lead, trail))
      const whole = character.length === 1 && character !== '\ufffd'
      if (whole && !pairTable.has(character)) pairTable.set(character, [lead, trail])
    }
  }
  return pairTable
}

let fourTable: Map<string, number> | undefined

/** Pointers of the characters of the first plane that take four bytes. */
function fours(): Map<string, number> {
  if (fourTable !== undefined) return fourTable
  const decoder = new TextDecoder('gb18030')
  fourTable = new Map()
  for (let pointer = 0; pointer <= 39_419; pointer += 1) {
    const character = decoder.decode(Uint8Array.from(fourBytes(pointer)))
    if (character.length === 1 && !fourTable.has(character)) fourTable.set(character, pointer)
  }
  return fourTable
}

function fourBytes(pointer: number): number[] {
  const [first, second] = [Math.floor(pointer / 12_600), Math.floor((pointer % 12_600) / 1260)]
  return [first + 0x81, second + 0x30, Math.floor((pointer % 1260) / 10) + 0x81, (pointer % 10) + 0x30]
}
