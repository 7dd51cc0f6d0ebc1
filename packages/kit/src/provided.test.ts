import { inspect } from 'node:util'
import { expect, test } from 'vitest'

import { provide, provideModule } from './provided.ts'

const kit = provide('aKit', { present: 1 })

test('a present member is there, a missing one throws 801 with its name', () => {
  expect(kit.present).toBe(1)
  expect(() => (kit as Record<string, unknown>)['absent']).toThrow(
    expect.objectContaining({ code: 801, data: { field: 'aKit.absent', reason: expect.any(String) } }),
  )
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
  expect(() => names(Object.assign(() => {}, { present: 1 }))).toThrow(expect.objectContaining({ code: 801 }))
  expect(() => names(undefined)).toThrow(expect.objectContaining({ code: 801 }))
})

test('the copy that esbuild makes for a default import is guarded too', () => {
  const module = provideModule('@ohos.x', { default: 3 }) as { __esModule: boolean; default: number }
  expect(module.__esModule).toBe(true)
  const copy = Object.create(Object.getPrototypeOf(module)) as Record<string, unknown>
  for (const key of Object.getOwnPropertyNames(module)) {
    Object.defineProperty(copy, key, { get: (): unknown => Reflect.get(module, key) })
  }
  expect(copy['default']).toBe(3)
  expect(() => copy['absent']).toThrow(expect.objectContaining({ code: 801 }))
})
