import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConnectionError } from './errors.ts'
import { decodeMessage, encodeMessage, type Message } from './message.ts'

const parameters = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 2 }))
/** JSON has no -0, for one. */
const plain = parameters.map((one): object => JSON.parse(JSON.stringify(one)))
const common = { id: fc.option(fc.nat(), { nil: undefined }), fds: fc.nat({ max: 16 }) }
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    kind: fc.constant('call' as const),
    ...common,
    method: fc.string(),
    parameters: plain,
    mode: fc.constantFrom('once' as const, 'more' as const, 'oneway' as const),
  }),
  fc.record({
    kind: fc.constant('reply' as const),
    ...common,
    error: fc.option(fc.string(), { nil: undefined }),
    parameters: plain,
    continues: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('cancel' as const), ...common }),
)

describe('messages', () => {
  it('read back as they were written, in one NUL-terminated piece', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const bytes = encodeMessage(message)
        expect(bytes.indexOf(0)).toBe(bytes.length - 1)
        expect(decodeMessage(bytes.subarray(0, -1))).toEqual(message)
      }),
    )
  })

  it('are plain Varlink where nothing of ours is needed', () => {
    const call = { kind: 'call', id: undefined, fds: 0, method: 'a.B', parameters: {}, mode: 'once' } as const
    expect(Buffer.from(encodeMessage(call)).toString()).toBe('{"method":"a.B","parameters":{}}\0')
    expect(decodeMessage(Buffer.from('{"method":"a.B","parameters":null,"x":1}'))).toStrictEqual(call)
  })

  it.each([
    '',
    'x',
    '[]',
    'null',
    '"text"',
    '{"method":5}',
    '{"method":"a.B","parameters":[]}',
    '{"method":"a.B","parameters":"x"}',
    '{"method":"a.B","more":1}',
    '{"method":"a.B","more":true,"oneway":true}',
    '{"error":7}',
    '{"parameters":{},"continues":"yes"}',
    '{"method":"a.B","fds":17}',
    '{"method":"a.B","fds":-1}',
    '{"method":"a.B","fds":0.5}',
    '{"method":"a.B","id":"1"}',
    '{"id":-1,"cancel":true}',
    '\ufeff{}',
    '{"a":1}{"b":2}',
  ])('refuse %j without repeating it', (text) => {
    expect(() => decodeMessage(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  it('refuse what is not UTF-8', () => {
    expect(() => decodeMessage(Buffer.from('{"method":"\xff"}', 'latin1'))).toThrow('not JSON in UTF-8')
  })

  it('never fail in another way', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(outcome(bytes)).toMatch(/^(call|reply|cancel|malformed)$/)
        },
      ),
    )
  })
})

function outcome(bytes: Uint8Array): string {
  try {
    return decodeMessage(bytes).kind
  } catch (error) {
    return error instanceof ConnectionError ? error.code : 'another error'
  }
}
