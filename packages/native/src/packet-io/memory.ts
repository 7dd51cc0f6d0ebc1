import { addressOf } from '../libc.ts'

/**
 * The address of the first byte of `bytes`, for the calls of this folder. Memory of an `ArrayBuffer` or a
 * `WebAssembly.Memory` never moves, so the address is taken once and offsets are added to it; addresses of user space
 * are below 2^47 and exact as numbers.
 *
 * These calls check nothing: an address or a length outside memory that the caller holds corrupts the process. Keep
 * `bytes` referenced for as long as the address is used, and never grow the `WebAssembly.Memory` behind it.
 */
export function memoryAddress(bytes: Uint8Array): number {
  return Number(addressOf(bytes))
}
