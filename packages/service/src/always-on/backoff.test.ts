import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Backoff } from './backoff.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** How long each of these restarts waits, in ms, when each run lasted `lastedMs`. */
function delays(backoff: Backoff, count: number, lastedMs: number): number[] {
  return Array.from({ length: count }, () => {
    const begin = Date.now()
    let waited = -1
    backoff.schedule('key', lastedMs, () => {
      waited = Date.now() - begin
    })
    vi.runAllTimers()
    return waited
  })
}

test('the delay doubles up to 128 times, and starts over after a run that lasted longer', () => {
  const backoff = new Backoff(100)
  expect(delays(backoff, 9, 0)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 12_800])
  expect(delays(backoff, 2, 12_801)).toEqual([100, 100])
  expect(delays(backoff, 1, 0)).toEqual([200])
})

test('what is cancelled does not happen, and the next delay is the first again', () => {
  const backoff = new Backoff(100)
  const restart = vi.fn()
  const other = vi.fn()
  backoff.schedule('key', 0, restart)
  backoff.schedule('other', 0, other)
  backoff.cancel((key) => key === 'key')
  vi.runAllTimers()
  expect(restart).not.toHaveBeenCalled()
  expect(other).toHaveBeenCalledTimes(1)
  expect(delays(backoff, 1, 0)).toEqual([100])
})

test('a second schedule for the same key replaces the first; none is taken after the end', () => {
  const backoff = new Backoff(100)
  const restart = vi.fn()
  backoff.schedule('key', 0, restart)
  backoff.schedule('key', 0, restart)
  vi.runAllTimers()
  expect(restart).toHaveBeenCalledTimes(1)
  backoff.schedule('key', 0, restart)
  backoff.close()
  backoff.schedule('key', 0, restart)
  vi.runAllTimers()
  expect(restart).toHaveBeenCalledTimes(1)
})
