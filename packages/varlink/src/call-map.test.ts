import fc from 'fast-check'
import { expect, test } from 'vitest'

import { CallMap } from './call-map.ts'

test('answers as a Map does, also after it was empty', () => {
  const step = fc.record({ set: fc.boolean(), id: fc.integer({ min: 0, max: 3 }) })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const calls = new CallMap<number>()
      const map = new Map<number, number>()
      for (const [at, { set, id }] of steps.entries()) {
        if (set) {
          calls.set(id, at)
          map.set(id, at)
        } else {
          calls.delete(id)
          map.delete(id)
        }
        expect([...calls.values()]).toEqual([...map.values()])
        expect([calls.has(id), calls.get(id)]).toEqual([map.has(id), map.get(id)])
      }
      calls.clear()
      expect([...calls.values()]).toEqual([])
    }),
  )
})
