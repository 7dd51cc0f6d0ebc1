import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { stayAwake } from './stay-awake.ts'

test('the loop turns for a moment, and then sleeps again', async () => {
  const turns = vi.spyOn(globalThis, 'setImmediate')
  try {
    stayAwake()
    stayAwake()
    // A second call does not make it turn twice as often.
    expect(turns).toHaveBeenCalledTimes(1)
    await sleep(100)
    const taken = turns.mock.calls.length
    await sleep(100)
    expect(turns).toHaveBeenCalledTimes(taken)
    stayAwake()
    expect(turns).toHaveBeenCalledTimes(taken + 1)
  } finally {
    turns.mockRestore()
  }
})
