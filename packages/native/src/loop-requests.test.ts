import { stat } from 'node:fs/promises'
import { expect, test } from 'vitest'

import { loopRequests } from './index.ts'

test('requests are counted while they are under way', async () => {
  const before = loopRequests()
  const work = [stat('/'), stat('/'), stat('/')]
  expect(loopRequests()).toBe(before + 3)
  await Promise.all(work)
  expect(loopRequests()).toBeLessThan(before + 3)
})
