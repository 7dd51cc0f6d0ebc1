import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { stayAwake } from './stay-awake.ts'

test('the loop turns for a moment, and then sleeps again', async () => {
  const begin = performance.now()
  stayAwake()
  stayAwake()
  let turns = 0
  while (performance.now() - begin < 0.1) {
    await new Promise((resolve) => setImmediate(resolve))
    turns += 1
  }
  expect(turns).toBeGreaterThan(0)
  await sleep(50)
  const before = performance.eventLoopUtilization()
  await sleep(500)
  // A loop that never sleeps is at 1.
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
})
