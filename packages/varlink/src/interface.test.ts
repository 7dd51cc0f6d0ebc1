import { describe, expect, expectTypeOf, it } from 'vitest'
import { type Call, implement, type WithFds, withFds } from './handler.ts'
import {
  defineInterface,
  type ErrorParameters,
  type MethodInput,
  type MethodName,
  type MethodOutput,
  type StreamMethodName,
} from './interface.ts'
import { t } from './schema.ts'

const person = t.struct({ name: t.string, age: t.maybe(t.int) })
const example = defineInterface('io.example', {
  types: { Person: person },
  methods: {
    Ping: { in: { text: t.string }, out: { text: t.string } },
    Watch: { in: {}, out: { level: t.oneOf('low', 'high') }, more: true },
    Open: { in: {}, out: {}, fdsOut: 1 },
    Everything: {
      in: {
        people: t.array(person),
        ratio: t.float,
        extra: t.json,
        counts: t.map(t.int),
        on: t.maybe(t.bool),
      },
      out: {},
    },
  },
  errors: { NotFound: { field: t.string, hint: t.maybe(t.string) } },
})
type Example = typeof example

function watch(_: unknown, call: Call<{ level: 'low' | 'high' }>): undefined {
  call.reply({ level: 'low' })
  return undefined
}

describe('the types of an interface', () => {
  it('follow from its definition', () => {
    expectTypeOf<MethodName<Example>>().toEqualTypeOf<'Ping' | 'Watch' | 'Open' | 'Everything'>()
    expectTypeOf<StreamMethodName<Example>>().toEqualTypeOf<'Watch'>()
    expectTypeOf<MethodInput<Example, 'Ping'>>().toEqualTypeOf<{ text: string }>()
    expectTypeOf<MethodOutput<Example, 'Watch'>>().toEqualTypeOf<{ level: 'low' | 'high' }>()
    expectTypeOf<MethodInput<Example, 'Everything'>>().toEqualTypeOf<{
      people: { name: string; age?: number | undefined }[]
      ratio: number
      extra: object
      counts: { [key: string]: number }
      on?: boolean | undefined
    }>()
    expectTypeOf<ErrorParameters<Example, 'NotFound'>>().toEqualTypeOf<{
      field: string
      hint?: string | undefined
    }>()
  })

  it('bind every handler', () => {
    const rest = { Open: () => withFds({}, []), Everything: () => ({}) }
    implement(example, {
      Ping: async ({ text }, call) => {
        expectTypeOf(text).toEqualTypeOf<string>()
        expectTypeOf(call).toEqualTypeOf<Call<{ text: string }>>()
        return await Promise.resolve({ text })
      },
      Watch: watch,
      ...rest,
    })
    // @ts-expect-error -- Ping answers with text
    implement(example, { Ping: () => ({ text: 5 }), Watch: watch, ...rest })
    // @ts-expect-error -- Ping carries no descriptors
    implement(example, { Ping: ({ text }) => withFds({ text }, []), Watch: watch, ...rest })
    // @ts-expect-error -- only a stream may end without an item
    implement(example, { Ping: () => undefined, Watch: watch, ...rest })
    expectTypeOf(withFds({ text: '' }, [])).toEqualTypeOf<WithFds<{ text: string }>>()
  })

  it('make a method without a handler a compile error, and a TypeError', () => {
    const handlers = { Ping: () => ({ text: '' }), Watch: () => undefined, Open: () => ({}) }
    // @ts-expect-error -- Everything is missing
    expect(() => implement(example, handlers)).toThrow('io.example.Everything has no handler')
  })
})

describe('defineInterface', () => {
  const methods = { Ping: { in: {}, out: {} } }
  it.each([
    ['example', { methods }, 'interface name'],
    ['io.exa_mple', { methods }, 'interface name'],
    ['io.example', { methods: { ping: { in: {}, out: {} } } }, '"ping"'],
    ['io.example', { methods: { Ping: { in: { _a: t.int }, out: {} } } }, 'io.example.Ping.in: "_a"'],
    ['io.example', { methods: { Ping: { in: {}, out: { a__b: t.int } } } }, 'io.example.Ping.out: "a__b"'],
    [
      'io.example',
      { methods: { Ping: { in: { a: t.oneOf('b-c') }, out: {} } } },
      'io.example.Ping.in.a: "b-c"',
    ],
    ['io.example', { methods: { Ping: { in: { a: t.maybe(t.maybe(t.int)) }, out: {} } } }, 'maybe of maybe'],
    ['io.example', { methods: { Ping: { in: {}, out: {}, fdsIn: 17 } } }, 'io.example.Ping.fdsIn: 17'],
    ['io.example', { methods, types: { Word: t.string } }, 'io.example.Word'],
    ['io.example', { methods, errors: { lost: {} } }, '"lost"'],
    [
      'io.example',
      { methods, errors: { Lost: { a: t.array(t.struct({ 'b c': t.int })) } } },
      'Lost.a: "b c"',
    ],
  ])('refuses what the grammar of Varlink does not allow: %s %j', (name, definition, place) => {
    expect(() => defineInterface(name, definition)).toThrow(place)
    expect(() => defineInterface(name, definition)).toThrow(TypeError)
  })
})
