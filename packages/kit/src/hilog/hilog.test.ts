import { expect, test } from 'vitest'

import type { LogLine } from '../runtime.ts'
import { formatHilog } from './format.ts'
import { hilogNamespace } from './hilog.ts'

test.each([
  ['%{public}s and %{private}s', ['a', 'b'], 'a and <private>'],
  ['plain %s is private', ['secret'], 'plain <private> is private'],
  ['%{public}d %{public}i', [3.9, -1], '3 -1'],
  ['%{public}x %{public}X', [255, 255n], 'ff FF'],
  ['%{public}o', [{ code: 401 }], '{"code":401}'],
  ['%{public}s', [{ code: 401 }], '{"code":401}'],
  ['100%% %{public}s', ['sure'], '100% sure'],
  ['%{public}s %{public}s', ['only one'], 'only one %{public}s'],
  ['too many', ['x'], 'too many'],
  ['%{public}s', [undefined], 'undefined'],
])('%s with %o', (format, values, expected) => {
  expect(formatHilog(format, values)).toBe(expected)
})

test('a value that JSON cannot carry is shown all the same', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  expect(formatHilog('%{public}o', [circular])).toContain('Circular')
})

test('one array holds the values, as a wrapper with rest parameters hands them on', () => {
  const lines: LogLine[] = []
  const hilog = hilogNamespace((line) => lines.push(line))
  hilog.info(1, 'tag', '%{public}s, %{public}s', ['a', 'b'])
  hilog.info(1, 'tag', '%{public}s, %{public}s', ['a', 'b'], 'c')
  expect(lines.map(({ message }) => message)).toEqual(['a, b', '["a","b"], c'])
})

test('each function writes its level, with a 16-bit domain and a short tag', () => {
  const lines: LogLine[] = []
  const hilog = hilogNamespace((line) => lines.push(line))
  hilog.debug(0x0000, 'tag', 'd')
  hilog.info(0x12345, 'tag', 'i')
  hilog.warn(1, 't'.repeat(40), 'w')
  hilog.error(1, 'tag', 'e')
  hilog.fatal(1, 'tag', '%{public}s', 'f')
  expect(lines).toEqual([
    { level: 'debug', domain: 0, tag: 'tag', message: 'd' },
    { level: 'info', domain: 0x2345, tag: 'tag', message: 'i' },
    { level: 'warn', domain: 1, tag: 't'.repeat(31), message: 'w' },
    { level: 'error', domain: 1, tag: 'tag', message: 'e' },
    { level: 'fatal', domain: 1, tag: 'tag', message: 'f' },
  ])
})

test('isLoggable knows levels and domains', () => {
  const hilog = hilogNamespace(() => undefined)
  expect(hilog.isLoggable(0, 'tag', hilog.LogLevel.INFO)).toBe(true)
  expect(hilog.isLoggable(0, 'tag', 2)).toBe(false)
  expect(hilog.isLoggable(0x10000, 'tag', hilog.LogLevel.INFO)).toBe(false)
})
