import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'

import { abortWith } from './abort-with.ts'

test('aborts with whichever signal aborts, and its reason', () => {
  const abort = new AbortController()
  const others = [new AbortController(), new AbortController()]
  using _link = abortWith(
    abort,
    others.map(({ signal }) => signal),
  )
  expect(abort.signal.aborted).toBe(false)
  const reason = new Error('the host ends')
  others[1]?.abort(reason)
  others[0]?.abort(new Error('later'))
  expect(abort.signal.reason).toBe(reason)
})

test('aborts at once with a signal that is aborted already', () => {
  const abort = new AbortController()
  using _link = abortWith(abort, [new AbortController().signal, AbortSignal.abort('gone')])
  expect(abort.signal.reason).toBe('gone')
})

test('leaves nothing behind at a signal that lives on, nor aborts with it later', () => {
  const abort = new AbortController()
  const long = new AbortController()
  const link = abortWith(abort, [long.signal])
  expect(getEventListeners(long.signal, 'abort')).toHaveLength(1)
  link[Symbol.dispose]()
  expect(getEventListeners(long.signal, 'abort')).toHaveLength(0)
  long.abort()
  expect(abort.signal.aborted).toBe(false)
})
