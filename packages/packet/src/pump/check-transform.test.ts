import { expect, test } from 'vitest'

import { checkTransform } from './check-transform.ts'

const plain = { fromTun() {}, fromUdp() {} }

test('an object with the methods of a transform is one, of whatever class', () => {
  class Counting {
    onTimer = (): void => {}
    fromTun(): void {}
    fromUdp(): void {}
    [Symbol.dispose](): void {}
  }
  for (const made of [plain, new Counting(), { ...plain, onMessage: plain.fromTun.bind(undefined) }])
    expect(checkTransform(made)).toBe(made)
})

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'transform: what was made is undefined'],
  ['a function', () => plain, 'transform: what was made is () => plain'],
  ['an object without methods', {}, 'transform: fromTun is undefined'],
  ['half of one', { fromTun() {} }, 'transform: fromUdp is undefined'],
  ['no function', { ...plain, onTimer: 5 }, 'transform: onTimer is 5'],
  ['an async function', { ...plain, async fromUdp() {} }, 'transform: fromUdp is an async function'],
  ['a generator', { ...plain, *fromTun() {} }, 'transform: fromTun is an async function or a generator'],
])('%s is none', (_what, made, text) => {
  expect(() => checkTransform(made)).toThrow(text)
  expect(() => checkTransform(made)).toThrow(TypeError)
})
