import { onesSum } from '../headers/checksum.ts'
import { sumProgram } from './sum-program.ts'
import { type WasmMemory, webAssembly } from './web-assembly.ts'

/** The sums an arena needs, over its memory. Offsets and lengths are in bytes, lengths up to 131,072. */
export interface SumKernel {
  /** The ones' complement sum of big-endian 16-bit words, folded to 16 bits, not inverted (RFC 1071). */
  readonly sum: (source: number, length: number) => number
  /** The same, and copies the bytes to `target`, which must not overlap unless it lies before `source`. */
  readonly copySum: (target: number, source: number, length: number) => number
}

/**
 * Sums by WebAssembly SIMD: 1380 bytes take about 80 ns, against about 220 ns in JavaScript.
 *
 * @returns undefined where the engine cannot
 */
export function wasmSumKernel(memory: WasmMemory): SumKernel | undefined {
  if (webAssembly === undefined) return undefined
  try {
    const instance = new webAssembly.Instance(new webAssembly.Module(sumProgram()), { m: { m: memory } })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of the functions assembled there
    const { s, c } = instance.exports as {
      s: (source: number, length: number) => number
      c: (target: number, source: number, length: number) => number
    }
    return {
      sum: (source, length) => swap(s(source, length)),
      copySum: (target, source, length) => swap(c(target, source, length)),
    }
  } catch {
    return undefined
  }
}

/** Sums in plain JavaScript. */
export function scriptSumKernel(bytes: Uint8Array): SumKernel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    sum: (source, length) => onesSum(view, source, length),
    copySum(target, source, length) {
      bytes.copyWithin(target, source, source + length)
      return onesSum(view, target, length)
    },
  }
}

/** A sum of little-endian words is that of big-endian ones with its bytes exchanged (RFC 1071, 2B). */
function swap(sum: number): number {
  return ((sum & 0xff) << 8) | (sum >>> 8)
}
