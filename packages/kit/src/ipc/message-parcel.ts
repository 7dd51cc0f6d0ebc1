import { BusinessError } from '@vpnext/api'

import { isFunction, listParameter, objectParameter, parameterError } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { MessageSequence } from './message-sequence.ts'

const zero = (): unknown => 0
const empty = (): unknown => []
const blank = (): unknown => ''
const none = (): unknown => null

/** What a `readX` gives when the next value is none of its kind. */
const otherwise: Readonly<Record<string, () => unknown>> = {
  Byte: zero,
  Short: zero,
  Int: zero,
  Long: zero,
  Float: zero,
  Double: zero,
  Char: zero,
  Boolean: () => false,
  String: blank,
  ByteArray: empty,
  ShortArray: empty,
  IntArray: empty,
  LongArray: empty,
  FloatArray: empty,
  DoubleArray: empty,
  BooleanArray: empty,
  CharArray: empty,
  StringArray: empty,
  RemoteObject: none,
  RemoteObjectArray: empty,
  InterfaceToken: blank,
  FileDescriptor: () => -1,
  Ashmem: none,
  RawData: empty,
}

/** Methods that say whether they have done it. */
const tries: readonly string[] = [
  ...Object.keys(otherwise).map((kind) => `write${kind}`),
  'writeNoException',
  'setSize',
  'setCapacity',
  'rewindRead',
  'rewindWrite',
]

/** Methods that are the same as those of a {@link MessageSequence}. */
const same: readonly string[] = [
  'containFileDescriptors',
  'getCapacity',
  'getRawDataCapacity',
  'getReadPosition',
  'getReadableBytes',
  'getSize',
  'getWritableBytes',
  'getWritePosition',
  'readException',
  'reclaim',
]

/**
 * `rpc.MessageParcel`, of API 8: a {@link MessageSequence} whose `writeX` say whether they have written, instead of failing, and whose `readX` give
 * 0, '' or nothing when there is no such value. On its way it is the same, so that old and new code talk to each other.
 */
export class MessageParcel {
  readonly #sequence: MessageSequence

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('MessageParcel'))
    for (const name of tries)
      define(this.prototype, name, (parcel, args) => parcel.#tries(() => parcel.#call(name, args)))
    for (const [kind, fallback] of Object.entries(otherwise))
      define(this.prototype, `read${kind}`, (parcel, args) =>
        parcel.#reads(() => parcel.#call(`read${kind}`, args), fallback),
      )
    for (const name of same) define(this.prototype, name, (parcel, args) => parcel.#call(name, args))
  }

  /** @param sequence what it writes to and reads from */
  constructor(sequence: MessageSequence = MessageSequence.create()) {
    this.#sequence = sequence
  }

  static create(): MessageParcel {
    return new MessageParcel()
  }

  /** The message behind one. @throws BusinessError 401 */
  static sequenceOf(value: unknown, field: string): MessageSequence {
    if (typeof value === 'object' && value !== null && #sequence in value) return value.#sequence
    throw parameterError(field, 'is not a MessageParcel')
  }

  static closeFileDescriptor(fd: unknown): void {
    MessageSequence.closeFileDescriptor(fd)
  }

  /** @returns -1 for what is not open */
  static dupFileDescriptor(fd: unknown): number {
    try {
      return MessageSequence.dupFileDescriptor(fd)
    } catch (error) {
      if (error instanceof BusinessError) return -1
      throw error
    }
  }

  /** @returns false when it does not fit, or its `marshalling` says so */
  writeSequenceable(value: unknown): boolean {
    return this.#tries(() => this.#sequence.writeParcelable(this.#parcelable(value)))
  }

  /** @returns false when there is none, or its `unmarshalling` says so */
  readSequenceable(into: unknown): boolean {
    return this.#tries(() => this.#sequence.readParcelable(this.#parcelable(into)))
  }

  writeSequenceableArray(all: unknown): boolean {
    return this.#tries(() => this.#sequence.writeParcelableArray(this.#parcelables(all)))
  }

  /** @throws BusinessError 401, 1900010: another number of them than there is room for */
  readSequenceableArray(into: unknown): void {
    this.#sequence.readParcelableArray(this.#parcelables(into))
  }

  #parcelables(all: unknown): object[] {
    return listParameter(all, 'sequenceableArray', (each) => this.#parcelable(each))
  }

  /** Its methods get this parcel. */
  #parcelable(value: unknown): object {
    const object = objectParameter(value, 'sequenceable')
    const calling = (name: string) => (): unknown => {
      const method: unknown = Reflect.get(object, name)
      if (!isFunction(method)) throw parameterError('sequenceable', `has no method ${name}`)
      return Reflect.apply(method, object, [this])
    }
    return { marshalling: calling('marshalling'), unmarshalling: calling('unmarshalling') }
  }

  #call(name: string, args: readonly unknown[]): unknown {
    const method: unknown = Reflect.get(this.#sequence, name)
    return isFunction(method) ? Reflect.apply(method, this.#sequence, args) : undefined
  }

  #tries(action: () => unknown): boolean {
    try {
      action()
      return true
    } catch (error) {
      if (error instanceof BusinessError) return false
      throw error
    }
  }

  #reads(action: () => unknown, fallback: () => unknown): unknown {
    try {
      return action()
    } catch (error) {
      if (error instanceof BusinessError) return fallback()
      throw error
    }
  }
}

function define(
  prototype: object,
  name: string,
  value: (parcel: MessageParcel, args: readonly unknown[]) => unknown,
): void {
  Object.defineProperty(prototype, name, {
    value(this: MessageParcel, ...args: unknown[]): unknown {
      return value(this, args)
    },
    writable: true,
    configurable: true,
  })
}
