import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conform, InvalidValueError } from './conform.ts'
import { type Schema, t } from './schema.ts'

const config = t.struct({
  mtu: t.maybe(t.int),
  routes: t.array(t.struct({ to: t.string, metric: t.maybe(t.float) })),
  flags: t.map(t.bool),
  mode: t.oneOf('fast', 'safe'),
})

function fieldOf(value: unknown): string {
  try {
    conform({ config }, value, '')
  } catch (error) {
    if (error instanceof InvalidValueError) return error.field
    throw error
  }
  return 'none'
}

const good = { config: { mtu: 1400, routes: [{ to: 'a' }, { to: 'b' }], flags: { x: true }, mode: 'fast' } }

describe('conform', () => {
  it('names the member that does not fit', () => {
    expect(fieldOf(good)).toBe('none')
    expect(fieldOf([])).toBe('parameters')
    expect(fieldOf({})).toBe('config')
    expect(fieldOf({ config: { ...good.config, mtu: 1.5 } })).toBe('config.mtu')
    expect(fieldOf({ config: { ...good.config, mtu: 2 ** 53 } })).toBe('config.mtu')
    expect(fieldOf({ config: { ...good.config, mode: 'slow' } })).toBe('config.mode')
    expect(fieldOf({ config: { ...good.config, routes: {} } })).toBe('config.routes')
    expect(fieldOf({ config: { ...good.config, routes: [{ to: 'a' }, { to: 5 }] } })).toBe(
      'config.routes[1].to',
    )
    expect(fieldOf({ config: { ...good.config, flags: { 'a b': 1 } } })).toBe('config.flags["a b"]')
    expect(fieldOf({ config: { ...good.config, routes: [{ to: 'a', metric: Infinity }] } })).toBe(
      'config.routes[0].metric',
    )
  })

  it('never repeats a value, which may be secret', () => {
    expect(() => conform({ key: t.int }, { key: 'hunter2' }, '')).toThrow(/^key must be an integer/)
  })

  it('leaves behind what the schema does not know, and what is only inherited', () => {
    expect(conform({ a: t.int }, { a: 1, b: 2 }, '')).toStrictEqual({ a: 1 })
    expect(() => conform({ toString: t.string }, {}, '')).toThrow('toString must be a string')
    expect(() => conform({ a: t.int }, Object.create({ a: 1 }), '')).toThrow('a must be an integer')
  })

  it('takes null and absence of a maybe for the same', () => {
    expect(conform({ a: t.maybe(t.int) }, { a: null }, '')).toStrictEqual({})
    expect(conform({ a: t.maybe(t.int) }, {}, '')).toStrictEqual({})
    expect(conform({ a: t.array(t.maybe(t.int)) }, { a: [1, null] }, '')).toStrictEqual({ a: [1, undefined] })
  })

  it('judges a plain object as one without a prototype, which goes another way', () => {
    const fields = {
      name: t.string,
      count: t.int,
      on: t.bool,
      list: t.array(t.string),
      note: t.maybe(t.string),
      size: t.maybe(t.int),
      kind: t.maybe(t.oneOf('a', 'b')),
    }
    const member = fc.oneof(
      fc.constantFrom(undefined, null, 1.5, 'a', {}, [], ['x'], [1]),
      fc.string(),
      fc.integer(),
      fc.boolean(),
    )
    const names = fc.constantFrom(...Object.keys(fields), 'other', 'toString', '__proto__')
    const right = { name: 'n', count: 1, on: true, list: [] }
    fc.assert(
      fc.property(fc.dictionary(names, member, { noNullPrototype: true }), fc.boolean(), (some, whole) => {
        const value: object = whole ? { ...right, ...some } : some
        const outcome = (candidate: object): unknown => {
          try {
            return { ...conform(fields, candidate, '') }
          } catch (error) {
            return String(error)
          }
        }
        expect(outcome(value)).toEqual(outcome(Object.assign(Object.create(null), value)))
      }),
    )
  })

  it('lets no key become a prototype', () => {
    const hostile: unknown = JSON.parse(
      '{"map":{"__proto__":1,"k":2},"json":{"__proto__":{"admin":true},"k":3}}',
    )
    const copy = conform({ map: t.map(t.int), json: t.json }, hostile, '')
    expect(Object.getPrototypeOf(Reflect.get(copy, 'map'))).toBe(Object.prototype)
    expect(JSON.stringify(copy)).toBe('{"map":{"__proto__":1,"k":2},"json":{"k":3}}')
  })

  it('passes JSON objects on unchanged, and nothing else', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (object) => {
        delete object['__proto__']
        const plain: unknown = JSON.parse(JSON.stringify(object))
        const copy = conform({ json: t.json }, { json: plain }, '')
        expect(JSON.stringify(Reflect.get(copy, 'json'))).toBe(JSON.stringify(plain, withoutProto))
      }),
    )
    const refused: [unknown, Schema][] = [
      [[], t.json],
      [null, t.json],
      ['text', t.json],
      [{ a: 1n }, t.json],
      [{ a: [() => 1] }, t.json],
      [{ a: NaN }, t.json],
    ]
    for (const [json, schema] of refused)
      expect(() => conform({ json: schema }, { json }, '')).toThrow(/^json/)
  })

  it('stops at 64 levels, so that no stack overflows', () => {
    expect(() => conform({ json: t.json }, { json: nested(64) }, '')).not.toThrow()
    expect(() => conform({ json: t.json }, { json: nested(65) }, '')).toThrow('nested deeper than 64')
    expect(() => conform({ json: t.json }, { json: nested(5000) }, '')).toThrow('nested deeper than 64')
  })
})

function withoutProto(this: object, key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}

function nested(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
}
