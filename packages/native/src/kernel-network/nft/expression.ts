import type { BatchWriter } from './batch-writer.ts'

/** include/uapi/linux/netfilter/nf_tables.h: NFTA_LIST_ELEM, NFTA_EXPR_NAME, NFTA_EXPR_DATA. */
const LIST_ELEMENT = 1
const NAME = 1
const DATA = 2

/** The attributes within DATA have the numbers of enum nft_meta_attributes, nft_ct_attributes and so on. */
const META = nameAttribute('meta')
const CT = nameAttribute('ct')
const FIB = nameAttribute('fib')
const PAYLOAD = nameAttribute('payload')
const EXTENSION_HEADER = nameAttribute('exthdr')
const BITWISE = nameAttribute('bitwise')
const COMPARE = nameAttribute('cmp')
const LOOKUP = nameAttribute('lookup')
const IMMEDIATE = nameAttribute('immediate')
const REJECT = nameAttribute('reject')

/** enum nft_registers. All but concatenations use the first data register alone. */
const REGISTER = 1
const VERDICT_REGISTER = 0
/** Words of a value of up to four bytes with the attributes around it. */
const VALUE_WORDS = 3

/**
 * Expressions that have been written, by what they depend on, with 0 in place of values. A guard has hundreds, most of
 * which are alike; to copy one is a fifth of the work.
 */
const written = new Map<number, Int32Array>()

/** enum nft_meta_keys */
export const META_MARK = 3
export const META_INPUT_NAME = 6
export const META_OUTPUT_NAME = 7
export const META_USER = 10
export const META_FAMILY = 15
export const META_PROTOCOL = 16

/** enum nft_ct_keys */
export const CT_STATE = 0
export const CT_DIRECTION = 1
export const CT_MARK = 3

/** enum nft_cmp_ops */
export const EQUAL = 0
export const UNEQUAL = 1
export const LESS = 2

/** enum nft_payload_bases */
export const NETWORK_HEADER = 1
export const TRANSPORT_HEADER = 2

/** enum nft_verdicts, linux/netfilter.h */
export const VERDICT_ACCEPT = 1
export const VERDICT_DROP = 0
export const VERDICT_JUMP = -3
export const VERDICT_RETURN = -5

/** enum nft_fib_result, enum nft_fib_flags */
const FIB_ADDRESS_TYPE = 3
export const FIB_SOURCE = 1
export const FIB_DESTINATION = 2

/** enum nft_exthdr_op */
const TCP_OPTION = 1

export function loadMeta(writer: BatchWriter, key: number, register: number = REGISTER): void {
  access(writer, META, 1, key, 1, register)
}

export function setMeta(writer: BatchWriter, key: number): void {
  access(writer, META, 2, key, 3, REGISTER)
}

export function loadCt(writer: BatchWriter, key: number): void {
  access(writer, CT, 3, key, 1, REGISTER)
}

export function setCt(writer: BatchWriter, key: number): void {
  access(writer, CT, 4, key, 4, REGISTER)
}

/** @param attribute that names the register: the destination's or the source's */
function access(
  writer: BatchWriter,
  name: Int32Array,
  kind: number,
  key: number,
  attribute: number,
  register: number,
): void {
  const id = identify(kind, key, register, 0)
  if (repeat(writer, id)) return
  const start = begin(writer, name)
  writer.u32(2, key)
  writer.u32(attribute, register)
  keep(writer, id, end(writer, start, name))
}

/** @param flags which address */
export function loadAddressType(writer: BatchWriter, flags: number): void {
  const id = identify(5, flags, 0, 0)
  if (repeat(writer, id)) return
  const start = begin(writer, FIB)
  writer.u32(3, flags)
  writer.u32(2, FIB_ADDRESS_TYPE)
  writer.u32(1, REGISTER)
  keep(writer, id, end(writer, start, FIB))
}

/** @param offset and size: bytes, 0..63 */
export function loadPayload(
  writer: BatchWriter,
  base: number,
  offset: number,
  size: number,
  register: number = REGISTER,
): void {
  const id = identify(6, base, offset, (size << 8) | register)
  if (repeat(writer, id)) return
  const start = begin(writer, PAYLOAD)
  writer.u32(1, register)
  writer.u32(2, base)
  writer.u32(3, offset)
  writer.u32(4, size)
  keep(writer, id, end(writer, start, PAYLOAD))
}

/** Ends the rule for segments without the option. @param kind of the option, 0..63 @param offset and size: bytes, 0..63 */
export function loadTcpOption(writer: BatchWriter, kind: number, offset: number, size: number): void {
  const id = identify(9, kind, offset, size)
  if (repeat(writer, id)) return
  const start = begin(writer, EXTENSION_HEADER)
  writer.u32(1, REGISTER)
  writer.raw(2, kind, 1)
  writer.u32(3, offset)
  writer.u32(4, size)
  writer.u32(6, TCP_OPTION)
  keep(writer, id, end(writer, start, EXTENSION_HEADER))
}

/**
 * Makes the register's value v into (v & mask) ^ flip.
 *
 * @param mask and flip: words as they lie in memory
 * @param size bytes, 1..4
 */
export function bitwise(writer: BatchWriter, mask: number, flip: number, size: number): void {
  const id = identify(7, size, 0, 0)
  if (!repeat(writer, id)) {
    const start = begin(writer, BITWISE)
    writer.u32(1, REGISTER)
    writer.u32(2, REGISTER)
    writer.u32(3, size)
    value(writer, 4, 0, size)
    value(writer, 5, 0, size)
    keep(writer, id, end(writer, start, BITWISE))
  }
  writer.amend(VALUE_WORDS + 1, mask)
  writer.amend(1, flip)
}

/**
 * Goes on when the register compares with a value.
 *
 * @param word as it lies in memory
 * @param size bytes, 1..4
 */
export function compare(writer: BatchWriter, comparison: number, word: number, size: number): void {
  const id = identify(8, comparison, size, 0)
  if (!repeat(writer, id)) {
    const start = begin(writer, COMPARE)
    writer.u32(1, REGISTER)
    writer.u32(2, comparison)
    value(writer, 3, 0, size)
    keep(writer, id, end(writer, start, COMPARE))
  }
  writer.amend(1, word)
}

/** Goes on when the register has these bytes: a name, an address. */
export function compareBytes(writer: BatchWriter, bytes: Uint8Array): void {
  const start = begin(writer, COMPARE)
  writer.u32(1, REGISTER)
  writer.u32(2, EQUAL)
  const nested = writer.open(3)
  writer.data(1, bytes)
  writer.close(nested)
  end(writer, start, COMPARE)
}

/** Goes on when the register is in a set. @param id of the set in its batch, for one without a name */
export function lookUp(writer: BatchWriter, set: string, id?: number): void {
  const start = begin(writer, LOOKUP)
  writer.u32(2, REGISTER)
  writer.text(1, set)
  if (id !== undefined) writer.u32(4, id)
  end(writer, start, LOOKUP)
}

/** @param code enum nft_verdicts or linux/netfilter.h @param chain to jump to */
export function verdict(writer: BatchWriter, code: number, chain?: string): void {
  const start = begin(writer, IMMEDIATE)
  writer.u32(1, VERDICT_REGISTER)
  const nested = writer.open(2)
  const inner = writer.open(2)
  writer.u32(1, code)
  if (chain !== undefined) writer.text(2, chain)
  writer.close(inner)
  writer.close(nested)
  end(writer, start, IMMEDIATE)
}

/** @param type enum nft_reject_types @param code of the ICMP message */
export function reject(writer: BatchWriter, type: number, code: number): void {
  const start = begin(writer, REJECT)
  writer.u32(1, type)
  writer.raw(2, code, 1)
  end(writer, start, REJECT)
}

/** Three words, the last of which is the value. */
function value(writer: BatchWriter, type: number, word: number, size: number): void {
  const nested = writer.open(type)
  writer.raw(1, word, size)
  writer.close(nested)
}

function begin(writer: BatchWriter, name: Int32Array): number {
  const start = writer.open(LIST_ELEMENT)
  writer.words(name)
  writer.open(DATA)
  return start
}

/** @returns where it began */
function end(writer: BatchWriter, start: number, name: Int32Array): number {
  writer.close(start + 1 + name.length)
  writer.close(start)
  return start
}

/** @param kind 0..15 @param first and second 0..63 @param third 16 bits */
function identify(kind: number, first: number, second: number, third: number): number {
  return (((kind << 6) | first) << 22) | (second << 16) | third
}

function repeat(writer: BatchWriter, id: number): boolean {
  const words = written.get(id)
  if (words === undefined) return false
  writer.words(words)
  return true
}

function keep(writer: BatchWriter, id: number, start: number): void {
  written.set(id, writer.part(start, writer.length).slice())
}

function nameAttribute(name: string): Int32Array {
  const size = name.length + 1
  const words = new Int32Array(1 + ((size + 3) >> 2))
  words[0] = (4 + size) | (NAME << 16)
  Buffer.from(words.buffer).write(name, 4)
  return words
}
