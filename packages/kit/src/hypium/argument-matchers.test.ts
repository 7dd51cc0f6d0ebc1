import { expect, test } from 'vitest'

import { Matcher, argumentMatchers, isWanted } from './argument-matchers.ts'
import { matchObject } from './match-object.ts'
import { MockKit, when } from './mock-kit.ts'

/** A matcher by its name, made with a value where it takes one. */
function matcher(name: string, wanted?: unknown): Matcher {
  const found = argumentMatchers[name]
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found instanceof Matcher ? found : found(wanted)
}

test.each<[string, unknown, unknown[], unknown[]]>([
  ['any', undefined, ['', 0, false, {}], [undefined, null]],
  ['anyString', undefined, [''], [1, null]],
  ['anyObj', undefined, [{}, []], [null, 'a']],
  ['notString', undefined, [1, null, undefined], ['a']],
  ['notNumber', undefined, ['a'], [1]],
  ['notBoolean', undefined, [1], [true]],
  ['notObj', undefined, [1, 'a'], [{}]],
  ['notFunction', undefined, [1], [(): void => undefined]],
  ['matchRegexs', /b+/g, ['abb', 'abb'], ['ac', 5]],
  ['notMatchRegexs', /b/, ['ac'], ['abc', 5]],
  ['containSubstring', 'testA', ['testABBB'], ['test', 7]],
  ['notContainSubstring', 'testAAA', ['testABBB'], ['testAAA', 7]],
  ['containSubArray', [1, 2], [[1, 2, 3]], [[1, 3], '12']],
  ['notContainSubArray', [3, 4], [[1, 2, 3]], [[3, 4], 1]],
  ['containValue', 1, [[1, 2]], [[2], 1]],
  ['notContainValue', 4, [[1, 2]], [[4], 4]],
])('%s of %j takes %j, and not %j', (name, wanted, taken, refused) => {
  const found = matcher(name, wanted)
  expect(taken.map((value) => isWanted(found, value))).toEqual(taken.map(() => true))
  expect(refused.map((value) => isWanted(found, value))).toEqual(refused.map(() => false))
})

test('an object matches one with some of its members, by value, by matcher, and nested', () => {
  const peer = { name: 'a', port: 51_820, allowed: ['10.0.0.0/8'], endpoint: { host: 'x', port: 1 } }
  const wanted = { port: matcher('anyNumber'), allowed: ['10.0.0.0/8'], endpoint: { host: 'x' } }
  expect(matchObject(peer, wanted)).toMatchObject({ holds: true })
  expect(matchObject(peer, { name: 'b', key: 1, endpoint: { port: matcher('anyString') } })).toEqual({
    holds: false,
    message:
      'object does not match expected structure: name: actual=a, expected=b; ' +
      "property 'key' not found in actual object; " +
      'endpoint: object does not match expected structure: port: actual=1, expected=matcher(anyString)',
  })
  expect(matchObject(undefined, {})).toMatchObject({ holds: false })
})

test('static methods of a class are mocked, and whether something is mocked can be asked', () => {
  class Net {
    readonly name = 'tun0'
    static mtu = 1500
    static up(name: string): string {
      return `really ${name}`
    }
  }
  const kit = new MockKit()
  const stub = kit.mockFunc(Net, Net.up)
  expect(kit.isMocked(Net, 'up')).toBe(false)
  const answer = when(stub)('tun0') as { afterReturn(value: string): void }
  answer.afterReturn('mocked')
  kit.mockProperty(Net, 'mtu', 1280)
  expect([Net.up('tun0'), Net.mtu]).toEqual(['mocked', 1280])
  expect([kit.isMocked(Net, 'up'), kit.isMocked(Net, 'mtu'), kit.isMocked(Net, 'down')]).toEqual([
    true,
    true,
    false,
  ])
  kit.clear(Net)
  expect([Net.up('tun0'), Net.mtu, kit.isMocked(Net, 'up')]).toEqual(['really tun0', 1500, false])
})
