import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { REPLAY_REACH, ReplayWindow } from './replay-window.ts'

/** What the window is to do, kept the slow way: every counter ever seen. */
class Reference {
  readonly #seen = new Set<number>()
  #newest = 0

  accept(counter: number): boolean {
    if (this.#newest - counter > REPLAY_REACH || this.#seen.has(counter)) return false
    this.#seen.add(counter)
    this.#newest = Math.max(this.#newest, counter)
    return true
  }
}

const far = 2 ** 53 - 2 ** 13 - 2
const step = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -80, max: 80 }) },
  { weight: 2, arbitrary: fc.integer({ min: -REPLAY_REACH - 40, max: -REPLAY_REACH + 40 }) },
  { weight: 2, arbitrary: fc.integer({ min: REPLAY_REACH - 40, max: REPLAY_REACH + 80 }) },
  { weight: 1, arbitrary: fc.integer({ min: -9000, max: 20_000 }) },
)

test('accepts exactly what a set of all counters would', () => {
  const start = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 100_000 }),
    fc.integer({ min: 2 ** 32 - 99, max: 2 ** 32 + 99 }),
    fc.integer({ min: far - 40_000, max: far - 20_000 }),
  )
  fc.assert(
    fc.property(start, fc.array(step, { minLength: 1, maxLength: 300 }), (first, steps) => {
      const window = new ReplayWindow()
      const reference = new Reference()
      let newest = first
      for (const by of [0, ...steps]) {
        const counter = Math.min(far, Math.max(0, newest + by))
        expect([counter, window.accept(counter)]).toEqual([counter, reference.accept(counter)])
        newest = Math.max(newest, counter)
      }
    }),
    { numRuns: 500 },
  )
})

test('accepts each of many counters once, in any order within its reach', () => {
  const window = new ReplayWindow()
  const counters = Array.from({ length: REPLAY_REACH }, (_, index) => (index * 4001) % REPLAY_REACH)
  expect(counters.filter((counter) => window.accept(counter))).toHaveLength(REPLAY_REACH)
  expect(counters.filter((counter) => window.accept(counter))).toHaveLength(0)
})

test('reaches back over 8160 counters, and no further', () => {
  const window = new ReplayWindow()
  expect(window.accept(20_000)).toBe(true)
  expect(window.accept(20_000 - REPLAY_REACH)).toBe(true)
  expect(window.accept(20_000 - REPLAY_REACH - 1)).toBe(false)
})
