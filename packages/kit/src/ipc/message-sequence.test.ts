import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'

import { openFds } from '@vpnext/native'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { MessageSequence } from './message-sequence.ts'
import { RemoteObject } from './remote-object.ts'

/** One value of a kind, written and read by name. */
const call = (sequence: MessageSequence, name: string, ...args: unknown[]): unknown =>
  Reflect.apply(Reflect.get(sequence, name) as (...all: unknown[]) => unknown, sequence, args)

const numbers = (bits: number): fc.Arbitrary<number> =>
  fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
const long = fc.maxSafeInteger()
const double = fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value))
const char = fc.integer({ min: 0, max: 0xffff })
const text = fc.string({ unit: 'binary', maxLength: 200 })
const kinds: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Byte: numbers(8),
  Short: numbers(16),
  Int: numbers(32),
  Long: long,
  Float: double,
  Double: double,
  Boolean: fc.boolean(),
  Char: char,
  String: text,
  ByteArray: fc.array(numbers(8)),
  ShortArray: fc.array(numbers(16)),
  IntArray: fc.array(numbers(32)),
  LongArray: fc.array(long),
  FloatArray: fc.array(double),
  DoubleArray: fc.array(double),
  BooleanArray: fc.array(fc.boolean()),
  CharArray: fc.array(char),
  StringArray: fc.array(text, { maxLength: 10 }),
}
const values = fc.array(
  fc.oneof(...Object.entries(kinds).map(([kind, value]) => fc.tuple(fc.constant(kind), value))),
  { maxLength: 30 },
)

test('what is written is read, in its order, whatever it is; each value is padded to 4 bytes', () => {
  fc.assert(
    fc.property(values, (all) => {
      const sequence = MessageSequence.create()
      sequence.setCapacity(1 << 20)
      for (const [kind, value] of all) {
        call(sequence, `write${kind}`, value)
        expect(sequence.getSize() % 4).toBe(0)
      }
      for (const [kind, value] of all) expect(call(sequence, `read${kind}`)).toEqual(value)
      expect(sequence.getReadableBytes()).toBe(0)
      expect(() => call(sequence, 'readInt')).toThrow(expect.objectContaining({ code: 1900010 }))
    }),
  )
})

test('a message of garbage gives values or 1900010, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(...Object.keys(kinds)), (bytes, kind) => {
      const sequence = MessageSequence.create()
      const { parcel } = MessageSequence.contentsOf(sequence, 'data')
      parcel.append(bytes.length, (buffer, at) => buffer.set(bytes, at))
      try {
        call(sequence, `read${kind}`)
      } catch (error) {
        expect(error).toMatchObject({ code: 1900010 })
      }
      for (const name of ['readRemoteObject', 'readFileDescriptor'])
        expect(() => call(sequence, name)).toThrow(expect.objectContaining({ code: expect.any(Number) }))
    }),
  )
})

test('sizes are those of the device', () => {
  const sequence = MessageSequence.create()
  const sizeOf = (name: string, value: unknown): number => {
    const before = sequence.getSize()
    call(sequence, name, value)
    return sequence.getSize() - before
  }
  expect(sizeOf('writeByte', 1)).toBe(4)
  expect(sizeOf('writeLong', 1)).toBe(8)
  expect(sizeOf('writeFloat', 1)).toBe(8)
  expect(sizeOf('writeByteArray', [1, 2, 3, 4, 5])).toBe(12)
  // Length, three characters and a zero.
  expect(sizeOf('writeString', 'abc')).toBe(12)
  expect(sequence.getCapacity()).toBe(204_800)
  expect(sequence.getWritableBytes()).toBe(204_800 - sequence.getSize())
})

test('what does not fit is 1900009 and leaves nothing behind, until there is room', () => {
  const sequence = MessageSequence.create()
  const large = new ArrayBuffer(300 * 1024)
  sequence.writeInterfaceToken('token')
  const size = sequence.getWritePosition()
  const list = Array.from({ length: 60_000 }, (_, index) => index)
  expect(() => call(sequence, 'writeIntArray', list)).toThrow(expect.objectContaining({ code: 1900009 }))
  expect(sequence.getWritePosition()).toBe(size)
  expect(() => sequence.setCapacity(size - 4)).toThrow(expect.objectContaining({ code: 401 }))
  sequence.setCapacity(400 * 1024)
  sequence.writeArrayBuffer(large, 1)
  expect(sequence.readInterfaceToken()).toBe('token')
  expect(sequence.readArrayBuffer(1).byteLength).toBe(large.byteLength)
})

test.each<[string, unknown]>([
  ['writeInt', '1'],
  ['writeInt', Number.NaN],
  ['writeString', 1],
  ['writeString', 'x'.repeat(20_480)],
  ['writeBoolean', 1],
  ['writeIntArray', [1, 'x']],
  ['writeParcelable', {}],
  ['readParcelable', 1],
  ['rewindRead', 99],
])('%s(%j) is 401 or says that nothing is there', (name, value) => {
  const sequence = MessageSequence.create()
  expect(() => call(sequence, name, value)).toThrow(
    expect.objectContaining({ code: name.startsWith('readP') ? 1900010 : 401 }),
  )
})

test('parcelables, arrays into given ones, exceptions', () => {
  const sequence = MessageSequence.create()
  class Point {
    x = 0
    marshalling(out: MessageSequence): boolean {
      call(out, 'writeInt', this.x)
      return true
    }
    unmarshalling(input: MessageSequence): boolean {
      this.x = call(input, 'readInt') as number
      return true
    }
  }
  const points = [1, 2].map((x) => Object.assign(new Point(), { x }))
  sequence.writeParcelableArray(points)
  call(sequence, 'writeIntArray', [7, 8])
  sequence.writeNoException()
  call(sequence, 'writeInt', 3)
  call(sequence, 'writeString', 'no such thing')
  const copies = [new Point(), new Point()]
  sequence.readParcelableArray(copies)
  expect(copies).toEqual(points)
  const into: number[] = [1]
  expect(call(sequence, 'readIntArray', into)).toBeUndefined()
  expect(into).toEqual([7, 8])
  sequence.readException()
  expect(() => sequence.readException()).toThrow('no such thing')
  const failing = { marshalling: () => false }
  expect(() => sequence.writeParcelable(failing)).toThrow(expect.objectContaining({ code: 1900012 }))
})

test('a descriptor is duplicated on its way in and out, and closed once', () => {
  const before = openFds()
  const number = openSync('/etc/hostname', 'r')
  const sequence = MessageSequence.create()
  sequence.writeFileDescriptor(number)
  closeSync(number)
  expect(sequence.containFileDescriptors()).toBe(true)
  const own = sequence.readFileDescriptor()
  sequence.reclaim()
  expect(readFileSync(own)).toEqual(readFileSync('/etc/hostname'))
  MessageSequence.closeFileDescriptor(own)
  expect(() => fstatSync(own)).toThrow('EBADF')
  expect(openFds()).toBe(before)
  expect(() => MessageSequence.create().writeFileDescriptor(9999)).toThrow(
    expect.objectContaining({ code: 1900013 }),
  )
  expect(() => sequence.writeNoException()).toThrow(expect.objectContaining({ code: 1900009 }))
})

test('remote objects keep their identity; a look-alike is none', () => {
  const sequence = MessageSequence.create()
  const object = new RemoteObject('one')
  sequence.writeRemoteObjectArray([object, object])
  expect(sequence.readRemoteObjectArray()).toEqual([object, object])
  expect(() => sequence.writeRemoteObject({ getDescriptor: () => 'x' })).toThrow(
    expect.objectContaining({ code: 1900008 }),
  )
})
