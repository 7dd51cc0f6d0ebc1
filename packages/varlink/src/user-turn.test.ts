import { expect, test } from 'vitest'

import { UserTurn } from './user-turn.ts'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('one call begins in each turn of the event loop, in the order of asking', async () => {
  const turn = new UserTurn()
  const begun: number[] = []
  expect(turn.call()).toBeUndefined()
  for (const number of [1, 2, 3]) void turn.call()?.then(() => begun.push(number))
  await Promise.resolve()
  expect(begun).toEqual([])
  for (const expected of [[1], [1, 2], [1, 2, 3]]) {
    await nextTurn()
    expect(begun).toEqual(expected)
  }
  // Nobody waits any more, and the next one is in a turn of its own.
  await nextTurn()
  expect(turn.call()).toBeUndefined()
})

test('who has read for long reads no more in this turn, and does in the next', async () => {
  const turn = new UserTurn()
  expect(turn.mayRead).toBe(true)
  turn.read(() => {
    const begin = performance.now()
    while (performance.now() - begin < 20);
  })
  expect(turn.mayRead).toBe(false)
  await nextTurn()
  expect(turn.mayRead).toBe(true)
})
