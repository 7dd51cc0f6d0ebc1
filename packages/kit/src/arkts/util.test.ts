import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { utilNamespace } from './util.ts'

type Any = (...args: unknown[]) => unknown
interface Class {
  new (...args: unknown[]): Record<string, Any> & { length: number; encoding: string }
  create(...args: unknown[]): Record<string, Any>
}
const util = utilNamespace() as Record<string, Any> & Record<string, Class> & { Type: Record<string, number> }
const make = (name: string, ...args: unknown[]): Record<string, Any> & { length: number } =>
  new (util[name] as unknown as Class)(...args)
const code = (number: number): unknown => expect.objectContaining({ code: number })

test('text becomes UTF-8 in a buffer of its own, and back', () => {
  const encoder = make('TextEncoder')
  const bytes = encoder['encodeInto']?.('grüß') as Uint8Array
  expect(bytes.buffer.byteLength).toBe(bytes.length)
  expect(Buffer.from(bytes).toString()).toBe('grüß')
  const room = new Uint8Array(3)
  expect(encoder['encodeIntoUint8Array']?.('grüß', room)).toEqual({ read: 2, written: 2 })
  const decoder = (util['TextDecoder'] as unknown as Class).create('utf-8')
  expect(decoder['decodeToString']?.(bytes.subarray(0, 3), { stream: true })).toBe('gr')
  expect(decoder['decodeToString']?.(bytes.subarray(3))).toBe('üß')
  expect(() => make('TextEncoder', 'ebcdic')).toThrow(code(401))
  expect(() => decoder['decodeToString']?.('x')).toThrow(code(401))
  const fatal = make('TextDecoder', 'utf-8', { fatal: true })
  expect(() => fatal['decodeToString']?.(new Uint8Array([0xff]))).toThrow(code(401))
})

test.each([
  ['utf-16le', 'A你', [0x41, 0, 0x60, 0x4f]],
  ['UTF-16BE', '𐍈', [0xd8, 0, 0xdf, 0x48]],
  ['GBK', 'a你€', [0x61, 0xc4, 0xe3, 0x80]],
  ['gb2312', '好é', [0xba, 0xc3, 0xa8, 0xa6]],
  ['gbk', 'ก', [0x3f]],
  ['GB18030', '你€', [0xc4, 0xe3, 0xa2, 0xe3]],
  ['gb18030', 'ก𐍈😀', [0x81, 0x32, 0xce, 0x39, 0x90, 0x30, 0xd5, 0x30, 0x94, 0x39, 0xfc, 0x36]],
])('%s of %s is what others write', (encoding, text, bytes) => {
  const encoded = make('TextEncoder', encoding)['encodeInto']?.(text) as Uint8Array | undefined
  expect(Array.from(encoded ?? [])).toEqual(bytes)
})

test('what is encoded is decoded to what it was, in every encoding, also when it is cut short', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 })
  fc.assert(
    fc.property(text, fc.constantFrom('utf-16le', 'utf-16be', 'gb18030'), fc.nat(40), (input, name, room) => {
      const encoder = make('TextEncoder', name)
      const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true })
      expect(decoder.decode(encoder['encodeInto']?.(input) as Uint8Array)).toBe(input)
      const cut = new Uint8Array(room)
      const did = encoder['encodeIntoUint8Array']?.(input, cut) as
        { read: number; written: number } | undefined
      expect(decoder.decode(cut.subarray(0, did?.written))).toBe(input.slice(0, did?.read ?? -1))
    }),
  )
})

test('a byte order mark stays in the text unless it is to be ignored, which the Encoding Standard has the other way round', () => {
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d])
  const decoded = (options?: object, encoding = 'utf-8', input = bytes): unknown =>
    make('TextDecoder', encoding, options)['decodeToString']?.(input, { stream: false })
  // The documents' example.
  expect(decoded({ fatal: false, ignoreBOM: true })).toBe('{}')
  expect(decoded({ ignoreBOM: false })).toBe('\uFEFF{}')
  expect(decoded()).toBe('\uFEFF{}')
  expect(decoded({ ignoreBOM: true }, 'utf-16le', new Uint8Array([0xff, 0xfe, 0x41, 0]))).toBe('A')
  expect(decoded({ ignoreBOM: true }, 'utf-8', bytes.subarray(3))).toBe('{}')
  expect(make('TextDecoder', 'utf-8', { ignoreBOM: true })['ignoreBOM']).toBe(true)
  // Of a stream each beginning is its own, and a mark in the middle is none.
  const stream = make('TextDecoder', 'utf-8', { ignoreBOM: true })
  expect(stream['decodeWithStream']?.(bytes.subarray(0, 2), { stream: true })).toBe('')
  expect(stream['decodeWithStream']?.(bytes.subarray(2), { stream: true })).toBe('{}')
  expect(stream['decode']?.(new Uint8Array([0x41, ...bytes]))).toBe('A\uFEFF{}')
})

test('text that arrives in pieces is put together', () => {
  const decoder = make('StringDecoder', 'utf-8')
  const bytes = new Uint8Array(Buffer.from('€'))
  expect(decoder['write']?.(bytes.subarray(0, 2))).toBe('')
  expect(decoder['end']?.(bytes.subarray(2))).toBe('€')
})

test('Base64 of every type is decoded to what it was', () => {
  const helper = make('Base64Helper')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 1, 2, 3), (bytes, type) => {
      const text = helper['encodeToStringSync']?.(bytes, type) as string
      expect(helper['decodeSync']?.(text, type)).toEqual(bytes)
      expect(text.split('\r\n').every((line) => line.length <= (type % 2 === 1 ? 76 : 1000))).toBe(true)
    }),
  )
  expect(helper['encodeToStringSync']?.(new Uint8Array([0xfb, 0xff]))).toBe('+/8=')
  expect(helper['encodeToStringSync']?.(new Uint8Array([0xfb, 0xff]), util.Type['BASIC_URL_SAFE'])).toBe(
    '-_8',
  )
  expect(() => helper['decodeSync']?.('-_8')).toThrow(code(401))
  expect(() => helper['decodeSync']?.('abc')).toThrow(code(401))
  expect(() => helper['encodeSync']?.('text')).toThrow(code(401))
})

test('Base64 waits too', async () => {
  const helper = make('Base64Helper')
  expect(await helper['encodeToString']?.(new Uint8Array([1]))).toBe('AQ==')
  expect(await helper['decode']?.('AQ==')).toEqual(new Uint8Array([1]))
})

test('UUIDs are random, and parsed', () => {
  const uuid = util['generateRandomUUID']?.(true) as string
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(util['generateRandomUUID']?.()).not.toBe(uuid)
  const bytes = util['parseUUID']?.(uuid) as Uint8Array
  expect(Buffer.from(bytes).toString('hex')).toBe(uuid.replaceAll('-', ''))
  expect(util['generateRandomBinaryUUID']?.()).toHaveLength(16)
  expect(() => util['parseUUID']?.('none')).toThrow(code(10200002))
})

test('functions with callbacks and promises are turned into each other', async () => {
  const add = (a: number, b: number, callback: (error: unknown, sum?: number) => void): void =>
    a < 0 ? callback(new Error('negative')) : callback(undefined, a + b)
  const promised = util['promisify']?.(add) as (...args: number[]) => Promise<number>
  expect(await promised(1, 2)).toBe(3)
  await expect(promised(-1, 2)).rejects.toThrow('negative')
  const wrapped = util['callbackWrapper']?.(async (a: number) => a * 2) as Any
  expect(
    await new Promise((resolve) => wrapped(4, (error: unknown, value: unknown) => resolve([error, value]))),
  ).toEqual([undefined, 8])
})

test('a cache forgets what was used longest ago', () => {
  const cache = make('LRUCache', 2)
  cache['put']?.('a', 1)
  cache['put']?.('b', 2)
  cache['get']?.('a')
  cache['put']?.('c', 3)
  expect([cache['contains']?.('a'), cache['contains']?.('b'), cache['keys']?.()]).toEqual([
    true,
    false,
    ['c', 'a'],
  ])
  expect(cache['toString']?.()).toBe('LRUCache[ maxSize = 2, hits = 2, misses = 0, hitRate = 100% ]')
  expect(() => make('LRUCache', 0)).toThrow(code(401))
})

test('questions about types, texts and errors', () => {
  const types = make('types')
  expect(types['isUint8Array']?.(new Uint8Array())).toBe(true)
  expect(types['isPromise']?.(1)).toBe(false)
  expect(util['format']?.('%s is %d', 'it', 4)).toBe('it is 4')
  expect(util['errnoToString']?.(-2)).toBe('no such file or directory')
  const object = {}
  expect(util['getHash']?.(object)).toBe(util['getHash']?.(object))
  expect(util['getHash']?.({})).not.toBe(util['getHash']?.(object))
})

test('a finalizer is called once its object is gone, with what it holds', async () => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  const gone = new Promise((resolve) => {
    const Finalizer = Reflect.get(util, 'AutoFinalizer') as unknown as new () => object
    const Cleaner = Reflect.get(util, 'AutoFinalizerCleaner') as unknown as Record<string, Any>
    class Handle extends Finalizer {
      onFinalization(held: unknown): void {
        resolve(held)
      }
    }
    Cleaner['register']?.(new Handle(), 'descriptor 7')
    expect(() => Cleaner['register']?.({}, 1)).toThrow(code(401))
  })
  const timer = setInterval(collect as () => void, 5)
  expect(await gone).toBe('descriptor 7')
  clearInterval(timer)
})

test('the stack of the caller', () => {
  expect(util['getMainThreadStackTrace']?.()).toContain('util.test.ts')
})
