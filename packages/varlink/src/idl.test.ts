import { describe, expect, it } from 'vitest'
import { describeInterface } from './idl.ts'
import { defineInterface } from './interface.ts'
import { t } from './schema.ts'

describe('describeInterface', () => {
  it('writes every kind of type, and named types by their names', () => {
    const person = t.struct({ name: t.string, age: t.maybe(t.int) })
    const state = t.oneOf('up', 'down')
    const text = describeInterface(
      defineInterface('io.example', {
        doc: 'First line.\n\nThird line.',
        types: { Person: person, State: state },
        methods: {
          Watch: {
            doc: 'States as they come.',
            in: { who: person },
            out: { state },
            more: true,
            fdsIn: 2,
            fdsOut: 1,
          },
          All: {
            in: {},
            out: {
              flag: t.bool,
              ratio: t.float,
              any: t.json,
              people: t.array(person),
              byName: t.map(t.array(t.maybe(person))),
              color: t.maybe(t.oneOf('red', 'blue')),
              inner: t.struct({ empty: t.struct({}) }),
            },
          },
        },
        errors: { Lost: {}, Found: { where: t.string } },
      }),
    )
    expect(text).toBe(`# First line.
#
# Third line.
interface io.example

type Person (name: string, age: ?int)

type State (up, down)

# States as they come.
# [Supports 'more']
# [Takes up to 2 file descriptors]
# [Returns up to 1 file descriptors]
method Watch(who: Person) -> (state: State)

method All() -> (
  flag: bool,
  ratio: float,
  any: object,
  people: []Person,
  byName: [string][]?Person,
  color: ?(red, blue),
  inner: (empty: ())
)

error Lost ()

error Found (where: string)
`)
  })
})
