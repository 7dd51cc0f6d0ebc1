import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

/** Each test has a module of its own, which has waited for nothing yet. */
let module: typeof import('./stay-awake.ts')
let turns: ReturnType<typeof vi.spyOn>
let now: number
beforeEach(async () => {
  vi.resetModules()
  module = await import('./stay-awake.ts')
  turns = vi.spyOn(globalThis, 'setImmediate')
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

/** Lets the loop turn, by real time, and counts how often it was asked to. */
async function turnsWhile(wait: () => Promise<unknown>): Promise<number> {
  const before = turns.mock.calls.length
  await wait()
  return turns.mock.calls.length - before
}

async function inVain(): Promise<void> {
  now += 1
  await turnsWhile(() => sleep(20))
}

test('the loop turns for a moment, and then sleeps again', async () => {
  module.stayAwake('next')
  module.stayAwake('next')
  // A second call does not make it turn twice as often.
  expect(turns).toHaveBeenCalledTimes(1)
  expect(await turnsWhile(() => sleep(20))).toBeGreaterThan(1)
  await inVain()
  expect(await turnsWhile(() => sleep(20))).toBe(0)
})

test('after waiting in vain occasions pass, each time twice as many, until something was heard', async () => {
  const attempts: number[] = []
  for (let occasion = 0; occasion < 30; occasion += 1) {
    const before = turns.mock.calls.length
    module.stayAwake('answer')
    if (turns.mock.calls.length > before) {
      attempts.push(occasion)
      if (attempts.length === 4) module.heard()
      await inVain()
    }
  }
  expect(attempts).toEqual([0, 2, 6, 14, 16, 20, 28])
})

test('what waiting for answers has come to says nothing about the next messages', async () => {
  module.stayAwake('answer')
  await inVain()
  const before = turns.mock.calls.length
  module.stayAwake('next')
  expect(turns.mock.calls.length).toBe(before + 1)
})

test('what comes of a message that was passed on is awaited longer than an answer', async () => {
  module.stayAwake('reaction')
  now = 0.2
  expect(await turnsWhile(() => sleep(20))).toBeGreaterThan(0)
  await inVain()
  now = 0
  module.stayAwake('answer')
  now = 0.2
  await turnsWhile(() => sleep(20))
  expect(await turnsWhile(() => sleep(20))).toBe(0)
})
