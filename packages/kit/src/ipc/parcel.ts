import { rpcError } from './rpc-error.ts'

/** What a new parcel may hold, in bytes, as on the device; `setCapacity` changes it. */
const defaultCapacity = 200 * 1024
/** Every value begins at a multiple of this, as on the device. */
const alignment = 4

/**
 * Bytes that are written at one position and read at another: little-endian values, each padded to 4 bytes, as the
 * device's parcels have them, so that sizes and positions are the same.
 */
export class Parcel {
  #bytes: Buffer
  #size = 0
  #capacity = defaultCapacity
  #read = 0
  #write = 0

  /** @param bytes what it holds from the start; taken over */
  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes
    this.#size = bytes.length
    this.#write = bytes.length
    this.#capacity = Math.max(defaultCapacity, bytes.length)
  }

  get size(): number {
    return this.#size
  }

  get capacity(): number {
    return this.#capacity
  }

  get readPosition(): number {
    return this.#read
  }

  get writePosition(): number {
    return this.#write
  }

  /** Everything written so far; not a copy. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size)
  }

  /** @returns false for less than there is */
  setCapacity(capacity: number): boolean {
    if (capacity < this.#size) return false
    this.#capacity = capacity
    return true
  }

  /** @returns false for more than the capacity */
  setSize(size: number): boolean {
    if (size > this.#capacity) return false
    this.#reserve(size)
    this.#size = size
    this.#read = Math.min(this.#read, size)
    this.#write = Math.min(this.#write, size)
    return true
  }

  /** @returns false outside of what was written */
  seekRead(position: number): boolean {
    if (position > this.#size) return false
    this.#read = position
    return true
  }

  /** @returns false outside of what was written */
  seekWrite(position: number): boolean {
    if (position > this.#size) return false
    this.#write = position
    return true
  }

  /**
   * Appends a value.
   *
   * @param length of the value, in bytes
   * @param put writes it at the offset it is given
   * @throws BusinessError 1900009 when there is no room; then nothing has changed
   */
  append(length: number, put: (buffer: Buffer, offset: number) => void): void {
    const end = this.#write + padded(length)
    if (end > this.#capacity)
      throw rpcError(1900009, `${end} bytes are more than the capacity, ${this.#capacity} bytes`)
    this.#reserve(end)
    this.#bytes.fill(0, this.#write, end)
    put(this.#bytes, this.#write)
    this.#write = end
    this.#size = Math.max(this.#size, end)
  }

  /**
   * Takes the next value.
   *
   * @throws BusinessError 1900010 when there is not so much; then the position stays
   */
  take<T>(length: number, get: (buffer: Buffer, offset: number) => T): T {
    if (length < 0 || this.#read + length > this.#size)
      throw rpcError(1900010, `${length} bytes are wanted at ${this.#read}, of ${this.#size}`)
    const value = get(this.#bytes, this.#read)
    this.#read = Math.min(this.#size, this.#read + padded(length))
    return value
  }

  #reserve(size: number): void {
    if (this.#bytes.length >= size) return
    const grown = Buffer.alloc(Math.max(size, this.#bytes.length * 2, 64))
    this.#bytes.copy(grown)
    this.#bytes = grown
  }
}

function padded(length: number): number {
  return Math.ceil(length / alignment) * alignment
}
