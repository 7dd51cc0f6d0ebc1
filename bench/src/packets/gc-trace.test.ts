import { expect, it } from 'vitest'
import { busiestHeap, readCollection } from './gc-trace.ts'

const line = (heap: string, allocated: number, after: number): string =>
  `[27369:${heap}]       21 ms: pause=0.4 gc=s total_size_before=4074344 total_size_after=${after} allocated=${allocated} promoted=0`

it('reads a collection, and nothing else', () => {
  expect(readCollection(line('0x5cd7d90', 920_216, 3_137_576))).toEqual({
    heap: '0x5cd7d90',
    allocated: 920_216,
    used: 3_137_576,
  })
  expect(readCollection('some program says pause=1')).toBeUndefined()
})

it('finds the heap of the thread that works', () => {
  const collections = [
    line('0xa', 10, 1),
    line('0xb', 100, 2),
    line('0xa', 20, 3),
    line('0xb', 200, 4),
  ].flatMap((text) => readCollection(text) ?? [])
  expect(busiestHeap(collections).map(({ used }) => used)).toEqual([2, 4])
  expect(busiestHeap([])).toEqual([])
})
