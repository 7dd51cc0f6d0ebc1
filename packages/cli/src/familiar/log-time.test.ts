import { expect, test } from 'vitest'
import { type LogFormat, logTime } from './log-time.ts'

const at = new Date(2026, 1, 3, 4, 5, 6, 7).getTime()

test.each<[LogFormat[], string | RegExp]>([
  [[], '02-03 04:05:06.007'],
  [['time', 'wrap', 'color', 'msec'], '02-03 04:05:06.007'],
  [['year', 'usec'], '2026-02-03 04:05:06.007000'],
  [['nsec', 'zone'], /^02-03 04:05:06\.007000000 [+-]\d{4}$/],
  [['epoch'], `${Math.floor(at / 1000)}.007`],
  [['monotonic', 'usec'], '61.004000'],
])('%j', (formats, expected) => {
  expect(logTime(at, new Set(formats), at - 61_004)).toMatch(expected)
})
