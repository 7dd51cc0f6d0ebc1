import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'

import { BusinessError } from '@vpnext/api'

import {
  integerParameter,
  listParameter,
  numberParameter,
  objectParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { rpcError } from './rpc-error.ts'

const prot = { PROT_EXEC: 4, PROT_NONE: 0, PROT_READ: 1, PROT_WRITE: 2 } as const
/** Largest size, as an int of 32 bits. */
const maxSize = 0x7fff_ffff

/**
 * `rpc.Ashmem`: memory that processes share. Here it is a file without a name that lies in memory; mapping it says how it
 * may be used, and reads and writes go to the file.
 */
export class Ashmem {
  static readonly PROT_EXEC: number = prot.PROT_EXEC
  static readonly PROT_NONE: number = prot.PROT_NONE
  static readonly PROT_READ: number = prot.PROT_READ
  static readonly PROT_WRITE: number = prot.PROT_WRITE
  readonly #name: string
  readonly #size: number
  #fd: number
  #allowed: number = prot.PROT_READ | prot.PROT_WRITE | prot.PROT_EXEC
  #mapped: number = prot.PROT_NONE

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Ashmem'))
  }

  private constructor(name: string, size: number, fd: number) {
    this.#name = name
    this.#size = size
    this.#fd = fd
  }

  /** `create(name, size)`, or `create(ashmem)` for another object of the same memory. @throws BusinessError 401 */
  static create(first: unknown, second?: unknown): Ashmem {
    if (typeof first === 'object') {
      const { name, size, descriptor } = Ashmem.partsOf(first)
      return new Ashmem(name, size, openSync(`/proc/self/fd/${descriptor}`, 'r+'))
    }
    const name = textParameter(first, 'name')
    if (name === '') throw parameterError('name', 'is empty')
    const size = integerParameter(second, 'size', 1, maxSize)
    const path = join(tmpdir(), `ashmem-${randomUUID()}`)
    const fd = openSync(path, 'wx+', 0o600)
    rmSync(path)
    ftruncateSync(fd, size)
    return new Ashmem(name, size, fd)
  }

  /** One that has come in a message. @param fd given away */
  static open(name: string, size: number, fd: number): Ashmem {
    if (size > 0 && fstatSync(fd).size >= size) return new Ashmem(name, size, fd)
    closeSync(fd)
    throw rpcError(1900010, 'the next value is no shared memory')
  }

  /** @throws BusinessError 401 */
  static partsOf(value: unknown): { name: string; size: number; descriptor: number } {
    if (typeof value !== 'object' || value === null || !(#fd in value))
      throw parameterError('ashmem', 'is not an Ashmem')
    if (value.#fd < 0) throw parameterError('ashmem', 'is closed')
    return { name: value.#name, size: value.#size, descriptor: value.#fd }
  }

  closeAshmem(): void {
    if (this.#fd >= 0) closeSync(this.#fd)
    this.#fd = -1
    this.#mapped = prot.PROT_NONE
  }

  unmapAshmem(): void {
    this.#mapped = prot.PROT_NONE
  }

  /** @throws BusinessError 401, 1900001 for more than the protection allows */
  mapTypedAshmem(type: unknown): void {
    const wanted = integerParameter(type, 'mapType', 0, 7)
    if (this.#fd < 0 || (wanted & ~this.#allowed) !== 0)
      throw rpcError(1900001, 'the protection does not allow it')
    this.#mapped = wanted
  }

  mapReadWriteAshmem(): void {
    this.mapTypedAshmem(prot.PROT_READ | prot.PROT_WRITE)
  }

  mapReadonlyAshmem(): void {
    this.mapTypedAshmem(prot.PROT_READ)
  }

  /** Rights can only be taken away. @throws BusinessError 401, 1900002 */
  setProtectionType(type: unknown): void {
    const wanted = integerParameter(type, 'protectionType', 0, 7)
    if (this.#fd < 0 || (wanted & ~this.#allowed) !== 0)
      throw rpcError(1900002, 'the protection was narrower already')
    this.#allowed = wanted
  }

  /** @throws BusinessError 401, 1900003 */
  writeDataToAshmem(buffer: unknown, size: unknown, offset: unknown): void {
    if (!(buffer instanceof ArrayBuffer)) throw parameterError('buf', 'is not an ArrayBuffer')
    const length = integerParameter(size, 'size', 0, buffer.byteLength)
    this.#write(new Uint8Array(buffer, 0, length), numberParameter(offset, 'offset'))
  }

  /** @throws BusinessError 401, 1900004 */
  readDataFromAshmem(size: unknown, offset: unknown): ArrayBuffer {
    const length = integerParameter(size, 'size', 0, maxSize)
    const at = numberParameter(offset, 'offset')
    if ((this.#mapped & prot.PROT_READ) === 0) throw rpcError(1900004, 'it is not mapped for reading')
    if (at < 0 || at + length > this.#size) throw rpcError(1900004, 'it does not reach so far')
    const buffer = new ArrayBuffer(length)
    readSync(this.#fd, new Uint8Array(buffer), 0, length, at)
    return buffer
  }

  /** Of API 8: null instead of an error. */
  static createAshmem(name: unknown, size: unknown): Ashmem | null {
    return orElse(() => Ashmem.create(name, size), null)
  }

  /** Of API 8: null instead of an error. */
  static createAshmemFromExisting(ashmem: unknown): Ashmem | null {
    return orElse(() => Ashmem.create(objectParameter(ashmem, 'ashmem')), null)
  }

  /** Of API 8, as the next four: false instead of an error. */
  mapAshmem(type: unknown): boolean {
    return succeeds(() => this.mapTypedAshmem(type))
  }

  mapReadAndWriteAshmem(): boolean {
    return succeeds(() => this.mapReadWriteAshmem())
  }

  mapReadOnlyAshmem(): boolean {
    return succeeds(() => this.mapReadonlyAshmem())
  }

  setProtection(type: unknown): boolean {
    return succeeds(() => this.setProtectionType(type))
  }

  writeToAshmem(numbers: unknown, size: unknown, offset: unknown): boolean {
    return succeeds(() => this.writeAshmem(numbers, size, offset))
  }

  /** Of API 8: nothing instead of an error. */
  readFromAshmem(size: unknown, offset: unknown): number[] {
    return orElse(() => this.readAshmem(size, offset), [])
  }

  /** The older form, with numbers. */
  writeAshmem(numbers: unknown, size: unknown, offset: unknown): void {
    const all = listParameter(numbers, 'buf', numberParameter)
    const length = integerParameter(size, 'size', 0, all.length)
    this.#write(
      Uint8Array.from(all.slice(0, length), (each) => each & 0xff),
      numberParameter(offset, 'offset'),
    )
  }

  /** The older form, with numbers. */
  readAshmem(size: unknown, offset: unknown): number[] {
    return [...new Int8Array(this.readDataFromAshmem(size, offset))]
  }

  #write(bytes: Uint8Array, offset: number): void {
    if ((this.#mapped & prot.PROT_WRITE) === 0) throw rpcError(1900003, 'it is not mapped for writing')
    if (offset < 0 || offset + bytes.length > this.#size) throw rpcError(1900003, 'it does not reach so far')
    writeSync(this.#fd, bytes, 0, bytes.length, offset)
  }
}

function orElse<T>(action: () => T, otherwise: T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof BusinessError) return otherwise
    throw error
  }
}

function succeeds(action: () => void): boolean {
  return orElse(() => {
    action()
    return true
  }, false)
}
