import { expect, test } from 'vitest'
import { LateAbort } from './late-abort.ts'

test('a signal that is wanted before the abort hears of it, one wanted after knows of it', () => {
  const early = new LateAbort()
  const { signal } = early
  const late = new LateAbort()
  expect(signal.aborted).toBe(false)
  for (const one of [early, late]) one.abort(new Error('first'))
  for (const one of [early, late]) one.abort(new Error('second'))
  expect(signal.reason).toEqual(new Error('first'))
  expect(late.signal.reason).toEqual(new Error('first'))
  expect(late.signal).toBe(late.signal)
})
