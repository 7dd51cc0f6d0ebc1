import { Fd } from '@vpnext/native'

import { isOpen } from '../file/borrowed-fd.ts'
import { integerParameter, listParameter, objectParameter, parameterError } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { readArrayBuffer, writeArrayBuffer } from './array-buffer.ts'
import { Ashmem } from './ashmem.ts'
import {
  duplicate,
  type MessageContents,
  readDescriptor,
  readObject,
  writeDescriptor,
  writeObject,
} from './message-contents.ts'
import { Parcel } from './parcel.ts'
import { callParcelable } from './parcelable.ts'
import { rawDataCapacity, readRawBuffer, writeRawBuffer, writeRawNumbers } from './raw-data.ts'
import type { IRemoteObject } from './remote-kind.ts'
import { rpcError } from './rpc-error.ts'
import { sequenceValues } from './sequence-values.ts'
import { int, text } from './value-codecs.ts'

/** `rpc.MessageSequence`: `writeX` and `readX` for every one of {@link sequenceValues}, and what is below. */
export class MessageSequence {
  readonly #contents: MessageContents
  #reclaimed = false

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('MessageSequence'))
    for (const [name, codec] of Object.entries(sequenceValues)) {
      define(this.prototype, `write${name}`, function (this: MessageSequence, value: unknown): void {
        const { parcel } = this.#live(1900009)
        codec.write(parcel, codec.check(value, 'val'))
      })
      define(this.prototype, `read${name}`, function (this: MessageSequence, into?: unknown): unknown {
        const value = codec.read(this.#live(1900010).parcel)
        if (into === undefined) return value
        return fill(value, into)
      })
    }
  }

  /** @param contents given away */
  constructor(contents: MessageContents = { parcel: new Parcel(), objects: [], descriptors: [] }) {
    this.#contents = contents
  }

  static create(): MessageSequence {
    return new MessageSequence()
  }

  /** The contents of one that is no other object. @throws BusinessError 401 */
  static contentsOf(value: unknown, field: string): MessageContents {
    if (typeof value === 'object' && value !== null && #contents in value) return value.#live(1900009)
    throw parameterError(field, 'is not a MessageSequence')
  }

  /** Puts contents in the place of a reply's own. @throws BusinessError 401 */
  static replace(reply: unknown, contents: MessageContents): void {
    const own = MessageSequence.contentsOf(reply, 'reply')
    own.parcel.setCapacity(Math.max(own.parcel.capacity, contents.parcel.size))
    own.parcel.seekWrite(0)
    own.parcel.setSize(0)
    own.parcel.append(contents.parcel.size, (buffer, at) => buffer.set(contents.parcel.bytes, at))
    own.parcel.seekRead(0)
    own.objects.splice(0, own.objects.length, ...contents.objects)
    for (const fd of own.descriptors) fd.close()
    own.descriptors.splice(0, own.descriptors.length, ...contents.descriptors)
  }

  /** Closes the descriptors that it holds; it can neither be read nor written from then on. */
  reclaim(): void {
    this.#reclaimed = true
    for (const fd of this.#contents.descriptors) fd.close()
  }

  writeRemoteObject(object: unknown): void {
    writeObject(this.#live(1900009), object)
  }

  readRemoteObject(): IRemoteObject {
    return readObject(this.#live(1900010))
  }

  writeRemoteObjectArray(all: unknown): void {
    const checked = listParameter(all, 'objectArray', (each) => each)
    int.write(this.#live(1900009).parcel, checked.length)
    for (const object of checked) this.writeRemoteObject(object)
  }

  readRemoteObjectArray(into?: unknown): IRemoteObject[] | undefined {
    const length = this.#count()
    const all = Array.from({ length }, () => this.readRemoteObject())
    if (into === undefined) return all
    fill(all, into)
    return undefined
  }

  writeInterfaceToken(token: unknown): void {
    text.write(this.#live(1900009).parcel, text.check(token, 'token'))
  }

  readInterfaceToken(): string {
    return text.read(this.#live(1900010).parcel)
  }

  writeNoException(): void {
    int.write(this.#live(1900009).parcel, 0)
  }

  /** @throws the exception that was written instead: a code other than 0, and its text */
  readException(): void {
    const { parcel } = this.#live(1900010)
    const code = int.read(parcel)
    if (code === 0) return
    throw new Error(text.read(parcel))
  }

  writeParcelable(value: unknown): void {
    const { parcel } = this.#live(1900009)
    int.write(parcel, 1)
    callParcelable(value, 'marshalling', this)
  }

  readParcelable(into: unknown): void {
    const { parcel } = this.#live(1900010)
    if (int.read(parcel) === 0) throw rpcError(1900010, 'there is no parcelable')
    callParcelable(into, 'unmarshalling', this)
  }

  writeParcelableArray(all: unknown): void {
    const checked = listParameter(all, 'parcelableArray', objectParameter)
    int.write(this.#live(1900009).parcel, checked.length)
    for (const value of checked) this.writeParcelable(value)
  }

  readParcelableArray(into: unknown): void {
    const all = listParameter(into, 'parcelableArray', objectParameter)
    const length = this.#count()
    if (length !== all.length)
      throw rpcError(1900010, `there are ${length} parcelables, and room for ${all.length}`)
    for (const value of all) this.readParcelable(value)
  }

  writeArrayBuffer(buffer: unknown, code: unknown): void {
    writeArrayBuffer(this.#live(1900009).parcel, buffer, code)
  }

  readArrayBuffer(code: unknown): ArrayBuffer {
    return readArrayBuffer(this.#live(1900010).parcel, code)
  }

  getRawDataCapacity(): number {
    return rawDataCapacity
  }

  /** @param size how many of the numbers, in bytes of 4 each on the device; here each is a byte */
  writeRawData(data: unknown, size: unknown): void {
    writeRawNumbers(this.#live(1900009).parcel, data, size)
  }

  writeRawDataBuffer(data: unknown, size: unknown): void {
    writeRawBuffer(this.#live(1900009).parcel, data, size)
  }

  readRawData(size: unknown): number[] {
    return [...new Int8Array(this.readRawDataBuffer(size))]
  }

  readRawDataBuffer(size: unknown): ArrayBuffer {
    return readRawBuffer(this.#live(1900010).parcel, size)
  }

  containFileDescriptors(): boolean {
    return this.#contents.descriptors.length > 0
  }

  /** Takes a duplicate; the number stays the caller's. */
  writeFileDescriptor(fd: unknown): void {
    writeDescriptor(this.#live(1900009), integerParameter(fd, 'fd'))
  }

  /** @returns a descriptor of the reader's own */
  readFileDescriptor(): number {
    return readDescriptor(this.#live(1900010))
  }

  static closeFileDescriptor(fd: unknown): void {
    const number = integerParameter(fd, 'fd')
    if (!isOpen(number)) throw parameterError('fd', 'is not open')
    Fd.adopt(number).close()
  }

  static dupFileDescriptor(fd: unknown): number {
    return duplicate(integerParameter(fd, 'fd')).release()
  }

  writeAshmem(ashmem: unknown): void {
    const { name, size, descriptor } = Ashmem.partsOf(ashmem)
    text.write(this.#live(1900009).parcel, name)
    int.write(this.#live(1900009).parcel, size)
    this.writeFileDescriptor(descriptor)
  }

  readAshmem(): Ashmem {
    const { parcel } = this.#live(1900010)
    const name = text.read(parcel)
    return Ashmem.open(name, int.read(parcel), this.readFileDescriptor())
  }

  getSize(): number {
    return this.#contents.parcel.size
  }

  getCapacity(): number {
    return this.#contents.parcel.capacity
  }

  setSize(size: unknown): void {
    if (!this.#live(1900009).parcel.setSize(integerParameter(size, 'size', 0)))
      throw parameterError('size', 'is more than the capacity')
  }

  setCapacity(capacity: unknown): void {
    if (!this.#live(1900009).parcel.setCapacity(integerParameter(capacity, 'size', 0, 0xffff_ffff)))
      throw parameterError('size', 'is less than there is')
  }

  getWritableBytes(): number {
    const { capacity, writePosition } = this.#contents.parcel
    return capacity - writePosition
  }

  getReadableBytes(): number {
    const { size, readPosition } = this.#contents.parcel
    return size - readPosition
  }

  getReadPosition(): number {
    return this.#contents.parcel.readPosition
  }

  getWritePosition(): number {
    return this.#contents.parcel.writePosition
  }

  rewindRead(position: unknown): void {
    if (!this.#live(1900010).parcel.seekRead(integerParameter(position, 'pos', 0)))
      throw parameterError('pos', 'is past the end')
  }

  rewindWrite(position: unknown): void {
    if (!this.#live(1900009).parcel.seekWrite(integerParameter(position, 'pos', 0)))
      throw parameterError('pos', 'is past the end')
  }

  #live(code: 1900009 | 1900010): MessageContents {
    if (this.#reclaimed) throw rpcError(code, 'the message was reclaimed')
    return this.#contents
  }

  #count(): number {
    const { parcel } = this.#live(1900010)
    const count = int.read(parcel)
    if (count < 0 || count * 4 > parcel.size - parcel.readPosition)
      throw rpcError(1900010, `a list of ${count} is wanted, and there is not so much`)
    return count
  }
}

/** For `readXArray(into)`, which gives nothing back. */
function fill(value: unknown, into: unknown): undefined {
  if (!Array.isArray(value)) return undefined
  if (!Array.isArray(into)) throw parameterError('dataIn', 'is not an array')
  const target: unknown[] = into
  target.splice(0, target.length, ...value)
  return undefined
}

function define(
  prototype: object,
  name: string,
  value: (this: MessageSequence, argument?: unknown) => unknown,
): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true })
}
