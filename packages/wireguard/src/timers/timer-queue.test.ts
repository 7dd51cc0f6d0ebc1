import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Timed, TimerQueue } from './timer-queue.ts'

test('wakes everybody in time and in order, however often they change their minds', () => {
  const change = fc.tuple(
    fc.nat({ max: 19 }),
    fc.oneof(fc.nat({ max: 100 }), fc.constant(Number.POSITIVE_INFINITY)),
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(change, fc.nat({ max: 100 })), { maxLength: 200 }), (steps) => {
      const queue = new TimerQueue<Timed & { id: number }>()
      const items = Array.from({ length: 20 }, (_, id) => ({ id, wakeAt: Infinity, position: -1 }))
      const expected = new Map<number, number>()
      for (const step of steps) {
        if (typeof step === 'number') {
          const due = [...expected.values()].filter((at) => at <= step).toSorted((a, b) => a - b)
          const woken: number[] = []
          for (let item = queue.take(step); item !== undefined; item = queue.take(step)) {
            woken.push(expected.get(item.id) ?? Number.NaN)
            expected.delete(item.id)
          }
          expect(woken).toEqual(due)
        } else {
          const [id, at] = step
          const item = items[id]
          if (item !== undefined) queue.schedule(item, at)
          if (at === Infinity) expected.delete(id)
          else expected.set(id, at)
        }
        expect(queue.size).toBe(expected.size)
        expect(queue.nextAt).toBe(Math.min(...expected.values()))
      }
    }),
  )
})
