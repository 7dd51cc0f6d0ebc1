import { memoryAddress } from '@vpnext/native'

import { scriptSumKernel, type SumKernel, wasmSumKernel } from './sum-kernel.ts'
import { wasmPage, webAssembly } from './web-assembly.ts'

/** Enough for one TUN device and one UDP socket with all their buffers. */
const defaultSize = 16 * 1024 * 1024

/**
 * One block of memory in which packets arrive, are worked on and leave. Packets are an offset and a length in it, so
 * none needs an object. Memory never moves and is not given back piecewise: an arena lives and dies with its devices.
 */
export class Arena {
  /** All of it. */
  readonly bytes: Uint8Array
  /** The same memory; for fields of 16 and 32 bits. */
  readonly view: DataView
  /** The address of offset 0, for system calls. */
  readonly address: number
  /** {@link SumKernel.sum}: the ones' complement sum of bytes, for checksums. */
  readonly sum: SumKernel['sum']
  /** {@link SumKernel.copySum}: the same while copying. */
  readonly copySum: SumKernel['copySum']
  #next = 0

  private constructor(bytes: Uint8Array, kernel: SumKernel) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.address = memoryAddress(bytes)
    this.sum = kernel.sum
    this.copySum = kernel.copySum
  }

  /**
   * A new arena, all zeros. Pages that are never touched take no memory.
   *
   * @param size bytes, 65,536 to 1 GiB, rounded up to a multiple of 65,536; default 16 MiB
   * @throws RangeError for other sizes, or when there is no memory
   */
  static create(size: number = defaultSize): Arena {
    if (!Number.isInteger(size) || size < wasmPage || size > 2 ** 30) throw new RangeError(`size: ${size}`)
    const pages = Math.ceil(size / wasmPage)
    if (webAssembly !== undefined) {
      const memory = new webAssembly.Memory({ initial: pages, maximum: pages })
      const bytes = new Uint8Array(memory.buffer)
      return new Arena(bytes, wasmSumKernel(memory) ?? scriptSumKernel(bytes))
    }
    const bytes = new Uint8Array(pages * wasmPage)
    return new Arena(bytes, scriptSumKernel(bytes))
  }

  /** Bytes that {@link allocate} has not given out. */
  get free(): number {
    return this.bytes.length - this.#next
  }

  /**
   * Sets bytes aside for good.
   *
   * @param alignment a power of two
   * @returns their offset
   * @throws RangeError when the arena is full
   */
  allocate(length: number, alignment = 64): number {
    const offset = (this.#next + alignment - 1) & ~(alignment - 1)
    if (!Number.isInteger(length) || length < 0 || offset + length > this.bytes.length) {
      throw new RangeError(`arena: no room for ${length} bytes, ${this.free} are free`)
    }
    this.#next = offset + length
    return offset
  }

  /** A view of `length` bytes at `offset`: an object, so not for every packet of a fast path. */
  slice(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(offset, offset + length)
  }
}
