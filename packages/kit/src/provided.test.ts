import { inspect } from 'node:util'
import { expect, test } from 'vitest'

import { provide, provideModule } from './provided.ts'

const kit = provide('aKit', { present: 1 })
// What HarmonyOS has of it, and vpnext lacks, is in docs/kits.md.
const collections = provide('collections', { present: 1 }) as unknown as Record<string, () => unknown>
const lacking = expect.objectContaining({
  code: 801,
  data: { field: 'collections.BitVector', reason: expect.any(String) },
})

test('what HarmonyOS does not have either is undefined, and a call says so', () => {
  const newer: Record<string, () => unknown> = kit as never
  expect(kit.present).toBe(1)
  expect(typeof newer['absent']).toBe('undefined')
  expect(newer['absent']?.()).toBeUndefined()
  expect('absent' in kit).toBe(false)
  expect(() => (newer['absent'] as () => unknown)()).toThrow(TypeError)
})

test('what HarmonyOS has and vpnext lacks is a function as there, and fails 801 with its name when it is used', () => {
  const BitVector: unknown = collections['BitVector']
  expect(typeof BitVector).toBe('function')
  expect(collections['BitVector']).toBe(BitVector)
  expect('BitVector' in collections).toBe(true)
  expect(Object.keys(collections)).toEqual(['present'])
  expect(() => collections['BitVector']?.()).toThrow(lacking)
  expect(() => new (BitVector as new () => object)()).toThrow(lacking)
  expect(() => class extends (BitVector as new () => object) {}).toThrow(lacking)
  expect(() => Reflect.get(Object(BitVector), 'from')).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ field: 'collections.BitVector.from' }) }),
  )
})

test('members that bundle code has put there itself are its own', () => {
  const own = provide('collections', {}) as Record<string, unknown>
  own['BitVector'] = 1
  expect(own['BitVector']).toBe(1)
})

test('what the language and its tools do with any object is safe', async () => {
  expect(await Promise.resolve(kit)).toBe(kit)
  expect(JSON.stringify(kit)).toBe('{"present":1}')
  expect(Object.prototype.toString.call(kit)).toBe('[object Object]')
  expect(inspect(kit)).toContain('present')
  expect('absent' in kit).toBe(false)
  expect(Object.keys(kit)).toEqual(['present'])
  expect((kit as unknown as Record<symbol, unknown>)[Symbol.toPrimitive]).toBeUndefined()
})

test('an assignment stays on the object and does not reach Object.prototype', () => {
  const own = provide('own', {}) as Record<string, unknown>
  own['added'] = 2
  expect(own['added']).toBe(2)
  expect(({} as Record<string, unknown>)['added']).toBeUndefined()
})

test('what the default export holds can be imported by name', () => {
  const names = (value: unknown): unknown =>
    Reflect.get(provideModule('@ohos.x', { default: value }), 'present')
  expect(names(kit)).toBe(1)
  // An import that is nowhere can be looked at, and not used.
  const use = (value: unknown): unknown => (names(value) as () => unknown)()
  expect(() => use(Object.assign(() => {}, { present: 1 }))).toThrow(expect.objectContaining({ code: 801 }))
  expect(() => use(undefined)).toThrow(
    expect.objectContaining({ code: 801, data: expect.objectContaining({ field: '@ohos.x.present' }) }),
  )
})

test('the copy that esbuild makes for a default import is guarded too', () => {
  const module = provideModule('@ohos.x', { default: 3 }) as { __esModule: boolean; default: number }
  expect(module.__esModule).toBe(true)
  const copy = Object.create(Object.getPrototypeOf(module)) as Record<string, () => unknown>
  for (const key of Object.getOwnPropertyNames(module)) {
    Object.defineProperty(copy, key, { get: (): unknown => Reflect.get(module, key) })
  }
  expect(copy['default']).toBe(3)
  expect(() => copy['absent']?.()).toThrow(expect.objectContaining({ code: 801 }))
})
