/** What a loader asks of a shared object, elf(5). */
export interface ElfFile {
  /** `x86_64`, `aarch64`, or the number of another machine. */
  readonly machine: string
  /** Names of the libraries it needs. */
  readonly needed: readonly string[]
  /** Made for the C library of HarmonyOS, which is musl's and is called `libc.so`. */
  readonly forHarmony: boolean
}

const magic = 0x7f454c46
const machines: Readonly<Record<number, string>> = { 62: 'x86_64', 183: 'aarch64', 40: 'arm' }
const loadable = 1
const dynamic = 2
const tagNeeded = 1n
const tagStringTable = 5n
const tagSymbolTable = 6n
/** Of one entry of the table of symbols, in bytes. */
const symbolSize = 24
const harmonyLibraries = /^(libc\.so|libc\+\+_shared\.so|ld-musl-.*|.*\.z\.so)$/
/** The C library of Linux, which a library has that was linked here with those of the NDK. */
const linuxLibrary = 'libc.so.6'

/** Whether a library of that name belongs to HarmonyOS, e.g. `libc++_shared.so`, which projects bring along too. */
export function isOfTheDevice(name: string): boolean {
  return harmonyLibraries.test(name)
}

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: bigint
  readonly size: number
}

/** Reads a shared object. @returns undefined when the bytes are none, or one of 32 bits or big-endian */
export function readElf(bytes: Uint8Array): ElfFile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // 64 bits, little-endian.
  if (bytes.length < 64 || view.getUint32(0) !== magic || bytes[4] !== 2 || bytes[5] !== 1) return undefined
  try {
    const number = view.getUint16(18, true)
    const needed = neededOf(bytes, view)
    return {
      machine: machines[number] ?? `machine ${number}`,
      needed,
      forHarmony: needed.some(isOfTheDevice) && !needed.includes(linuxLibrary),
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/**
 * A shared object that needs libraries by their names alone. The linker notes the whole path of one that has no name of its own
 * (`DT_SONAME`), as those of Go and of Rust; at run time it lies elsewhere.
 *
 * @returns the same bytes when there is nothing to change
 */
export function withPlainNames(bytes: Uint8Array): Uint8Array {
  if (readElf(bytes)?.needed.some((name) => name.includes('/')) !== true) return bytes
  const result = Uint8Array.from(bytes)
  const view = new DataView(result.buffer)
  for (const { at, place, name } of neededEntries(result, view)) {
    // A text may begin anywhere in the table.
    view.setBigUint64(at, place + BigInt(name.lastIndexOf('/') + 1), true)
  }
  return result
}

/** Names that a shared object wants others to have, and that begin in a way; in no order, none when its tables are damaged. */
export function undefinedSymbols(bytes: Uint8Array, beginning: RegExp): string[] {
  if (readElf(bytes) === undefined) return []
  const names: string[] = []
  try {
    for (const name of undefinedNames(bytes)) if (beginning.test(name)) names.push(name)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return []
  }
  return names
}

function* undefinedNames(bytes: Uint8Array): Generator<string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const segments = segmentsOf(view)
  const { symbols, strings } = tablesOf(view, segments)
  if (symbols === undefined || strings === undefined) return
  const start = offsetOf(segments, strings)
  // How many there are is said nowhere; all linkers put the names behind them, some with other tables between.
  for (let at = offsetOf(segments, symbols); at + symbolSize <= start; at += symbolSize) {
    const name = start + view.getUint32(at, true)
    const isUndefined = view.getUint16(at + 6, true) === 0
    if (isUndefined && name < bytes.length) yield textAt(bytes, name)
  }
}

function tablesOf(view: DataView, segments: readonly Segment[]): { symbols?: bigint; strings?: bigint } {
  const { offset, size } = segments.find(({ type }) => type === dynamic) ?? { offset: 0, size: 0 }
  const found = new Map<bigint, bigint>()
  for (let at = offset; at < offset + size; at += 16)
    found.set(view.getBigInt64(at, true), view.getBigUint64(at + 8, true))
  const symbols = found.get(tagSymbolTable)
  const strings = found.get(tagStringTable)
  return { ...(symbols !== undefined && { symbols }), ...(strings !== undefined && { strings }) }
}

function neededOf(bytes: Uint8Array, view: DataView): string[] {
  return neededEntries(bytes, view).map(({ name }) => name)
}

/** Where in the file the place of a name is noted, the place in the table of texts, and the name. */
interface NeededEntry {
  readonly at: number
  readonly place: bigint
  readonly name: string
}

function neededEntries(bytes: Uint8Array, view: DataView): NeededEntry[] {
  const segments = segmentsOf(view)
  const table = segments.find(({ type }) => type === dynamic)
  if (table === undefined) return []
  const entries: { at: number; place: bigint }[] = []
  let strings = 0n
  for (let at = table.offset; at < table.offset + table.size; at += 16) {
    const tag = view.getBigInt64(at, true)
    if (tag === 0n) break
    const value = view.getBigUint64(at + 8, true)
    if (tag === tagNeeded) entries.push({ at: at + 8, place: value })
    if (tag === tagStringTable) strings = value
  }
  const start = offsetOf(segments, strings)
  return entries.map((entry) => ({ ...entry, name: textAt(bytes, start + Number(entry.place)) }))
}

function segmentsOf(view: DataView): Segment[] {
  const start = Number(view.getBigUint64(32, true))
  const size = view.getUint16(54, true)
  return Array.from({ length: view.getUint16(56, true) }, (_none, index) => {
    const at = start + index * size
    return {
      type: view.getUint32(at, true),
      offset: Number(view.getBigUint64(at + 8, true)),
      address: view.getBigUint64(at + 16, true),
      size: Number(view.getBigUint64(at + 32, true)),
    }
  })
}

function offsetOf(segments: readonly Segment[], address: bigint): number {
  const holder = segments.find(
    (segment) =>
      segment.type === loadable &&
      address >= segment.address &&
      address < segment.address + BigInt(segment.size),
  )
  if (holder === undefined) throw new RangeError('the address is in no segment')
  return holder.offset + Number(address - holder.address)
}

function textAt(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(0, start)
  if (start >= bytes.length || end < 0) throw new RangeError('the text has no end')
  return Buffer.from(bytes.subarray(start, end)).toString('latin1')
}
