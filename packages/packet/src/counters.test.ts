import { expect, test } from 'vitest'

import { TrafficMeter } from './counters.ts'

test('packets, bytes, drops and batch sizes are counted', () => {
  const meter = new TrafficMeter()
  meter.add(100)
  meter.addMany(3, 250)
  meter.drop('denied')
  meter.drop('tooBig', 5)
  for (const size of [0, 1, 2, 3, 4, 7, 8, 511, 512, 100_000]) meter.endBatch(size)
  const { packets, bytes, batches, histogram, drops } = meter.read()
  expect({ packets, bytes, batches }).toEqual({ packets: 4, bytes: 350, batches: 9 })
  expect(histogram).toEqual([1, 2, 2, 1, 0, 0, 0, 0, 1, 2])
  expect(drops).toMatchObject({ denied: 1, tooBig: 5, malformed: 0 })
})

test('meters share memory without touching each other', () => {
  const memory = new SharedArrayBuffer(2 * TrafficMeter.size)
  const [first, second] = [new TrafficMeter(memory), new TrafficMeter(memory, TrafficMeter.size)]
  first.drop('interfaceDown', 7)
  second.add(1)
  expect(new TrafficMeter(memory, 0).read()).toMatchObject({ packets: 0, drops: { interfaceDown: 7 } })
  expect(new TrafficMeter(memory, TrafficMeter.size).read()).toMatchObject({
    packets: 1,
    drops: { interfaceDown: 0 },
  })
})
