import { expect, test } from 'vitest'

import { Listeners } from './listeners.ts'

test('all listeners of an event hear, each once', () => {
  const heard: unknown[] = []
  const listeners = new Listeners(['event', 'other'])
  const listener = (value: unknown): number => heard.push(value)
  listeners.on('event', listener)
  listeners.on('event', listener)
  listeners.on('event', (value: unknown) => heard.push(`again ${String(value)}`))
  listeners.emit('event', 1)
  expect(heard).toEqual([1, 'again 1'])
})

test('or the last one of each event alone', () => {
  const heard: unknown[] = []
  const listeners = new Listeners(['event', 'other'], 'last')
  for (const word of ['first', 'second']) listeners.on('event', () => heard.push(word))
  listeners.on('other', () => heard.push('other'))
  listeners.emit('event')
  listeners.emit('other')
  expect(heard).toEqual(['second', 'other'])
  listeners.off('event')
  expect([listeners.isEmpty('event'), listeners.isEmpty('other')]).toEqual([true, false])
})

test('what is no listener leaves the one before', () => {
  const listeners = new Listeners(['event'], 'last')
  listeners.on('event', () => undefined)
  expect(() => listeners.on('event', 1)).toThrow(expect.objectContaining({ code: 401 }))
  expect(listeners.isEmpty('event')).toBe(false)
})
