/**
 * A WebAssembly module of two functions on one imported memory (`m.m`), assembled here because it is shorter than a
 * toolchain. Opcodes: WebAssembly core specification 2.0, section 5.4 and, for the vector ones (0xfd), 5.4.8.
 *
 * - `s(source, length)`: the ones' complement sum of little-endian 16-bit words, folded to 16 bits; an odd last byte
 *   counts as the low half of a word. Up to 128 KiB, where the 32-bit lanes would overflow.
 * - `c(target, source, length)`: the same, and copies the bytes. The areas must not overlap, unless target < source.
 */
export function sumProgram(): Uint8Array {
  const memoryImport = code(1, 1, 0x6d, 1, 0x6d, 2, 0, 1) // one: "m" "m", a memory of at least 1 page
  const functionExports = code(2, 1, 0x73, 0, 0, 1, 0x63, 0, 1) // two: "s" is function 0, "c" is function 1
  return Uint8Array.from(
    code(
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, code(2, functionType(2), functionType(3))),
      section(2, memoryImport),
      section(3, [2, 0, 1]),
      section(7, functionExports),
      section(10, code(2, functionBody(false), functionBody(true))),
    ),
  )
}

const i32 = 0x7f
const v128 = 0x7b
const block = [0x02, 0x40]
const loop = [0x03, 0x40]
const end = 0x0b
const branch = 0x0c
const branchIf = 0x0d
const add = 0x6a
const subtract = 0x6b
const and = 0x71
const shiftRight = 0x76
const isZero = 0x45
const atLeast = 0x4f
const addLanes = [0xfd, 0xae, 0x01] // i32x4.add
const pairwise = [0xfd, 0x7f] // i32x4.extadd_pairwise_i16x8_u
const extractLane = [0xfd, 27]
// Loads and stores: opcode, alignment 2^0, offset.
const loadVector = (offset: number): number[] => [0xfd, 0, 0, offset]
const storeVector = (offset: number): number[] => [0xfd, 11, 0, offset]
const load32 = [0x28, 0, 0]
const load16 = [0x2f, 0, 0]
const load8 = [0x2d, 0, 0]
const store32 = [0x36, 0, 0]
const store16 = [0x3b, 0, 0]
const store8 = [0x3a, 0, 0]

const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const constant = (value: number): number[] => [0x41, ...signedLeb(value)]

function functionBody(copying: boolean): number[] {
  const target = 0
  const source = copying ? 1 : 0
  const [length, total, word, lanes, vector] = [source + 1, source + 2, source + 3, source + 4, source + 5]

  const increase = (local: number, by: number): number[] => code(get(local), constant(by), add, set(local))
  const whenCopying = (...parts: Part[]): number[] => (copying ? code(...parts) : [])

  /** Repeats `once`, for `size` bytes each time, while that many are left. */
  const whileLeft = (size: number, once: number[]): number[] =>
    code(
      [block, loop].flat(),
      code(get(length), constant(size), atLeast, isZero, branchIf, 1),
      once,
      increase(source, size),
      whenCopying(increase(target, size)),
      code(get(length), constant(size), subtract, set(length)),
      code(branch, 0, end, end),
    )
  const addVector = (offset: number): number[] =>
    code(
      code(get(source), loadVector(offset), set(vector)),
      whenCopying(get(target), get(vector), storeVector(offset)),
      code(get(vector), pairwise, get(lanes), addLanes, set(lanes)),
    )
  const lane = (index: number): number[] => code(get(lanes), extractLane, index)
  /** Adds a word as its two halves. */
  const addWord = (load: number[], store: number[]): number[] =>
    code(
      code(get(source), load, set(word)),
      whenCopying(get(target), get(word), store),
      code(get(total), get(word), constant(0xffff), and, add),
      code(get(word), constant(16), shiftRight, add, set(total)),
    )
  const fold = code(
    code(get(total), constant(0xffff), and),
    code(get(total), constant(16), shiftRight, add, set(total)),
  )
  const body = code(
    [2, 2, i32, 2, v128], // locals besides the parameters: total, word; lanes, vector
    whileLeft(64, [0, 16, 32, 48].flatMap(addVector)),
    whileLeft(16, addVector(0)),
    code(lane(0), lane(1), add, lane(2), add, lane(3), add, set(total)),
    fold,
    whileLeft(4, addWord(load32, store32)),
    whileLeft(2, addWord(load16, store16)),
    whileLeft(1, addWord(load8, store8)),
    code(fold, fold, get(total), end),
  )
  return code(leb(body.length), body)
}

type Part = number | readonly number[]

function code(...parts: Part[]): number[] {
  return parts.flat()
}

function functionType(parameters: number): number[] {
  return code(0x60, parameters, Array<number>(parameters).fill(i32), 1, i32)
}

function section(id: number, content: number[]): number[] {
  return code(id, leb(content.length), content)
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]
}

/** Signed LEB128 of a value that is not negative: bit 6 of the last byte must be clear. */
function signedLeb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(value >>> 7)]
}
